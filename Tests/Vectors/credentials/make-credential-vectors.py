#!/usr/bin/env python3
"""Write vectors.tsv: passwords as programs store them in several columns. `make-credential-vectors.py > vectors.tsv`"""
import hashlib

WORDS = ["", "a", "password", "pässwörd ẞ 密码 🔑", "correct horse battery staple " * 8]
GITEA, GRAFANA = "Gitea hash_test.go", "Grafana encoding_test.go"
ENCODED = "45d6cdc843d65cf0eda7b90ab41435762a282f7df013477a1c5b212ba81dbdca2edf1ecc4b5cb05956bb9e0c37ab29315d78"
RAW = "ab48d5471b7e6ed42d10001db88c852ff7303c788e49da5c3c7b63d5adf96360303724b74b679223a3dea8a242d10abb1913"
HIGH = "84e233114499e8721da80e85568e5b7b5900b3e49a30845fcda9d1e1756da4547d70f8740ac2b4a5d82f88cebcd27f21bfe2"
PEPPER = "e59c568621e57756495a468f47c74e07c911b037084dd464bb2ed72410970dc849cabd71b48c394faf08a5405dae53741ce9"


def row(name, password, account, source, **fields):
    texts = [f"{field}={text}" for field, text in fields.items()]
    print(name, password.encode().hex() or "-", account or "-", " ".join(texts), source, sep="\t")


def pbkdf2(word, salt, rounds, length=50):
    return hashlib.pbkdf2_hmac("sha256", word.encode(), salt, rounds, length).hex()


def main():
    print("# format\tpassword (hex)\taccount\tfields\tsource; written by make-credential-vectors.py")
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


main()
