"""Every earlier schema, full of accounts, brought up to date by the first command that opens it: killed in the middle the
database is the old one or the new one and the next command completes; then its schema is a new database's, and nobody is lost.

    migrations.py [ACCOUNTS] [--kills N] [--postgres]      100,000 accounts, 3 kills if nothing is said

An earlier schema is made by the numbered steps themselves, as their sources have them.
"""

import argparse
import contextlib
import os
import random
import re
import sqlite3
import subprocess
import time

from trial import cluster
from trial.instance import ROOT, discard, fresh_folder
from trial.server import fresh_instance
from trial.stored import psql
from trial.tally import Tally

STEPS = sorted((ROOT / "Sources/SparekeyStore/Migrations").glob("0*.swift"))
TYPES = {"sqlite": {"key": "TEXT", "blob": "BLOB"}, "postgres": {"key": 'TEXT COLLATE "C"', "blob": "BYTEA"}}
PASSWORD = "meadow-Copper-74-signal"
MANY = {
    "sqlite": """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})
      INSERT INTO {1} ({2}) SELECT {3} FROM n""",
    "postgres": "INSERT INTO {1} ({2}) SELECT {3} FROM generate_series(1, {0}) AS n(i)",
}
MADE = {"sqlite": "CAST('many-' || i AS BLOB)", "postgres": "convert_to('many-' || i, 'UTF8')"}
ACCOUNT = ("account", "id, username, username_key, display_name, role, active, require_password_change, created_at",
           "'many-' || i, 'many' || i, 'many' || i, 'Many', 'user', 1, 0, 1700000000000000")
# Expired long ago: a step that changes the table meets as many, and they open nothing.
SESSION = ("session", "id, account_id, created_at, last_used_at, secret_hash",
           "'many-' || i, 'many-' || i, 1700000000000000, 1700000000000000, ")
COUNTERS = "DELETE FROM counter"


def statements(number, kind, index):
    """The statements of the numbered step, read out of its source; an index of an expression as `index` of its name has it."""
    text = STEPS[number - 1].read_text().split(f"Migration(number: {number})", 1)[1].split("\n    }\n", 1)[0]
    found = [long or short for long, short in re.findall(r'"""\n(.*?)"""|"((?:[^"\\\n]|\\.)*)"', text, re.S)]
    filled = [re.sub(r"\\\(part: type\.(\w+)\)", lambda name: TYPES[kind][name[1]], each) for each in found]
    filled = [index(each.split()[2]) if each.lstrip().startswith("CREATE INDEX") and "\\(" in each else each for each in filled]
    if not filled or any("\\(" in each for each in filled):
        raise RuntimeError(f"the source of step {number} is not what this script reads")
    return filled


def many(kind, count):
    table, columns, values = SESSION
    return [MANY[kind].format(count, *ACCOUNT), MANY[kind].format(count, table, columns, values + MADE[kind])]


class SQLite:
    kind = "sqlite"

    def __init__(self, instance):
        self.instance = instance

    def older(self, version, accounts):
        """Turns the new instance's database into one of the older version, with its administrator and many accounts."""
        file, new = self.instance.sqlite_file, self.instance.sqlite_file.with_suffix(".new")
        subprocess.run(["sqlite3", file, "PRAGMA wal_checkpoint(TRUNCATE)"], check=True, capture_output=True)
        file.rename(new)
        for rest in ("-wal", "-shm"):
            file.with_name(file.name + rest).unlink(missing_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
        with contextlib.closing(sqlite3.connect(file)) as connection, connection:
            mark = sqlite3.connect(new).execute("PRAGMA application_id").fetchone()[0]
            connection.execute(f"PRAGMA application_id = {mark}")
            connection.execute("CREATE TABLE sparekey_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
            connection.execute("ATTACH ? AS new", (str(new),))
            for number in range(1, version + 1):
                for statement in statements(number, self.kind, lambda name: self._index(connection, name)):
                    connection.execute(statement)
            self._carry(connection, version)
            for statement in many(self.kind, accounts):
                connection.execute(statement)
        new.unlink()

    def _index(self, connection, name):
        return connection.execute("SELECT sql FROM new.sqlite_master WHERE name = ?", (name,)).fetchone()[0]

    def _carry(self, connection, version):
        for (table,) in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT OR IGNORE INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
            if table == "counter":
                connection.execute("INSERT OR REPLACE INTO main.counter SELECT * FROM new.counter WHERE name <> 'request'")
                connection.execute("DELETE FROM main.counter WHERE name = 'request'" if version < 5 else "SELECT 1")
        connection.execute("UPDATE main.sparekey_meta SET value = ? WHERE name = 'schema'", (str(version),))

    def copy(self, folder):
        return SQLite(self.instance.copy(folder))

    def ask(self, statement):
        with contextlib.closing(sqlite3.connect(self.instance.sqlite_file, timeout=30)) as connection:
            return connection.execute(statement).fetchall()

    def schema(self):
        names = [name for (name,) in self.ask("SELECT name FROM sqlite_master WHERE type IN ('table', 'index')")]
        return sorted((name, sorted(row[1:4] for row in self.ask(f"PRAGMA table_info('{name}')")),
                       [row[1:] for row in self.ask(f"PRAGMA index_info('{name}')")]) for name in names
                      if not name.startswith("sqlite_stat"))

    def whole(self):
        found = self.ask("PRAGMA integrity_check")
        return [] if found == [("ok",)] else [f"integrity_check: {found[:3]}"]


class PostgreSQL:
    kind = "postgres"

    def __init__(self, instance):
        self.instance = instance

    def older(self, version, accounts):
        new, self.instance.database = self.instance.database, cluster.new_database()
        old = self.instance.database

        def index(name):
            return psql(new, f"SELECT indexdef FROM pg_indexes WHERE indexname = '{name}'").strip()

        script = ["CREATE TABLE sparekey_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)"]
        script += [each for number in range(1, version + 1) for each in statements(number, self.kind, index)]
        self._run(old, ";\n".join([*script, COUNTERS]))
        for table in psql(old, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename <> 'account', 1").split():
            columns = psql(old, f"SELECT string_agg(column_name, ', ') FROM information_schema.columns WHERE table_name = '{table}'")
            only = " WHERE name <> 'request'" if table == "counter" and version < 5 else ""
            rows = subprocess.run(["psql", "-Xqd", new, "-c", f"COPY (SELECT {columns} FROM {table}{only}) TO STDOUT"],
                                  check=True, capture_output=True).stdout
            subprocess.run(["psql", "-Xqd", old, "-v", "ON_ERROR_STOP=1", "-c", f"COPY {table} ({columns}) FROM STDIN"],
                           input=rows, check=True, capture_output=True)
        self._run(old, f"UPDATE sparekey_meta SET value = '{version}' WHERE name = 'schema'; "
                  + ";".join(many(self.kind, accounts)))

    def _run(self, url, script):
        subprocess.run(["psql", "-Xqd", url, "-v", "ON_ERROR_STOP=1"], input=script, text=True, check=True,
                       capture_output=True)

    def copy(self, folder):
        copy = self.instance.copy(folder)
        copy.database = cluster.new_database()
        names = [cluster.name_of(each.database) for each in (copy, self.instance)]
        psql(cluster.address(), f"DROP DATABASE {names[0]}")
        psql(cluster.address(), f"CREATE DATABASE {names[0]} TEMPLATE {names[1]}")
        return PostgreSQL(copy)

    def ask(self, statement):
        return [tuple(line.split("|")) for line in psql(self.instance.database, statement).splitlines()]

    def schema(self):
        return (sorted(self.ask("SELECT table_name, column_name, data_type, is_nullable, collation_name "
                                "FROM information_schema.columns WHERE table_schema = 'public'")),
                sorted(self.ask("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'")))

    def whole(self):
        return []


class Trial:
    def __init__(self, place, accounts, kills, chance):
        self.place, self.accounts, self.kills, self.chance = place, accounts, kills, chance
        self.longest, self.landed, self.undone = 0.0, 0, 0

    def version(self, place):
        return int(place.ask("SELECT value FROM sparekey_meta WHERE name = 'schema'")[0][0])

    @contextlib.contextmanager
    def draft(self, older):
        folder = fresh_folder()
        try:
            yield older.copy(folder / "data")
        finally:
            discard(folder)

    def completed(self, place, fresh):
        """Problems after a command that ran to its end."""
        status, _, err = place.instance.run("users", "show", "ada")
        found = [] if status == 0 else [f"the next command ended with {status}: {err.strip()}"]
        found += [] if self.version(place) == len(STEPS) else [f"its version is {self.version(place)}"]
        count = int(place.ask("SELECT count(*) FROM account")[0][0])
        found += [] if count == self.accounts + 1 else [f"it has {count} accounts"]
        found += [] if place.schema() == fresh else ["its schema is not a new database's"]
        return found + place.whole()

    def run(self, tally, version, fresh):
        title = f"{self.place.kind}, from version {version}"
        with self.draft(self.place) as place:
            begun = time.monotonic()
            place.instance.must("users", "show", "ada")
            took = time.monotonic() - begun
            self.longest = max(self.longest, took)
            found = self.completed(place, fresh)
            status, _, err = place.instance.reset("ada", PASSWORD)
            tally.check(title, found + ([] if status == 0 else [f"a reset ended with {status}: {err.strip()}"]))
        for number in range(self.kills):
            with self.draft(self.place) as place:
                process = place.instance.start("users", "show", "ada")
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(took * self.chance.uniform(0.2, 1))
                self.landed += process.poll() is None
                process.kill()
                process.communicate()
                left = self.version(place)
                self.undone += left == version
                found = [] if left in (version, len(STEPS)) else [f"left at version {left}"]
                tally.check(f"{title}, kill {number}", found + self.completed(place, fresh))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("accounts", nargs="?", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(2**32)
    tally, place = Tally(), PostgreSQL if options.postgres else SQLite
    longest, landed, undone = 0.0, 0, 0
    for version in range(1, len(STEPS)):
        with fresh_instance(options.postgres) as instance:
            older = place(instance)
            fresh = older.schema()
            older.older(version, options.accounts)
            trial = Trial(older, options.accounts, options.kills, random.Random(seed + version))
            trial.run(tally, version, fresh)
            longest, landed, undone = max(longest, trial.longest), landed + trial.landed, undone + trial.undone
    tally.finish(f"migrations of {options.accounts} accounts, {place.kind} (seed {seed}): the longest {longest:.1f} s, "
                 f"{landed} kills landed, {undone} of them before the commit")


if __name__ == "__main__":
    main()
