"""Whether a row of another program lets a password in: each program's own way, written a second time with other people's
libraries (bcrypt, argon2-cffi, Django, hashlib), so that a mistake in Sparekey is not repeated by its judge."""

import base64
import hashlib

import argon2
import bcrypt
from django.conf import settings
from django.contrib.auth import hashers

settings.configure(PASSWORD_HASHERS=[f"django.contrib.auth.hashers.{name}PasswordHasher" for name in (
    "PBKDF2", "Argon2", "BCryptSHA256", "Scrypt")])


def django(row, password):
    return hashers.check_password(password, row["password"])


def bcrypt_as(prefix, cost):
    """A program that understands one prefix of bcrypt and writes one cost."""
    def judge(row, password):
        if not row["password"].startswith(f"{prefix}{cost:02}$") or len(row["password"]) != 60:
            return None
        return bcrypt.checkpw(password.encode(), row["password"].encode())
    return judge


def listsome(row, password):
    return _argon2id(row["password_hash"], password)


def flashcard_flow(row, password):
    """All three credentials, or None where they are not of one password."""
    key = hashlib.sha1(f"{row['username']}:{password}".encode()).hexdigest()
    answers = {_argon2id(row["password_hash"], password), row["hkey"] == key, _pbkdf2(row["pbkdf2_hash"], password)}
    return answers.pop() if len(answers) == 1 else None


def gitea(row, password):
    """modules/auth/password/hash: a salt of ten characters is taken as it stands, any other is hexadecimal."""
    name, rounds, length = row["passwd_hash_algo"].split("$")
    salt = row["salt"].encode() if len(row["salt"]) == 10 else bytes.fromhex(row["salt"])
    if name != "pbkdf2" or int(rounds) < 50000 or len(row["passwd"]) != 2 * int(length):
        return None
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, int(rounds), int(length)).hex() == row["passwd"]


def grafana(row, password):
    return hashlib.pbkdf2_hmac("sha256", password.encode(), row["salt"].encode(), 10000, 50).hex() == row["password"]


def _argon2id(stored, password):
    if not stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$"):
        return None
    try:
        return argon2.PasswordHasher().verify(stored, password)
    except argon2.exceptions.VerifyMismatchError:
        return False


def _pbkdf2(stored, password):
    """RustCrypto's PHC form: standard base64 without its padding."""
    _, name, parameters, salt, key = stored.split("$")
    if (name, parameters) != ("pbkdf2-sha256", "i=600000,l=32"):
        return None
    salt, key = (base64.b64decode(text + "=" * (-len(text) % 4), validate=True) for text in (salt, key))
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 600000, 32) == key
