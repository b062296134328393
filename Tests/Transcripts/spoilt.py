"""Ways in which a data folder, a key, a database or a setting is not as it must be, each with the status it ends with."""

import os
import sqlite3

STRANGER = 4242


def _sql(instance, *statements):
    connection = sqlite3.connect(instance.sqlite_file)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def missing(i):
    i.sqlite_file.unlink()


def unreadable(i):
    os.chown(i.folder, STRANGER, STRANGER)
    os.chown(i.folder / "instance.key", STRANGER, STRANGER)
    i.sqlite_file.chmod(0o000)


def read_only(i):
    # The stranger has to get as far as the folder.
    i.folder.parent.chmod(0o711)
    for path in [i.folder, *i.folder.iterdir()]:
        os.chown(path, STRANGER, STRANGER)
    os.chown(i.sqlite_file, 0, 0)
    i.sqlite_file.chmod(0o444)


def no_database(i):
    i.sqlite_file.write_bytes(b"This is a shopping list, not a database.\n" * 300)


def foreign(i):
    i.sqlite_file.unlink()
    _sql(i, "CREATE TABLE users (id INTEGER PRIMARY KEY, password TEXT)", "INSERT INTO users VALUES (1, 'x')")


def newer(i):
    _sql(i, "UPDATE sparekey_meta SET value = '999' WHERE name = 'schema'")


def locked(i):
    i.holder = sqlite3.connect(i.sqlite_file, isolation_level=None)
    i.holder.execute("BEGIN EXCLUSIVE")


def loose_folder(i):
    i.folder.chmod(0o755)


def linked_folder(i):
    moved = i.folder.with_name(i.folder.name + "-moved")
    i.folder.rename(moved)
    i.folder.symlink_to(moved)


def loose_key(i):
    (i.folder / "instance.key").chmod(0o644)


def linked_key(i):
    (i.folder / "instance.key").rename(i.folder / "elsewhere.key")
    (i.folder / "instance.key").symlink_to("elsewhere.key")


def wrong_key(i):
    (i.folder / "instance.key").write_text("5a" * 32 + "\n")


def no_key(i):
    (i.folder / "instance.key").write_text("not a key")


def unknown_scheme(i):
    i.database = "gopher://db.example.org/x"


def unreachable(i):
    i.database = "postgres://nobody@127.0.0.1:1/none"


def unknown_setting(i):
    i.settings["SPAREKEY_POLICY"] = "strictest"


SPOILT = [
    (missing, 69), (unreadable, 69), (read_only, 73), (no_database, 78), (foreign, 78), (newer, 78), (locked, 75),
    (loose_folder, 78), (linked_folder, 78), (loose_key, 78), (linked_key, 78), (wrong_key, 78), (no_key, 78),
    (unknown_scheme, 78), (unreachable, 69), (unknown_setting, 78),
]
