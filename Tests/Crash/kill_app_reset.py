"""Kills a reset in another program's database before its k-th write, sync, truncate, link, rename or unlink, for every k until
one completes: once as the first reset ever, which makes the data folder and copies the program's SQLite database, and once as
a later one. Two databases change; whichever was cut off, the next command settles what is owed.

Every sixth k of the first reset, whose end is a later one all over again, and of that one every third; with `--every`, all of
them, which takes minutes. With `--postgres` or `--mariadb` the program's database is on that server (dev/with-postgres,
dev/with-mariadb), and each thing said to it counts too."""

import collections
import dataclasses
import functools
import multiprocessing
import os
import shutil
import sys

import bcrypt
import tracer
from trial.instance import BINARY, discard, fresh_folder, killed
from trial.operator import Operator
from trial.program import MariaDB, PostgreSQL, SQLite, difference, fixture
from trial.tally import Tally

OLD = "meadow-Copper-74-signal"
NEW = "harbour-Violet-31-anchor"
LATER = "window-Saffron-19-ladder"


@dataclasses.dataclass
class Program:
    """A profile, the account that is reset and its row's key, another account, and what a reset changes, all of it in one
    transaction: tries to sign in, sessions and outstanding tokens go with it."""
    profile: str
    account: str
    key: object
    other: str
    applied: set


GHOST = "5951f5fca366002ebd5dbef8"
PROGRAMS = {
    SQLite: Program("palmr", "ada", "clx0ada", "grace", {
        "users[clx0ada].password", "users[clx0ada].updatedAt", "login_attempts[a1] gone", "password_resets[r1] gone"}),
    PostgreSQL: Program("kanboard", "grace", 2, "Admin", {
        "users[2].password", "users[2].nb_failed_login", "users[2].lock_expiration_date", "remember_me[1] gone",
        "password_reset[a token] gone"}),
    MariaDB: Program("ghost", "grace@example.org", GHOST, "ada@example.org", {
        f"users[{GHOST}].password", f"users[{GHOST}].status", "sessions[5951f5fca366002ebd5dbe01] gone"}),
}


class Place:
    """A program's database and the operator's data folder, put back to what they were for each kill, at the same place: the
    journal names it."""

    def __init__(self, kind, number, later):
        self.kind, self.is_server, self.of = kind, kind is not SQLite, PROGRAMS[kind]
        self.folder = fresh_folder("sparekey-trial-")
        self.operator = Operator(self.folder / "data")
        (self.folder / "program").mkdir()
        self.program = kind(self.folder / "program/program.db") if kind is SQLite else kind(
            f"killed_{os.getpid()}_{number}")
        self.program.load(fixture(self.of.profile, kind))
        if later and (answer := self.reset(self.of.other, LATER)).status:
            raise RuntimeError(f"the starting point is not what it should be: {answer.err}")
        self.before, _ = self.dump()
        self.kept = fresh_folder()
        shutil.copytree(self.folder, self.kept / "all")

    def put_back(self):
        if self.is_server:
            self.rows_back()
        for child in self.folder.iterdir():
            discard(child)
        shutil.copytree(self.kept / "all", self.folder, dirs_exist_ok=True, copy_function=shutil.copy2)
        if self.operator.folder.exists():
            os.chmod(self.operator.folder, 0o700)

    def rows_back(self):
        """Quicker by far than a new database. Whoever was killed may hold rows for a moment yet: this waits for the server."""
        now = self.program.dump()
        quote = self.program.quote
        for table, (_, rows) in self.before.items():
            if now[table][1] == rows:
                continue
            self.program.execute(f"DELETE FROM {quote}{table}{quote}")
            for row in rows.values():
                names = ", ".join(f"{quote}{name}{quote}" for name in row)
                self.program.execute(f"INSERT INTO {quote}{table}{quote} ({names}) VALUES ({', '.join('?' * len(row))})",
                                     tuple(row.values()))

    def reset(self, account, password):
        return self.operator.reset(self.program.address, account, password)

    def cut_off(self, k):
        """A reset that is killed at its k-th call: how it ended, and the calls that it began."""
        return tracer.run(
            [BINARY, "reset-password", "--database", self.program.address, self.of.account, "--password-stdin", "--yes"],
            self.operator.environment(), k, (NEW + "\n").encode(), sends=self.is_server)

    def dump(self):
        """The database as the next reader finds it: a file is recovered in a copy, so that recovery here is left to Sparekey."""
        if self.is_server:
            return self.program.dump(), []
        copy = fresh_folder()
        try:
            for file in self.program.path.parent.iterdir():
                shutil.copy(file, copy / file.name)
            found = SQLite(copy / self.program.path.name)
            answer = [list(row.values())[0] for row in found.rows("PRAGMA integrity_check")]
            return found.dump(), [] if answer == ["ok"] else [f"integrity_check: {answer}"]
        finally:
            discard(copy)

    def row(self, dump):
        return dump["users"][1][self.of.key]

    def accepted(self, dump):
        return [password for password in (OLD, NEW, LATER) if enters(password, self.row(dump)["password"])]

    def left(self):
        """What lies about that should not: files beside the program's, and copies of it that are not whole."""
        beside = [file for file in self.program.path.parent.iterdir() if file != self.program.path] if not self.is_server else []
        problems = [f"{file.name} was left" for file in beside]
        copies = self.operator.copies()
        answers = [[list(row.values())[0] for row in SQLite(copy).rows("PRAGMA integrity_check")] for copy in copies]
        is_right = bool(copies) != self.is_server and all(answer == ["ok"] for answer in answers)
        return problems + ([] if is_right else [f"copies: {answers}"])

    def close(self):
        self.program.remove()
        discard(self.folder)
        discard(self.kept)


@functools.cache
def enters(password, stored):
    """What stood there at first comes back in every trial, and bcrypt is slow on purpose."""
    return bcrypt.checkpw(password.encode(), stored.encode())


place = None


def begin(places, numbers):
    global place
    place = places[numbers.get()]


def trial(k):
    """One kill: returns (k, whether the command was killed, the call it died at, problems)."""
    place.put_back()
    status, begun = place.cut_off(k)
    problems = [] if status == 0 or killed(status) else [f"ended with {status}"]
    return k, killed(status), begun[-1] if begun else "", problems + judge(status)


def judge(status):
    dump, problems = place.dump()
    found = difference(place.before, dump)
    if found not in (set(), place.of.applied) or place.accepted(dump) != ([NEW] if found else [OLD]):
        problems.append(f"neither the old nor the new: {sorted(found)}, {place.accepted(dump)} enter")
    if status == 0 and not found:
        problems.append("the command ended with 0, and nothing was applied")
    # What comes next: another reset in the same program.
    problems += place.reset(place.of.other, NEW).expect(0)
    if problems:
        return problems
    settled, problems = place.dump()
    if place.row(settled) != place.row(dump):
        problems.append("settling changed the account")
    return problems + journal_tells(bool(found)) + goes_on()


def journal_tells(applied):
    """The journal says done where the new value stands and only there; and that, and only that, can be undone."""
    rows = [row for row in place.operator.journal() if row["account"]["id"] == str(place.of.key)]
    states = collections.Counter(row["state"] for row in rows)
    if states["done"] != applied or states["done"] + states["abandoned"] != len(rows) or len(rows) > 1:
        return [f"the journal says {dict(states)}, and {'the new' if applied else 'the old'} value stands"]
    problems = []
    for row in rows:
        answer = place.operator.sparekey("undo", str(row["reset"]))
        problems += answer.expect(0) if applied else answer.refused(65)
    dump, more = place.dump()
    return problems + more + ([] if place.accepted(dump) == [OLD] else [f"after undo {place.accepted(dump)} enter"])


def goes_on():
    """A further reset is as any other, nothing lies beside the program's database, and every kept copy is whole."""
    problems = place.reset(place.of.account, LATER).expect(0)
    dump, more = place.dump()
    problems += more + ([] if place.accepted(dump) == [LATER] else ["a further reset did not take"])
    return problems + place.left()


def every_kill(tally, kind, later, step):
    title, died_at, first = f"{kind.name}, {'a later one' if later else 'the first reset'}", collections.Counter(), step
    places, numbers = [Place(kind, number, later) for number in range(os.cpu_count() or 1)], multiprocessing.Queue()
    for number in range(len(places)):
        numbers.put(number)
    # A place of its own for each worker. The count of writes may differ by a few from run to run: only a whole round that
    # completes is the end.
    with multiprocessing.Pool(len(places), begin, (places, numbers)) as pool:
        while True:
            round_ = pool.map(trial, range(first, first + len(places) * step, step), chunksize=1)
            for k, was_killed, call, problems in round_:
                tally.check(f"{title}: killed before call {k} ({call})", problems)
                died_at.update([call] if was_killed else [])
            if not any(was_killed for _, was_killed, _, _ in round_):
                break
            first += len(places) * step
    for each in places:
        each.close()
    print(f"{title}: {sum(died_at.values())} kills ({', '.join(f'{name} {n}' for name, n in sorted(died_at.items()))})")
    tally.check(f"{title}: a kill landed in a sync", [] if died_at["fsync"] + died_at["fdatasync"] else ["none did"])


def main():
    tally = Tally()
    kind = PostgreSQL if "--postgres" in sys.argv else MariaDB if "--mariadb" in sys.argv else SQLite
    for later, step in ((False, 6), (True, 3)):
        every_kill(tally, kind, later, 1 if "--every" in sys.argv else step)
    tally.finish(f"crash, app resets on {kind.name}")


if __name__ == "__main__":
    main()
