"""Accounts by the thousand, written by SQL into an instance on SQLite that is not running: copies of one that was added."""

import contextlib
import sqlite3
import uuid

COLUMNS = ("id", "username", "username_key", "email", "email_key", "display_name", "role", "active", "password_hash",
           "require_password_change", "created_at")


def add_copies(instance, model, names, **changed):
    """An account like `model` for each of the lower-case ASCII names, whose folded keys they therefore are."""
    with contextlib.closing(sqlite3.connect(instance.sqlite_file)) as connection, connection:
        connection.row_factory = sqlite3.Row
        row = connection.execute("SELECT * FROM account WHERE username_key = ?", (model,)).fetchone()
        common = {name: row[name] for name in COLUMNS} | changed
        statement = f"INSERT INTO account ({', '.join(COLUMNS)}) VALUES ({', '.join(f':{name}' for name in COLUMNS)})"
        connection.executemany(statement, (copied(common, name) for name in names))


def copied(common, name):
    email = f"{name}@example.org"
    return common | {"id": str(uuid.uuid4()), "username": name, "username_key": name, "email": email, "email_key": email}
