#!/usr/bin/env python3
"""Write vectors.tsv: passwords as programs store them in several columns, or with something from elsewhere.

    pip install argon2-cffi bcrypt
    make-credential-vectors.py > vectors.tsv
"""
import base64
import hashlib
import json
from importlib.metadata import version

import argon2
import bcrypt

WORDS = ["", "a", "password", "pässwörd ẞ 密码 🔑", "correct horse battery staple " * 8]
GITEA, GRAFANA = "Gitea hash_test.go", "Grafana encoding_test.go"
ENCODED = "45d6cdc843d65cf0eda7b90ab41435762a282f7df013477a1c5b212ba81dbdca2edf1ecc4b5cb05956bb9e0c37ab29315d78"
RAW = "ab48d5471b7e6ed42d10001db88c852ff7303c788e49da5c3c7b63d5adf96360303724b74b679223a3dea8a242d10abb1913"
HIGH = "84e233114499e8721da80e85568e5b7b5900b3e49a30845fcda9d1e1756da4547d70f8740ac2b4a5d82f88cebcd27f21bfe2"
PEPPER = "e59c568621e57756495a468f47c74e07c911b037084dd464bb2ed72410970dc849cabd71b48c394faf08a5405dae53741ce9"
SCRYPT_RAW = "3b571d0c07c62d42b7bad3dbf18fb0cd67d4d8cd4ad4c6928e1090e5b2a4a84437c6fd2627d897c0e7e65025ca62b67a0002"
SCRYPT_HEX = "25fe5f66b43fa4eb7b6717905317cd2223cf841092dc8e0a1e8c75720ad4846cb5d9387303e14bc3c69faa3b1c51ef4b7de1"
ARGON2_RAW = "551f089f570f989975b6f7c6a8ff3cf89bc486dd7bbe87ed4d80ad4362f8ee599ec8dda78dac196301b98456402bcda775dc"
ARGON2, BCRYPT = f"argon2-cffi {version('argon2-cffi')}", f"bcrypt {version('bcrypt')}"


def row(name, password, account, source, **fields):
    texts = [f"{field}={text}" for field, text in fields.items()]
    print(name, password.encode().hex() or "-", account or "-", " ".join(texts), source, sep="\t")


def pbkdf2(word, salt, rounds, length=50):
    return hashlib.pbkdf2_hmac("sha256", word.encode(), salt, rounds, length).hex()


def b64(data):
    return base64.b64encode(data).decode()


def salted(label, count=16):
    return hashlib.shake_128(label.encode()).digest(count)


def bcrypt_text(secret, label, cost=4):
    """In the spelling of the libraries of Go, Java and Ruby."""
    standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    own = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    spelled = b64(salted(label)).rstrip("=").translate(str.maketrans(standard, own))
    return bcrypt.hashpw(secret[:72], f"$2b${cost:02}${spelled}".encode()).decode().replace("$2b$", "$2a$", 1)


def gitea_rows():
    for algorithm, salt, stored in [
        ("bcrypt", "a" * 10, "$2a$10$fjtm8BsQ2crym01/piJroenO3oSVUBhSLKaGdTYJ4tG0ePVCrU0G2"),
        ("bcrypt$10", "01020304", "$2a$10$qhgm32w9ZpqLygugWJsLjey8xRGcaq9iXAfmCeNBXxddgyoaOC3Gq"),
        ("scrypt", "a" * 10, SCRYPT_RAW),
        ("scrypt$65536$16$2$50", "01020304", SCRYPT_HEX),
        ("argon2", "a" * 10, ARGON2_RAW), ("argon2$2$65536$8$50", "a" * 10, ARGON2_RAW),
    ]:
        # libargon2 refuses their other salt, of four bytes; Gitea's own have ten or sixteen.
        row(f"gitea-{algorithm.split('$')[0]}", "abcdef", None, GITEA, hash=stored, salt=salt, algorithm=algorithm)
    for word in WORDS:
        salt = salted(f"gitea {word}")
        key = hashlib.scrypt(word.encode(), salt=salt, n=16, r=8, p=1, dklen=50).hex()
        row("gitea-scrypt", word, None, "hashlib", hash=key, salt=salt.hex(), algorithm="scrypt$16$8$1$50")
        key = argon2_key(word, salt, m=32, t=2, p=1, length=50).hex()
        row("gitea-argon2", word, None, ARGON2, hash=key, salt=salt.hex(), algorithm="argon2$2$32$1$50")
    for word in WORDS[:4]:
        stored = bcrypt_text(word.encode(), f"gitea {word}")
        row("gitea-bcrypt", word, None, BCRYPT, hash=stored, salt="0102030405060708", algorithm="bcrypt$4")


def argon2_key(word, salt, m, t, p, length):
    return argon2.low_level.hash_secret_raw(word.encode(), salt, t, m, p, length, argon2.Type.ID)


def column_rows():
    for word in WORDS:
        salt = salted(f"columns {word}")
        key = hashlib.pbkdf2_hmac("sha512", word.encode(), salt, 100, 32)
        row("sonarr-pbkdf2", word, None, "hashlib", hash=b64(key), salt=b64(salt), iterations=100)
        key = pbkdf2(word, salt.hex().encode(), 100, 32)
        algorithm = "$pbkdf2-sha256$i=100,l=32$"
        row("discourse-pbkdf2", word, None, "hashlib", hash=key, salt=salt.hex(), algorithm=algorithm)
        row("md5-hex", word, None, "hashlib", hash=hashlib.md5(word.encode()).hexdigest())
    salt = salted("defaults")
    key = hashlib.pbkdf2_hmac("sha512", b"password", salt, 10_000, 32)
    row("sonarr-pbkdf2", "password", None, "hashlib", hash=b64(key), salt=b64(salt), iterations=10_000)


def keycloak_rows():
    for word in WORDS:
        salt = salted(f"keycloak {word}")
        for digest, name in [("sha512", "pbkdf2-sha512"), ("sha256", "pbkdf2-sha256"), ("sha1", "pbkdf2")]:
            key = hashlib.pbkdf2_hmac(digest, word.encode(), salt, 100, 64)
            keycloak(f"keycloak-pbkdf2-{digest}", word, "hashlib", name, 100, {}, salt, key)
        more = {"hashLength": ["32"], "memory": ["32"], "type": ["id"], "version": ["1.3"], "parallelism": ["1"]}
        key = argon2_key(word, salt, m=32, t=2, p=1, length=32)
        keycloak("keycloak-argon2id", word, ARGON2, "argon2", 2, more, salt, key)


def keycloak(scheme, word, source, algorithm, rounds, more, salt, key):
    """As Jackson writes it: no spaces, and the members in this order."""
    secret = {"value": b64(key), "salt": b64(salt), "additionalParameters": {}}
    numbers = {"hashIterations": rounds, "algorithm": algorithm, "additionalParameters": more}
    texts = [json.dumps(document, separators=(",", ":")) for document in (secret, numbers)]
    row(scheme, word, None, source, hash=texts[0], algorithm=texts[1])


def bcrypt_rows():
    for word in WORDS[:4]:
        salt = "33c6bb85-9c5c-4b4b-9b8e-0e6a3cdd6a2f"
        stored = bcrypt_text((salt + word).encode(), f"metabase {word}")
        row("metabase-bcrypt", word, None, BCRYPT, hash=stored, salt=salt)
        for pepper in ["salt and", "0123456789abcdef" * 8]:
            stored = bcrypt_text((word + pepper).encode(), f"devise {word} {pepper}")
            row("devise-bcrypt", word, f"pepper={pepper}", BCRYPT, hash=stored)


def main():
    print("# format\tpassword (hex)\taccount, or pepper=\tfields\tsource; written by make-credential-vectors.py")
    # The empty salt of their table is one that they refuse.
    row("gitea-pbkdf2", "abcdef", None, GITEA, hash=RAW, salt="a" * 10, algorithm="pbkdf2")
    row("gitea-pbkdf2", "abcdef", None, GITEA, hash=RAW, salt="a" * 10, algorithm="pbkdf2$10000$50")
    row("gitea-pbkdf2", "abcdef", None, GITEA, hash=ENCODED, salt="01020304", algorithm="pbkdf2$10000$50")
    row("gitea-pbkdf2", "abcdef", None, GITEA, hash=ENCODED, salt="01020304", algorithm="")
    row("gitea-pbkdf2", "abcdef", None, GITEA, hash=HIGH, salt="01020304", algorithm="pbkdf2$320000$50")
    row("grafana-pbkdf2", "iamgod", None, GRAFANA, hash=PEPPER, salt="pepper")
    for word in WORDS:
        salt = hashlib.shake_128(word.encode()).digest(16)
        row("gitea-pbkdf2", word, None, "hashlib", hash=pbkdf2(word, salt, 50), salt=salt.hex(), algorithm="pbkdf2$50$50")
        text = salt.hex()[:10]
        row("grafana-pbkdf2", word, None, "hashlib", hash=pbkdf2(word, text.encode(), 10_000), salt=text)
        for account in ["ada", "Ünal Ø"]:
            key = hashlib.sha1(f"{account}:{word}".encode()).hexdigest()
            row("anki-hkey", word, account, "hashlib", hash=key)
    gitea_rows()
    column_rows()
    keycloak_rows()
    bcrypt_rows()


main()
