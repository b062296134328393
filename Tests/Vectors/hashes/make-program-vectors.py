#!/usr/bin/env python3
"""Write programs.tsv: stored passwords as programs write them, for the PasswordHashing tests.

    pip install argon2-cffi bcrypt passlib werkzeug
    python3 make-program-vectors.py [WORDPRESS] > programs.tsv

Needs php and doveadm on the path: every value is made by a library and then accepted by the program, or by the code
that the program calls, or the script ends. WORDPRESS is the folder of an installed WordPress 6.7 or older, whose
class-phpass.php is asked. Salts are derived from labels, so that the same versions write the same file. Columns as in
vectors.tsv.
"""
import base64
import hashlib
import hmac
import os
import subprocess
import sys
from importlib.metadata import version

try:
    import crypt
except ImportError:
    import legacycrypt as crypt

import argon2
import bcrypt
import passlib
from passlib.hash import (
    apr_md5_crypt, ldap_md5, ldap_salted_md5, ldap_salted_sha1, ldap_salted_sha256, ldap_salted_sha512, ldap_sha1,
    md5_crypt, phpass, sha256_crypt, sha512_crypt)
from werkzeug.security import _hash_internal, check_password_hash

WORDS = ["a", "", "password", "pässwörd ẞ 密码 🔑", "correct horse battery staple " * 2]
LONG = "correct horse battery staple " * 8
PASSLIB = f"passlib {passlib.__version__}"
ARGON2 = f"argon2-cffi {version('argon2-cffi')}"
BCRYPT = f"bcrypt {version('bcrypt')}"


def salt(label, count):
    return hashlib.shake_128(label.encode()).digest(count)


def letters(label, count):
    return salt(label, count).hex()[:count]


def row(scheme, word, stored, source, verdict="correct"):
    print(verdict, scheme, word.encode().hex() or "-", stored, source, sep="\t")


def b64(data):
    return base64.b64encode(data).decode()


def php(code, *arguments):
    return subprocess.run(["php", "-r", code, "--", *arguments], capture_output=True, text=True, check=True).stdout


def php_accepts(word, stored):
    """password_verify, as Nextcloud and WordPress call it."""
    if php("echo password_verify($argv[1], $argv[2]) ? 'yes' : 'no';", word, stored) != "yes":
        sys.exit(f"PHP refuses {stored}")


def doveadm_accepts(word, stored):
    # An empty password would be asked for.
    if word and subprocess.run(["doveadm", "pw", "-p", word, "-t", stored], capture_output=True).returncode != 0:
        sys.exit(f"doveadm refuses {stored}")


def argon2_text(word, kind=argon2.Type.ID, m=32, t=2, p=1):
    raw = salt(f"{kind} {m} {t} {p} {word}", 16)
    return argon2.low_level.hash_secret(word.encode(), raw, t, m, p, 32, kind).decode()


def bcrypt_text(secret, label, variant="2y", cost=4):
    standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    own = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    spelled = b64(salt(label, 16)).rstrip("=").translate(str.maketrans(standard, own))
    return bcrypt.hashpw(secret, f"$2b${cost:02}${spelled}".encode()).decode().replace("$2b$", f"${variant}$", 1)


def werkzeug_rows():
    source = f"Werkzeug {version('werkzeug')}"
    methods = {
        "werkzeug-scrypt": "scrypt:128:8:1", "werkzeug-pbkdf2-sha256": "pbkdf2:sha256:1000",
        "werkzeug-pbkdf2-sha512": "pbkdf2:sha512:1000", "werkzeug-pbkdf2-sha1": "pbkdf2:sha1:1000",
    }
    cases = [(name, method, word) for word in WORDS + [LONG] for name, method in methods.items()]
    cases += [
        ("werkzeug-scrypt", "scrypt:32768:8:1", "password"),
        ("werkzeug-pbkdf2-sha256", "pbkdf2:sha256:1000000", "password"),
    ]
    for name, method, word in cases:
        text = letters(f"{name} {word}", 16)
        hashed, spelled = _hash_internal(method, text, word)
        stored = f"{spelled}${text}${hashed}"
        assert check_password_hash(stored, word)
        row(name, word, stored, source)


def php_rows():
    """Nextcloud: a number and what password_hash writes. WordPress 6.8: as wp_hash_password calls it."""
    for word in WORDS:
        for name, label, plain, source in [
            ("nextcloud-argon2id", "3|", argon2_text(word), ARGON2),
            ("nextcloud-argon2i", "2|", argon2_text(word, argon2.Type.I), ARGON2),
            ("nextcloud-bcrypt", "1|", bcrypt_text(word.encode(), f"nextcloud {word}"), BCRYPT),
        ]:
            php_accepts(word, plain)
            row(name, word, label + plain, f"{source}; PHP accepts")
    row("nextcloud-argon2id", "password", "3|" + argon2_text("password", m=65536, t=4), ARGON2)
    row("nextcloud-bcrypt", "password", "1|" + bcrypt_text(b"password", "ten", cost=10), BCRYPT)
    digest = "echo base64_encode(hash_hmac('sha384', trim($argv[1]), 'wp-sha384', true));"
    for word in WORDS + [LONG, " \t blank around it \n"]:
        hashed = php(digest, word)
        plain = bcrypt_text(hashed.encode(), f"wordpress {word}")
        php_accepts(hashed, plain)
        row("wordpress-bcrypt", word, "$wp" + plain, "PHP, as wp_hash_password 6.8")
    row("wordpress-bcrypt", "password",
        "$wp" + bcrypt_text(php(digest, "password").encode(), "wordpress", cost=10), "PHP, as wp_hash_password 6.8")


def phpass_rows(wordpress):
    check = ("require $argv[1] . '/wp-includes/class-phpass.php'; $hasher = new PasswordHash(8, true);"
             "echo $hasher->CheckPassword($argv[2], $argv[3]) ? 'yes' : 'no';")
    cases = [(word, 7, "P") for word in WORDS + [LONG]] + [("password", 7, "H"), ("password", 13, "P")]
    for word, rounds, ident in cases:
        text = letters(f"phpass {word}", 8)
        stored = phpass.using(rounds=rounds, salt=text, ident=f"${ident}$").hash(word)
        if wordpress and php(check, wordpress, word, stored) != "yes":
            sys.exit(f"WordPress refuses {stored}")
        row("phpass", word, stored, f"{PASSLIB}; WordPress 6.1 accepts", "correct" if ident == "P" else "alternate")
    # passlib's own known answers, from phpass's test.
    row("phpass", "test12345", "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0", f"{PASSLIB} tests", "alternate")


def mediawiki_rows():
    code = ("echo base64_encode(hash_pbkdf2($argv[1], $argv[2], base64_decode($argv[3]), (int)$argv[4],"
            " (int)$argv[5], true));")
    for digest, length in [("sha512", 64), ("sha256", 32)]:
        cases = [(word, 1000, length) for word in WORDS + [LONG]] + [("password", 30000, length), ("password", 7, 20)]
        for word, rounds, size in cases:
            text = b64(salt(f"mediawiki {digest} {word} {rounds}", 16))
            key = php(code, digest, word, text, str(rounds), str(size))
            row(f"mediawiki-pbkdf2-{digest}", word, f":pbkdf2:{digest}:{rounds}:{size}:{text}:{key}",
                "PHP, as Pbkdf2Password 1.39", "correct" if size == length else "alternate")


def jellyfin_rows():
    for word in WORDS + [LONG]:
        for name, label, digest, length in [
            ("jellyfin-pbkdf2-sha512", "PBKDF2-SHA512", "sha512", 64), ("jellyfin-pbkdf2-sha1", "PBKDF2", "sha1", 32),
        ]:
            raw = salt(f"{name} {word}", 16)
            key = hashlib.pbkdf2_hmac(digest, word.encode(), raw, 1000, length)
            row(name, word, f"${label}$iterations=1000${raw.hex().upper()}${key.hex().upper()}", "hashlib")
    raw = salt("jellyfin", 16)
    key = hashlib.pbkdf2_hmac("sha512", b"password", raw, 210_000).hex().upper()
    row("jellyfin-pbkdf2-sha512", "password", f"$PBKDF2-SHA512$iterations=210000${raw.hex().upper()}${key}", "hashlib")


def aspnet(prf, word, rounds, salt_length=16, length=32):
    raw = salt(f"aspnet {prf} {word}", salt_length)
    digest = ["sha1", "sha256", "sha512"][prf]
    header = b"\x01" + b"".join(n.to_bytes(4, "big") for n in [prf, rounds, salt_length])
    return b64(header + raw + hashlib.pbkdf2_hmac(digest, word.encode(), raw, rounds, length))


def aspnet_rows():
    """Known answers of src/Identity/test/Identity.Test/PasswordHasherTest.cs, dotnet/aspnetcore 03741a0a, but for those
    with keys of lengths that Identity never makes: they stand in refused.tsv."""
    names = ["aspnet-identity-sha1", "aspnet-identity-sha256", "aspnet-identity-sha512"]
    for name, stored in [
        ("aspnet-identity-v2", "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg=="),
        ("aspnet-identity-v2", "ANXrDknc7fGPpigibZXXZFMX4aoqz44JveK6jQuwY3eH/UyPhvr5xTPeGYEckLxz9A=="),
        (names[1], "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw=="),
        (names[1], "AQAAAAEAA9CQAAAAIESkQuj2Du8Y+kbc5lcN/W/3NiAZFEm11P27nrSN5/tId+bR1SwV8CO1Jd72r4C08OLvplNlCDc3oQZ8efcW"
         "+jQ="),
    ]:
        row(name, "my password", stored, "ASP.NET Core PasswordHasherTest.cs")
    for prf, name in enumerate(names):
        for word in WORDS + [LONG]:
            row(name, word, aspnet(prf, word, 1000), "hashlib")
    row(names[2], "password", aspnet(2, "password", 100_000), "hashlib")


def bcrypt_rows():
    for word in WORDS:
        plain = bcrypt_text(word.encode(), f"home {word}", variant="2b")
        assert bcrypt.checkpw(word.encode(), plain.encode())
        row("home-assistant-bcrypt", word, b64(plain.encode()), BCRYPT)
    row("home-assistant-bcrypt", "password", b64(bcrypt_text(b"password", "home", "2b", 12).encode()), BCRYPT)


def node_rows():
    for word, rounds in [(word, 1) for word in WORDS + [LONG]] + [("password", 5)]:
        text = letters(f"node {word}", 8)
        made = word
        for _ in range(rounds):
            made = hmac.new(text.encode(), made.encode(), "sha1").hexdigest()
        row("node-password-hash-sha1", word, f"sha1${text}${rounds}${made}", "hmac, as password-hash 1.2")


def label_rows():
    crypts = {
        "sha512-crypt": ("{SHA512-CRYPT}", lambda word, text: sha512_crypt.using(rounds=1000, salt=text).hash(word)),
        "sha256-crypt": ("{SHA256-CRYPT}", lambda word, text: sha256_crypt.using(rounds=1000, salt=text).hash(word)),
        "md5-crypt": ("{MD5-CRYPT}", lambda word, text: md5_crypt.using(salt=text[:8]).hash(word)),
        "bcrypt": ("{BLF-CRYPT}", lambda word, text: bcrypt_text(word.encode(), text)),
        "argon2id": ("{ARGON2ID}", lambda word, text: argon2_text(word)),
        "argon2i": ("{ARGON2I}", lambda word, text: argon2_text(word, argon2.Type.I, t=3)),
    }
    for word in WORDS:
        for name, (label, made) in crypts.items():
            plain = made(word, letters(f"{name} {word}", 16))
            doveadm_accepts(word, label + plain)
            row(f"dovecot-{name}", word, label + plain, f"{PASSLIB} and others; doveadm accepts")
            if name.startswith("argon2"):
                row(f"ldap-{name}", word, "{ARGON2}" + plain, f"{ARGON2}")
            else:
                doveadm_accepts(word, "{CRYPT}" + plain)
                row(f"ldap-{name}", word, "{CRYPT}" + plain, f"{PASSLIB} and others; doveadm accepts")
    for word in WORDS:
        made = "{CRYPT}" + crypt.crypt(word, "$y$j75$abcdefghijklmnopqrstu/")
        doveadm_accepts(word, made)
        row("ldap-yescrypt", word, made, "crypt(3); doveadm accepts")
    row("ldap-sha512-crypt", "password",
        "{crypt}" + sha512_crypt.using(rounds=5000, salt="saltstringsaltst").hash("password"), PASSLIB, "alternate")


def digest_rows():
    cases = {
        "ldap-sha1": ldap_sha1, "ldap-ssha1": ldap_salted_sha1, "ldap-ssha256": ldap_salted_sha256,
        "ldap-ssha512": ldap_salted_sha512, "ldap-md5": ldap_md5, "ldap-smd5": ldap_salted_md5,
    }
    for word in WORDS + [LONG]:
        for name, handler in cases.items():
            using = handler.using(salt=salt(f"{name} {word}", 8)) if "_salted_" in handler.name else handler
            stored = using.hash(word)
            # {MD5} is another scheme to Dovecot.
            if name != "ldap-md5":
                doveadm_accepts(word, stored)
            row(name, word, stored, f"{PASSLIB}; doveadm accepts" if name != "ldap-md5" else PASSLIB)
        for digest in ["sha256", "sha512"]:
            stored = "{%s}%s" % (digest.upper(), b64(hashlib.new(digest, word.encode()).digest()))
            doveadm_accepts(word, stored)
            row(f"ldap-{digest}", word, stored, "hashlib; doveadm accepts")
        row("apr1", word, apr_md5_crypt.using(salt=letters(f"apr1 {word}", 8)).hash(word), PASSLIB)
        text = letters(f"dovecot {word}", 16)
        key = hashlib.pbkdf2_hmac("sha1", word.encode(), text.encode(), 1000).hex()
        doveadm_accepts(word, "{PBKDF2}$1$%s$1000$%s" % (text, key))
        row("dovecot-pbkdf2", word, "{PBKDF2}$1$%s$1000$%s" % (text, key), "hashlib; doveadm accepts")
    row("ldap-ssha1", "password", "{ssha}" + ldap_salted_sha1.using(salt=b"12345678").hash("password")[6:], PASSLIB,
        "alternate")
    # passlib's known answers, from Apache's documentation.
    row("apr1", "myPassword", "$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/", f"{PASSLIB} tests", "alternate")


def main():
    print("# verdict\tformat\tpassword (hex)\tstored\tsource; written by make-program-vectors.py")
    wordpress = sys.argv[1] if len(sys.argv) > 1 else None
    werkzeug_rows()
    php_rows()
    phpass_rows(wordpress and os.path.abspath(wordpress))
    mediawiki_rows()
    jellyfin_rows()
    aspnet_rows()
    bcrypt_rows()
    node_rows()
    label_rows()
    digest_rows()


main()
