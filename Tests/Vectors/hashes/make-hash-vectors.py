#!/usr/bin/env python3
"""Write vectors.tsv: stored passwords made by other programs, for the PasswordHashing tests.

    pip install argon2-cffi bcrypt passlib Django
    python3 make-hash-vectors.py [ka-table.inc] > vectors.tsv

ka-table.inc is libxcrypt's table of known answers (test/ka-table.inc); without it its rows are left out. Salts are
derived from labels, so that the same versions write the same file. Columns: verdict, format, password in hex (or `-`
for none), stored value, source. Verdicts: `correct` is the spelling that the format itself makes, `alternate` another
one that it accepts.
"""
import base64
import hashlib
import re
import sys
import warnings

import argon2
import bcrypt
import passlib
from passlib.hash import pbkdf2_sha1, pbkdf2_sha256, pbkdf2_sha512
from passlib.hash import scrypt as passlib_scrypt
from passlib.hash import md5_crypt, sha256_crypt, sha512_crypt

warnings.simplefilter("ignore")

WORDS = [
    b"", b"a", b"password", "pässwörd ẞ 密码 🔑".encode(), b"\xff\xa3\x80", b" leading and trailing \t\n",
    b"correct horse battery staple " * 8,
]
NUL = b"before\0after"
LONG = bytes(33 + i % 90 for i in range(1024))


def salt(label, count):
    return hashlib.shake_128(label.encode()).digest(count)


def row(verdict, scheme, password, stored, source):
    print(verdict, scheme, password.hex() or "-", stored, source, sep="\t")


def b64(data):
    return base64.b64encode(data).rstrip(b"=").decode()


def argon2_rows():
    source = f"argon2-cffi {argon2.__version__}" if hasattr(argon2, "__version__") else "argon2-cffi"
    kinds = {"argon2id": argon2.Type.ID, "argon2i": argon2.Type.I, "argon2d": argon2.Type.D}
    for name, kind in kinds.items():
        def made(word, m=32, t=2, p=1, salt_count=16, tag_count=32, version=19):
            label = f"{name} {m} {t} {p} {salt_count} {version} {word.hex()}"
            return argon2.low_level.hash_secret(
                word, salt(label, salt_count), t, m, p, tag_count, kind, version=version).decode()
        for word in WORDS + [NUL, LONG]:
            row("correct", name, word, made(word), source)
        row("correct", name, b"password", made(b"password", m=19456), source)
        row("correct", name, b"password", made(b"password", m=8, t=1), source)
        for m, t, p, s, n, v in [
            (64, 1, 4, 16, 32, 19), (128, 3, 16, 16, 32, 19), (33, 2, 1, 8, 32, 19), (32, 2, 1, 64, 32, 19),
            (32, 2, 1, 16, 16, 19), (32, 2, 1, 16, 12, 19), (32, 2, 1, 16, 64, 19), (32, 2, 1, 16, 32, 16),
            (65, 3, 2, 12, 24, 16), (32, 16, 1, 16, 32, 19),
        ]:
            row("alternate", name, b"password", made(b"password", m, t, p, s, n, v), source)
        # A string without a version is version 16.
        old = made(b"password", version=16)
        row("alternate", name, b"password", old.replace("v=16$", ""), source)


def reference_argon2_rows():
    """phc-winner-argon2, src/test.c."""
    source = "phc-winner-argon2 test.c"
    for verdict, word, stored in [
        ("correct", b"password", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA"),
        ("correct", b"password", "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8"),
        ("alternate", b"password", "$argon2i$v=19$m=256,t=2,p=2$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E"),
        ("correct", b"differentpassword", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$FK6NoBr+qHAMI1jc73xTWNkCEoK9iGY6RWL1n7dNIu4"),
        ("correct", b"password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"),
        ("correct", b"password", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"),
        ("alternate", b"password", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"),
        ("alternate", b"password", "$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ"),
        ("alternate", b"password", "$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY"),
    ]:
        row("alternate" if "c29tZXNhbHQ$" in stored else verdict, stored.split("$")[1], word, stored, source)


def bcrypt_rows():
    source = f"bcrypt {bcrypt.__version__}"
    words = [word for word in WORDS if len(word) <= 72] + [LONG[:71], LONG[:72]]
    for variant in ["2b", "2a", "2y"]:
        for word in words:
            raw = bcrypt.hashpw(word, bcrypt_salt(f"{variant} {word.hex()}", 4))
            row("correct", "bcrypt", word, raw.decode().replace("$2b$", f"${variant}$", 1), source)
    row("correct", "bcrypt", b"password", bcrypt.hashpw(b"password", bcrypt_salt("ten", 10)).decode(), source)
    # Defaults of programs that people install: Nginx Proxy Manager and Umami.
    row("correct", "bcrypt", b"changeme", "$2b$13$C9mJYK7Gf7sVgCCYw84HhOvOIpnyhkdGqwIp0PPj/s9.q0bxkoMZe", "npm default")
    row("correct", "bcrypt", b"umami", "$2b$10$BUli0c.muyCW1ErNJc3jL.vFRFtFJWrT8/GcR4A.sUdCznaXiqFXa", "umami default")


def bcrypt_salt(label, cost):
    standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    own = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    spelled = b64(salt(label, 16)).translate(str.maketrans(standard, own))
    return f"$2b${cost:02}${spelled}".encode()


def sha_crypt_rows():
    source = f"passlib {passlib.__version__}"
    for name, handler in [("sha512-crypt", sha512_crypt), ("sha256-crypt", sha256_crypt)]:
        for word in WORDS:
            text = hashlib.sha1(word).hexdigest()[:16]
            row("correct", name, word, handler.using(rounds=1000, salt=text).hash(word), source)
        row("correct", name, b"password", handler.using(rounds=5000, salt="saltstringsaltst").hash(b"password"), source)
        explicit = handler.using(rounds=5000, salt="x").hash(b"password")
        row("alternate", name, b"password", explicit, source)
    for word in WORDS:
        text = hashlib.sha1(word).hexdigest()[:8]
        row("correct", "md5-crypt", word, md5_crypt.using(salt=text).hash(word), source)


def pbkdf2_rows():
    source = f"passlib {passlib.__version__}"
    handlers = {"sha1": pbkdf2_sha1, "sha256": pbkdf2_sha256, "sha512": pbkdf2_sha512}
    for digest, handler in handlers.items():
        for word in WORDS + [NUL, LONG]:
            made = handler.using(rounds=1000, salt=salt(f"{digest} {word.hex()}", 16)).hash(word)
            row("correct", f"passlib-pbkdf2-{digest}", word, made, source)
        made = handler.using(rounds=1, salt=b"\xff\xef\xbe").hash(b"password")
        row("alternate", f"passlib-pbkdf2-{digest}", b"password", made, source)
    for digest in handlers:
        for word in WORDS + [NUL, LONG]:
            row("correct", f"pbkdf2-{digest}", word, phc(digest, word, 1000, 32), "hashlib")
        row("alternate", f"pbkdf2-{digest}", b"password", phc(digest, b"password", 77, 20), "hashlib")
        row("alternate", f"pbkdf2-{digest}", b"password", phc(digest, b"password", 77, 64), "hashlib")
    row("correct", "pbkdf2-sha256", b"password", phc("sha256", b"password", 600_000, 32), "hashlib")
    row("alternate", "pbkdf2-sha1", b"password", phc("sha1", b"password", 10, 20, "pbkdf2-sha1"), "hashlib")
    row("alternate", "pbkdf2-sha256", b"password",
        "$pbkdf2-sha256$i=6400$0ZrzXitFSGltTQnBWOsdAw$Y11AchqV4b0sUisdZd0Xr97KWoymNE0LNNrnEgY4H9M",
        "simonepri/phc-pbkdf2 test/verify.js")


def phc(digest, word, rounds, length, identifier=None):
    raw = salt(f"phc {digest} {word.hex()} {rounds}", 16)
    key = hashlib.pbkdf2_hmac(digest, word, raw, rounds, length)
    identifier = identifier or ("pbkdf2" if digest == "sha1" else f"pbkdf2-{digest}")
    return f"${identifier}$i={rounds},l={length}${b64(raw)}${b64(key)}"


def scrypt_rows():
    source = f"passlib {passlib.__version__}"
    for word in WORDS:
        made = passlib_scrypt.using(rounds=4, block_size=8, parallelism=1, salt=salt(f"scrypt {word.hex()}", 16))
        row("correct", "scrypt", word, made.hash(word), source)
    for ln, r, p, count in [(1, 1, 1, 16), (10, 16, 1, 16), (10, 1, 3, 16), (4, 8, 16, 64), (4, 8, 1, 1), (15, 8, 3, 16)]:
        raw = salt(f"scrypt {ln} {r} {p}", count)
        key = hashlib.scrypt(b"password", salt=raw, n=1 << ln, r=r, p=p, maxmem=1 << 29, dklen=32)
        row("alternate", "scrypt", b"password", f"$scrypt$ln={ln},r={r},p={p}${b64(raw)}${b64(key)}", "hashlib")
    for word in [NUL, LONG]:
        raw = salt("scrypt word", 16)
        key = hashlib.scrypt(word, salt=raw, n=16, r=8, p=1, dklen=32)
        row("correct", "scrypt", word, f"$scrypt$ln=4,r=8,p=1${b64(raw)}${b64(key)}", "hashlib")


def passlib_suite_rows():
    """The known answers of passlib's own tests."""
    from passlib.tests import test_handlers, test_handlers_argon2, test_handlers_pbkdf2, test_handlers_scrypt
    cases = [
        (test_handlers._sha512_crypt_test, "sha512-crypt"), (test_handlers._sha256_crypt_test, "sha256-crypt"),
        (test_handlers._md5_crypt_test, "md5-crypt"), (test_handlers_argon2._base_argon2_test, None),
        (test_handlers_pbkdf2.pbkdf2_sha1_test, "passlib-pbkdf2-sha1"),
        (test_handlers_pbkdf2.pbkdf2_sha256_test, "passlib-pbkdf2-sha256"),
        (test_handlers_pbkdf2.pbkdf2_sha512_test, "passlib-pbkdf2-sha512"),
        (test_handlers_scrypt._scrypt_test, "scrypt"),
    ]
    for case, name in cases:
        for secret, stored in case.known_correct_hashes:
            word = secret.encode() if isinstance(secret, str) else secret
            # Ours are stricter: no keyid or data, no ignored rounds, no empty salt.
            if re.search(r"keyid|data=|\$\$|rounds=(\d{1,3}|\d{7,})\$", stored) or len(stored) > 300:
                continue
            row("alternate", name or stored.split("$")[1], word, stored, f"passlib {passlib.__version__} tests")
    # Drepper's, from "Unix crypt using SHA-256 and SHA-512".
    for case, name in cases[:2]:
        for _, secret, stored in case.known_correct_configs:
            row("alternate", name, secret.encode(), stored, f"Drepper, by passlib {passlib.__version__} tests")


def libxcrypt_rows(path):
    names = {"y": "yescrypt", "6": "sha512-crypt", "5": "sha256-crypt", "1": "md5-crypt", "2b": "bcrypt", "2a": "bcrypt",
             "2y": "bcrypt"}
    seen = {}
    pattern = re.compile(r'^  \{ "(.*?)", "(.*?)", "(.*)" \},$')
    for line in open(path, encoding="latin-1"):
        match = pattern.match(line)
        name = match and names.get(match[1].split("$")[1] if match[1].startswith("$") else "")
        if not name:
            continue
        word = phrase(match[3])
        key = match[1][:24]
        seen[key] = seen.get(key, 0) + 1
        # Every seventh, so that long, short and eight-bit phrases of each setting are among them.
        if seen[key] % 7 != 1 or (name == "bcrypt" and len(word) > 72):
            continue
        row("alternate", name, word, match[2], "libxcrypt ka-table.inc")


def yescrypt_rows():
    """By the system's own crypt(3), which no pure Python program replaces."""
    try:
        import crypt
    except ImportError:
        import legacycrypt as crypt
    for word in ["", "password", "pässwörd ẞ 密码 🔑", "correct horse battery staple " * 8]:
        for field in ["j75", "j9T"]:
            stored = crypt.crypt(word, f"$y${field}$abcdefghijklmnopqrstu/")
            if stored and stored.startswith("$y$"):
                row("correct", "yescrypt", word.encode(), stored, "crypt(3)")


def django_rows():
    """By Django's own hashers. It hashes text only, so no row holds bytes that are none."""
    import django
    from django.conf import settings
    settings.configure()
    from django.contrib.auth import hashers
    source = f"Django {django.__version__}"
    words = [word.decode() for word in WORDS if word != b"\xff\xa3\x80"] + [NUL.decode(), LONG.decode()]
    pbkdf2, argon, crypt, scrypt = (kind() for kind in (
        hashers.PBKDF2PasswordHasher, hashers.Argon2PasswordHasher, hashers.BCryptSHA256PasswordHasher,
        hashers.ScryptPasswordHasher))
    argon.memory_cost, argon.parallelism = 64, 8
    for word in words:
        text = letters(word, 22)
        row("correct", "django-pbkdf2-sha256", word.encode(), pbkdf2.encode(word, text, 1000), source)
        row("correct", "django-argon2id", word.encode(), argon.encode(word, text), source)
        row("correct", "django-bcrypt-sha256", word.encode(), crypt.encode(word, bcrypt_salt(f"django {word}", 4)), source)
        row("correct", "django-scrypt", word.encode(), scrypt.encode(word, text, n=16, r=8, p=1), source)
    # What it makes when nobody says otherwise, and the salts of its earlier versions.
    defaults = (hashers.PBKDF2PasswordHasher(), hashers.Argon2PasswordHasher(), hashers.ScryptPasswordHasher())
    for name, hasher in zip(["django-pbkdf2-sha256", "django-argon2id", "django-scrypt"], defaults):
        row("correct", name, b"password", hasher.encode("password", letters(name, 22)), source)
        row("alternate", name, b"password", hasher.encode("password", letters(name, 12)), source)
    row("correct", "django-bcrypt-sha256", b"password", crypt.encode("password", bcrypt_salt("django", 12)), source)


def letters(label, count):
    """A salt of text, as Django has it."""
    return hashlib.sha256(label.encode()).hexdigest()[:count]


def phrase(text):
    return text.replace('""', "").encode("latin-1").decode("unicode_escape").encode("latin-1")


def main():
    print("# verdict\tformat\tpassword (hex)\tstored\tsource; written by make-hash-vectors.py")
    argon2_rows()
    reference_argon2_rows()
    bcrypt_rows()
    sha_crypt_rows()
    pbkdf2_rows()
    scrypt_rows()
    yescrypt_rows()
    django_rows()
    passlib_suite_rows()
    for path in sys.argv[1:2]:
        libxcrypt_rows(path)


main()
