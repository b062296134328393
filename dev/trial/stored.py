"""Reads what an instance has stored and judges it without any of Sparekey's code: sqlite3 or psql, argon2-cffi, hashlib.

The key derivations are written a second time here on purpose: a mistake in the program is not repeated by its judge.
"""

import base64
import hashlib
import hmac
import json
import sqlite3
import subprocess
import unicodedata

import argon2
import bcrypt
from trial.instance import discard, fresh_folder

ACCOUNT = """SELECT a.id, a.username, a.password_hash, a.password_mark, s.key_mac, s.pbkdf2_hash
  FROM account a LEFT JOIN sync_credential s ON s.account_id = a.id WHERE a.username = '{}'"""
JOURNAL = "SELECT number, id, state, sequence, username FROM reset ORDER BY number"


class Stored:
    """What is on the disk at this moment. Reading a SQLite instance reads a copy, so that recovery is left to the program."""

    def __init__(self, instance):
        self.instance = instance
        self.key = bytes.fromhex((instance.folder / "instance.key").read_text())

    def rows(self, statement):
        if self.instance.database:
            return _postgres_rows(self.instance.database, statement)
        copy = fresh_folder()
        try:
            with _Copied(self.instance, copy) as connection:
                return [dict(row) for row in connection.execute(statement)]
        finally:
            discard(copy)

    def integrity(self):
        """Problems that the database finds in its own files and references."""
        if self.instance.database:
            return _postgres_integrity(self.instance.database)
        answer = [list(row.values())[0] for row in self.rows("PRAGMA integrity_check")]
        broken = self.rows("PRAGMA foreign_key_check")
        return ([] if answer == ["ok"] else [f"integrity_check: {answer}"]) + (
            [f"foreign_key_check: {broken}"] if broken else [])

    def journal(self):
        return self.rows(JOURNAL)

    def unsettled(self):
        return [f"journal row {row['number']} is still prepared" for row in self.journal() if row["state"] == "prepared"]

    def account(self, username):
        found = self.rows(ACCOUNT.format(username))
        return found[0] if found else None

    def working(self, username, candidates):
        """Which of the candidate passwords work, and what is wrong with the credentials beside the hash."""
        row = self.account(username)
        if row is None:
            return [], [f"no account {username}"]
        accepted = [candidate for candidate in candidates if accepts(row["password_hash"], candidate)]
        problems = []
        mark = self._mac("witness", f"{row['id']}\0{row['password_hash']}".encode())
        if row["password_mark"] is not None and bytes(row["password_mark"]) != mark:
            problems.append("password_mark does not belong to the hash")
        for password in accepted if row["key_mac"] is not None else []:
            problems += self._sync_problems(row, password)
        return accepted, problems

    def _sync_problems(self, row, password):
        sync_key = hashlib.sha1(f"{row['username']}:{_nfc(password)}".encode()).hexdigest()
        problems = []
        if bytes(row["key_mac"]) != self._mac("sync", sync_key.encode()):
            problems.append("the sync key is of another password than the login hash")
        if not accepts(row["pbkdf2_hash"], password):
            problems.append("the PBKDF2 hash is of another password than the login hash")
        return problems

    def _mac(self, purpose, message):
        extracted = hmac.digest(bytes(32), self.key, "sha256")
        sub_key = hmac.digest(extracted, f"sparekey/1/{purpose}".encode() + b"\x01", "sha256")
        return hmac.digest(sub_key, message, "sha256")


class _Copied:
    """A connection to a copy of the database with its write-ahead log, which SQLite recovers as after a crash."""

    def __init__(self, instance, folder):
        for suffix in ("", "-wal", "-journal"):
            source = instance.sqlite_file.with_name(instance.sqlite_file.name + suffix)
            if source.exists():
                (folder / source.name).write_bytes(source.read_bytes())
        self.connection = sqlite3.connect(folder / instance.sqlite_file.name)
        self.connection.row_factory = sqlite3.Row

    def __enter__(self):
        return self.connection

    def __exit__(self, *_):
        self.connection.close()


def psql(database, statement):
    return subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement], check=True,
                          capture_output=True, text=True, timeout=300).stdout


def _postgres_rows(database, statement):
    rows = [json.loads(line) for line in
            psql(database, f"SELECT row_to_json(r) FROM ({statement}) r").splitlines()]
    return [{name: bytes.fromhex(value[2:]) if isinstance(value, str) and value.startswith("\\x") else value
             for name, value in row.items()} for row in rows]


def _postgres_integrity(database):
    """Every index against its table, down to the rows, by PostgreSQL's own amcheck."""
    try:
        psql(database, "SET client_min_messages = error; CREATE EXTENSION IF NOT EXISTS amcheck; "
             "SELECT bt_index_parent_check(i.indexrelid, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
             "WHERE c.relnamespace = 'public'::regnamespace")
    except subprocess.CalledProcessError as error:
        return [f"amcheck: {error.stderr.strip()}"]
    return []


def accepts(stored, password):
    """Whether a stored hash accepts a password, by other programs' code than Sparekey's."""
    secret = _nfc(password).encode()
    if stored.startswith("$argon2"):
        try:
            return argon2.PasswordHasher().verify(stored, secret)
        except argon2.exceptions.VerifyMismatchError:
            return False
    if stored.startswith("$2"):
        return bcrypt.checkpw(secret, stored.encode())
    if stored.startswith("$pbkdf2-sha256$"):
        return _pbkdf2(stored, secret)
    raise ValueError("a hash in a scheme that this check does not know")


def _pbkdf2(stored, secret):
    _, _, parameters, salt, checksum = stored.split("$")
    rounds = next(int(part.removeprefix("i=")) for part in parameters.split(",") if not part.startswith("l="))
    wanted = _unbase64(checksum)
    return hmac.compare_digest(hashlib.pbkdf2_hmac("sha256", secret, _unbase64(salt), rounds, len(wanted)), wanted)


def _unbase64(text):
    """Base64 of the PHC format, or passlib's, which writes a full stop for the plus."""
    return base64.b64decode(text.replace(".", "+") + "=" * (-len(text) % 4))


def _nfc(password):
    return unicodedata.normalize("NFC", password)
