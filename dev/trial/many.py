"""Accounts by the thousand, written by SQL into an instance that is not running: copies of one that was added."""

import contextlib
import sqlite3
import uuid

from trial.stored import psql

COLUMNS = ("id", "username", "username_key", "email", "email_key", "display_name", "role", "active", "password_hash",
           "require_password_change", "created_at")


def add_copies(instance, model, names, email="{}@example.org".format, **changed):
    """An account like `model` for each of the lower-case ASCII names, whose folded keys they therefore are. On SQLite."""
    with contextlib.closing(sqlite3.connect(instance.sqlite_file)) as connection, connection:
        connection.row_factory = sqlite3.Row
        row = connection.execute("SELECT * FROM account WHERE username_key = ?", (model,)).fetchone()
        common = {name: row[name] for name in COLUMNS} | changed
        statement = f"INSERT INTO account ({', '.join(COLUMNS)}) VALUES ({', '.join(f':{name}' for name in COLUMNS)})"
        connection.executemany(statement, (copied(common, name, email(name)) for name in names))


def copied(common, name, email):
    return common | {"id": str(uuid.uuid4()), "username": name, "username_key": name, "email": email, "email_key": email}


def add_numbered_copies(instance, model, count, first=0):
    """On either database: user0000000 and so on, beside the `first` that are there. Of every other one the e-mail begins like the username; of the rest it is
    mail and the digits backwards, so that neither order tells anything of the other."""
    def email(name):
        return f"{name}@example.org" if int(name[-1]) % 2 == 0 else f"mail{name[:3:-1]}@example.org"
    if not instance.database:
        return add_copies(instance, model, (f"user{number:07}" for number in range(first, count)), email, role="user")
    names = "SELECT 'user' || lpad(CAST(n AS text), 7, '0') AS name, lpad(CAST(n AS text), 7, '0') AS digits, n FROM " \
        f"generate_series({first}, {count - 1}) AS n"
    found = "SELECT name, CASE WHEN n % 2 = 0 THEN name ELSE 'mail' || reverse(digits) END || '@example.org' AS email " \
        f"FROM ({names}) AS numbered"
    psql(instance.database, f"""INSERT INTO account ({', '.join(COLUMNS)})
        SELECT CAST(gen_random_uuid() AS text), name, name, new.email, new.email, display_name, 'user', active, password_hash,
          require_password_change, created_at FROM account, ({found}) AS new WHERE username_key = '{model}'""")
    psql(instance.database, "VACUUM ANALYZE account")
