#!/usr/bin/env python3
"""Verify stored passwords with other programs' libraries.

Reads lines `format<TAB>password<TAB>hash` (UTF-8) and says for each whether the other side accepts it and refuses
another password. Exits 1 if any line failed.

    pip install argon2-cffi bcrypt passlib Django werkzeug
    cross_check.py < lines

php and doveadm on the path check what Nextcloud, WordPress, MediaWiki, OpenLDAP and Dovecot read.
"""
import base64
import hashlib
import hmac
import subprocess
import sys
import warnings

warnings.simplefilter("ignore")

import argon2
import bcrypt
from passlib.hash import pbkdf2_sha1, pbkdf2_sha256, pbkdf2_sha512, scrypt, sha256_crypt, sha512_crypt

from werkzeug.security import check_password_hash

from django.conf import settings

settings.configure()
from django.contrib.auth import hashers

try:
    import crypt
except ImportError:
    import legacycrypt as crypt


def by_argon2(password, stored):
    try:
        return argon2.PasswordHasher().verify(stored, password)
    except argon2.exceptions.VerifyMismatchError:
        return False


def by_bcrypt(password, stored):
    return bcrypt.checkpw(password.encode(), stored.encode())


def by_crypt(password, stored):
    return hmac.compare_digest(crypt.crypt(password, stored) or "", stored)


def by_phc_pbkdf2(password, stored):
    _, identifier, numbers, salt, key = stored.split("$")
    numbers = dict(part.split("=") for part in numbers.split(","))
    digest = identifier.partition("-")[2] or "sha1"
    made = hashlib.pbkdf2_hmac(digest, password.encode(), unbase64(salt), int(numbers["i"]), int(numbers["l"]))
    return hmac.compare_digest(made, unbase64(key))


def unbase64(text):
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def php(code, *arguments):
    return subprocess.run(["php", "-r", code, "--", *arguments], capture_output=True, text=True, check=True).stdout


def by_php(password, stored):
    return php("echo password_verify($argv[1], $argv[2]) ? 'yes' : 'no';", password, stored) == "yes"


def by_wordpress(password, stored):
    digest = php("echo base64_encode(hash_hmac('sha384', trim($argv[1]), 'wp-sha384', true));", password)
    return by_php(digest, stored.removeprefix("$wp"))


def by_mediawiki(password, stored):
    _, _, digest, rounds, length, salt, key = stored.split(":")
    code = "echo base64_encode(hash_pbkdf2($argv[1], $argv[2], base64_decode($argv[3]), $argv[4], $argv[5], true));"
    return hmac.compare_digest(php(code, digest, password, salt, rounds, length), key)


def by_jellyfin(password, stored):
    _, _, rounds, salt, key = stored.split("$")
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), bytes.fromhex(salt), int(rounds.split("=")[1]))
    return made.hex().upper() == key


def by_aspnet(password, stored):
    blob = base64.b64decode(stored, validate=True)
    digest, rounds, length = (int.from_bytes(blob[start:start + 4], "big") for start in (1, 5, 9))
    salt, key = blob[13:13 + length], blob[13 + length:]
    made = hashlib.pbkdf2_hmac(["sha1", "sha256", "sha512"][digest], password.encode(), salt, rounds, len(key))
    return blob[0] == 1 and hmac.compare_digest(made, key)


def by_doveadm(password, stored):
    return subprocess.run(["doveadm", "pw", "-p", password, "-t", stored], capture_output=True).returncode == 0


def by_argon2_label(password, stored):
    return by_argon2(password, stored.removeprefix("{ARGON2}"))


CHECKS = {
    "argon2id": by_argon2, "argon2i": by_argon2, "argon2d": by_argon2,
    "bcrypt": by_bcrypt, "yescrypt": by_crypt, "md5-crypt": by_crypt,
    "sha512-crypt": sha512_crypt.verify, "sha256-crypt": sha256_crypt.verify,
    "pbkdf2-sha1": by_phc_pbkdf2, "pbkdf2-sha256": by_phc_pbkdf2, "pbkdf2-sha512": by_phc_pbkdf2,
    "passlib-pbkdf2-sha1": pbkdf2_sha1.verify, "passlib-pbkdf2-sha256": pbkdf2_sha256.verify,
    "passlib-pbkdf2-sha512": pbkdf2_sha512.verify, "scrypt": scrypt.verify,
    "django-pbkdf2-sha256": hashers.PBKDF2PasswordHasher().verify, "django-argon2id": hashers.Argon2PasswordHasher().verify,
    "django-bcrypt-sha256": hashers.BCryptSHA256PasswordHasher().verify, "django-scrypt": hashers.ScryptPasswordHasher().verify,
    "werkzeug-scrypt": lambda password, stored: check_password_hash(stored, password),
    "werkzeug-pbkdf2-sha256": lambda password, stored: check_password_hash(stored, password),
    "werkzeug-pbkdf2-sha512": lambda password, stored: check_password_hash(stored, password),
    "nextcloud-argon2id": lambda password, stored: by_php(password, stored[2:]),
    "nextcloud-bcrypt": lambda password, stored: by_php(password, stored[2:]), "wordpress-bcrypt": by_wordpress,
    "mediawiki-pbkdf2-sha512": by_mediawiki, "mediawiki-pbkdf2-sha256": by_mediawiki,
    "jellyfin-pbkdf2-sha512": by_jellyfin, "aspnet-identity-sha512": by_aspnet, "aspnet-identity-sha256": by_aspnet,
    "home-assistant-bcrypt": lambda password, stored: by_bcrypt(password, base64.b64decode(stored).decode()),
    "ldap-argon2id": by_argon2_label, "ldap-bcrypt": by_doveadm, "ldap-yescrypt": by_doveadm,
    "ldap-sha512-crypt": by_doveadm, "ldap-sha256-crypt": by_doveadm, "dovecot-argon2id": by_doveadm,
    "dovecot-bcrypt": by_doveadm, "dovecot-sha512-crypt": by_doveadm, "dovecot-sha256-crypt": by_doveadm,
}


def outcome(name, password, stored):
    check = CHECKS.get(name)
    if check is None:
        return "no checker for this format"
    try:
        if not check(password, stored):
            return "refused"
        if check(another(password), stored):
            return "accepts another password too"
    except Exception as error:  # whatever the other library says, the line has failed
        return f"{type(error).__name__}"
    return None


def another(password):
    """A password of the same length, or bcrypt's library would refuse it for being too long."""
    return ("y" if password[:1] == "x" else "x") + password[1:]


def main():
    failed = count = 0
    for number, line in enumerate(sys.stdin, start=1):
        name, password, stored = line.rstrip("\n").split("\t")
        problem = outcome(name, password, stored)
        count += 1
        failed += problem is not None
        print(f"{'not ok' if problem else 'ok'} {number} {name}{': ' + problem if problem else ''}")
    print(f"{count - failed} of {count} accepted")
    return 1 if failed or not count else 0


sys.exit(main())
