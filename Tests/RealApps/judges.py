"""Whether a row of another program lets a password in: each program's own way, written a second time with other people's
libraries (bcrypt, argon2-cffi, Django, hashlib), so that a mistake in Sparekey is not repeated by its judge."""

import base64
import hashlib
import hmac
import json

import argon2
import bcrypt
import passlib.hash
from django.conf import settings
from django.contrib.auth import hashers

settings.configure(PASSWORD_HASHERS=[f"django.contrib.auth.hashers.{name}PasswordHasher" for name in (
    "PBKDF2", "Argon2", "BCryptSHA256", "Scrypt")])


def django(row, password):
    return hashers.check_password(password, row["password"])


def bcrypt_as(prefix, cost, column="password"):
    """A program that understands one prefix of bcrypt and writes one cost."""
    def judge(row, password):
        stored = row[column]
        if not stored.startswith(f"{prefix}{cost:02}$") or len(stored) != 60:
            return None
        return bcrypt.checkpw(password.encode(), stored.encode())
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


def nextcloud(row, password):
    """lib/private/Security/Hasher.php: a version, a bar, and what password_verify reads."""
    version, stored = row["password"].split("|", 1)
    if version == "3":
        return _argon2(stored, password, "$argon2id$v=19$m=65536,t=4,p=1$")
    return _php_bcrypt(stored, password) if version == "1" else None


def wordpress(row, password):
    """wp_check_password: from 6.8 on $wp in front of bcrypt is of another digest; bcrypt alone is read by every version."""
    stored = row["user_pass"]
    if not stored.startswith("$wp"):
        return _php_bcrypt(stored, password)
    digest = hmac.new(b"wp-sha384", password.strip().encode(), hashlib.sha384).digest()
    return _php_bcrypt(stored[3:], base64.b64encode(digest).decode())


def mediawiki(row, password):
    """includes/password/Pbkdf2Password.php; the reset of a text in a column of bytes stays text where SQLite has it so."""
    stored = row["user_password"]
    if not isinstance(stored, str):
        return None
    _, kind, name, rounds, length, salt, key = stored.split(":")
    if kind != "pbkdf2" or int(rounds) < 30000 or len(row["user_token"]) != 32:
        return None
    made = hashlib.pbkdf2_hmac(name, password.encode(), base64.b64decode(salt), int(rounds), int(length))
    return base64.b64encode(made).decode() == key


def jellyfin(row, password):
    _, name, rounds, salt, key = row["Password"].split("$")
    if (name, rounds, len(salt), len(key)) != ("PBKDF2-SHA512", "iterations=210000", 32, 128):
        return None
    return hashlib.pbkdf2_hmac("sha512", password.encode(), bytes.fromhex(salt), 210000, 64).hex().upper() == key


def sonarr(row, password):
    salt = base64.b64decode(row["Salt"], validate=True)
    if len(salt) != 16:
        return None
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, row["Iterations"], 32)
    return base64.b64encode(key).decode() == row["Password"]


def metabase(row, password):
    """metabase.util.password: bcrypt of the salt and the password, one after the other."""
    if not row["password"].startswith("$2a$10$"):
        return None
    return bcrypt.checkpw((row["password_salt"] + password).encode(), row["password"].encode())


def odoo(row, password):
    """odoo/addons/base/models/res_users.py leaves it to passlib."""
    if not row["password"].startswith("$pbkdf2-sha512$600000$"):
        return None
    return passlib.hash.pbkdf2_sha512.verify(password, row["password"])


def keycloak(row, password):
    secret, how = json.loads(row["secret_data"]), json.loads(row["credential_data"])
    if (how["algorithm"], how["hashIterations"]) != ("pbkdf2-sha512", 210000):
        return None
    key = base64.b64decode(secret["value"])
    return hashlib.pbkdf2_hmac("sha512", password.encode(), base64.b64decode(secret["salt"]), 210000, len(key)) == key


def discourse(row, password):
    """lib/pbkdf2.rb: the salt is taken as the text it is."""
    if row["password_algorithm"] != "$pbkdf2-sha256$i=600000,l=32$" or len(row["password_salt"]) != 32:
        return None
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), row["password_salt"].encode(), 600000, 32)
    return key.hex() == row["password_hash"]


def kavita(row, password):
    """ASP.NET Core Identity, version 3: a marker, PRF 2 (HMAC-SHA512), rounds, length of the salt, the salt, the key."""
    stored = base64.b64decode(row["PasswordHash"], validate=True)
    kind, prf, rounds, length = stored[0], *(int.from_bytes(stored[at:at + 4], "big") for at in (1, 5, 9))
    if (kind, prf, rounds, length, len(stored)) != (1, 2, 100000, 16, 61):
        return None
    return hashlib.pbkdf2_hmac("sha512", password.encode(), stored[13:29], rounds, 32) == stored[29:]


def _php_bcrypt(stored, password):
    """password_verify knows $2y$ only."""
    if not stored.startswith("$2y$10$") or len(stored) != 60:
        return None
    return bcrypt.checkpw(password.encode(), stored.encode())


def _argon2id(stored, password):
    return _argon2(stored, password, "$argon2id$v=19$m=19456,t=2,p=1$")


def _argon2(stored, password, prefix):
    if not stored.startswith(prefix):
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
