"""Another program's database, as the program's own libraries see it: none of Sparekey's code reads it here.

Three kinds with the same few verbs: `address` is what `--database` takes, `dump` everything that is in it.
"""

import contextlib
import os
import pathlib
import re
import sqlite3
import urllib.parse

import psycopg
import pymysql

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Tests/Fixtures/apps"


def kinds():
    """The databases that this run has: SQLite, and the servers that dev/with-postgres and dev/with-mariadb started."""
    return [SQLite] + [kind for kind in (PostgreSQL, MariaDB) if kind.server()]


class SQLite:
    name = "SQLite"

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.address = str(self.path)

    def rows(self, statement, values=()):
        with contextlib.closing(sqlite3.connect(self.path, timeout=30)) as connection:
            connection.row_factory = sqlite3.Row
            with connection:
                return [dict(row) for row in connection.execute(statement, values)]

    execute = rows

    def load(self, script):
        with contextlib.closing(sqlite3.connect(self.path)) as connection:
            connection.executescript(script)

    def schemas(self):
        """Each table with the statements that made it, its indexes and its triggers."""
        found = {}
        for row in self.rows("SELECT tbl_name, type, name, sql FROM sqlite_master ORDER BY type, name"):
            found.setdefault(row["tbl_name"], []).append((row["type"], row["name"], row["sql"]))
        return found

    def dump(self):
        return _dump(self, '"')

    def remove(self):
        pass


class Server:
    """What the two servers share: a database of its own for each trial, made and removed through the first one."""

    mark = "%s"
    held = None

    def __init__(self, name):
        self.database = name
        self.remove()
        with self.connected(self.first) as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        self.address = self._address(name)

    @classmethod
    def server(cls):
        return os.environ.get(cls.variable)

    @contextlib.contextmanager
    def connected(self, database=None):
        if self.held and not database:
            with self.held.cursor() as cursor:
                yield cursor
            return
        connection = self._connect(database or self.database)
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def rows(self, statement, values=()):
        with self.connected() as cursor:
            cursor.execute(statement.replace("?", self.mark), values or None)
            if cursor.description is None:
                return []
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row)) for row in cursor.fetchall()]

    execute = rows

    def load(self, script):
        with self.connected() as cursor:
            for statement in script.split(";\n"):
                if statement.strip():
                    cursor.execute(statement)

    def dump(self):
        """On one connection: to connect is most of what a dump costs, and kills ask for thousands."""
        with contextlib.closing(self._connect(self.database)) as self.held:
            try:
                return _dump(self, self.quote)
            finally:
                self.held = None

    def socket(self):
        return urllib.parse.parse_qs(urllib.parse.urlsplit(self.server()).query)


class PostgreSQL(Server):
    name, variable, first, quote = "PostgreSQL", "SPAREKEY_TEST_POSTGRES", "postgres", '"'

    def _address(self, name):
        return f"postgres://postgres@/{name}?host={self.socket()['host'][0]}"

    def _connect(self, database):
        return psycopg.connect(self._address(database), autocommit=True)

    def schemas(self):
        found = {}
        for row in self.rows(
                "SELECT c.relname, pg_catalog.array_to_string(ARRAY(SELECT attname || ' ' || atttypid::regtype || ' ' ||"
                " attnotnull FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 ORDER BY attnum), ', ') AS columns,"
                " ARRAY(SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = c.oid ORDER BY tgname) AS triggers"
                " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'"
                " AND c.relkind = 'r'"):
            found[row["relname"]] = [row["columns"], row["triggers"]]
        return found

    def remove(self):
        with self.connected(self.first) as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")


class MariaDB(Server):
    name, variable, first, quote = "MariaDB", "SPAREKEY_TEST_MARIADB", "mysql", "`"

    def _address(self, name):
        return f"mysql://root@localhost/{name}?socket={self.socket()['socket'][0]}"

    def _connect(self, database):
        return pymysql.connect(user="root", database=database, unix_socket=self.socket()["socket"][0], autocommit=True,
                               charset="utf8mb4")

    def schemas(self):
        tables = [list(row.values())[0] for row in self.rows("SHOW TABLES")]
        return {table: [re.sub(r" AUTO_INCREMENT=\d+", "", self.rows(f"SHOW CREATE TABLE `{table}`")[0]["Create Table"]),
                        [row["Statement"] for row in self.rows(f"SHOW TRIGGERS LIKE '{table}'")]] for table in tables}

    def remove(self):
        with self.connected(self.first) as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {self.database}")


def _dump(program, quote):
    """{table: (schema, {value of the first column: row})}; by the whole row where that does not tell rows apart."""
    found = {}
    for table, schema in program.schemas().items():
        rows = program.rows(f"SELECT * FROM {quote}{table}{quote}")
        keyed = {next(iter(row.values())): row for row in rows}
        if len(keyed) != len(rows):
            keyed = {tuple(row.values()): row for row in rows}
        if len(keyed) != len(rows):
            raise RuntimeError(f"{table} has two equal rows")
        found[table] = (schema, keyed)
    return found


def difference(before, after):
    """What differs between two dumps: `table[key].column`, `table[key] gone`, `table[key] new`, `table: schema`."""
    found = set()
    for table in before.keys() | after.keys():
        old_schema, old = before.get(table, (None, {}))
        new_schema, new = after.get(table, (None, {}))
        found |= {f"{table}: schema"} if old_schema != new_schema else set()
        found |= {f"{table}[{key}] gone" for key in old.keys() - new.keys()}
        found |= {f"{table}[{key}] new" for key in new.keys() - old.keys()}
        for key in old.keys() & new.keys():
            found |= {f"{table}[{key}].{column}" for column in old[key] if old[key][column] != new[key].get(column)}
    return found


def expect(before, after, wanted, perhaps=()):
    """Problems where two dumps differ in anything else than `wanted`, or not in all of it. `perhaps` differs or not: a time in
    whole seconds that the program itself may have written a moment ago."""
    found = difference(before, after) - set(perhaps)
    return [f"changed beside what the profile names: {one}" for one in sorted(found - set(wanted))] + [
        f"not changed: {one}" for one in sorted(set(wanted) - found)]


def fixture(name, kind=SQLite):
    """The script of Tests/Fixtures/apps for a kind of database; those of several kinds are written for SQLite."""
    script = (FIXTURES / f"{name}.sql").read_text()
    if kind is PostgreSQL:
        for old, new in {"`": '"', "AUTOINCREMENT": "GENERATED BY DEFAULT AS IDENTITY", "DATETIME": "TIMESTAMP",
                         "BOOLEAN DEFAULT 0": "SMALLINT DEFAULT 0", "BLOB": "BYTEA"}.items():
            script = script.replace(old, new)
    if kind is MariaDB:
        script = script.replace("AUTOINCREMENT", "AUTO_INCREMENT").replace(" TEXT", " VARCHAR(255)")
    return script
