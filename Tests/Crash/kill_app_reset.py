"""Kills a reset in another program's SQLite database before its k-th write, sync, truncate, link, rename or unlink, for
every k until one completes: once as the first reset ever, which makes the data folder and copies the program's database, and
once as a later one. Two databases change; whichever was cut off, the next command settles what is owed.

Every sixth k of the first reset, whose end is a later one all over again, and of that one every third; with `--every`, all
of them, which takes minutes."""

import collections
import multiprocessing
import os
import shutil
import sys

import bcrypt
import tracer
from trial.instance import BINARY, discard, fresh_folder, killed
from trial.operator import Operator
from trial.program import SQLite, difference, fixture
from trial.tally import Tally

OLD = "meadow-Copper-74-signal"
NEW = "harbour-Violet-31-anchor"
LATER = "window-Saffron-19-ladder"
# What a reset of ada changes, all of it in one transaction: tries to sign in and outstanding tokens go with it.
APPLIED = {"users[clx0ada].password", "users[clx0ada].updatedAt", "login_attempts[a1] gone", "password_resets[r1] gone"}


class Place:
    """A program's database and the operator's data folder, both below one folder, which is copied for each kill."""

    def __init__(self, folder):
        self.folder = folder
        self.operator = Operator(folder / "data")
        self.path = folder / "program/palmr.db"

    def reset(self, account, password):
        return self.operator.reset(self.path, account, password)

    def program(self):
        """The database as the next reader finds it: recovered in a copy, so that recovery here is left to Sparekey."""
        copy = fresh_folder()
        try:
            for file in self.path.parent.iterdir():
                shutil.copy(file, copy / file.name)
            found = SQLite(copy / self.path.name)
            answer = [list(row.values())[0] for row in found.rows("PRAGMA integrity_check")]
            return found.dump(), [] if answer == ["ok"] else [f"integrity_check: {answer}"]
        finally:
            discard(copy)

    def copied(self):
        folder = fresh_folder("sparekey-trial-")
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        os.chmod(folder, 0o700)
        return Place(folder)


def prepare(later):
    place = Place(fresh_folder())
    place.path.parent.mkdir()
    SQLite(place.path).load(fixture("palmr"))
    if later:
        answer = place.reset("grace", LATER)
        if answer.status:
            raise RuntimeError(f"the starting point is not what it should be: {answer.err}")
    return place


def accepted(dump, account="clx0ada"):
    stored = dump["users"][1][account]["password"].encode()
    return [password for password in (OLD, NEW, LATER) if bcrypt.checkpw(password.encode(), stored)]


def trial(arguments):
    """One kill: returns (k, whether the command was killed, the call it died at, problems)."""
    prepared, k = arguments
    place = prepared.copied()
    try:
        before, _ = place.program()
        status, begun = tracer.run(
            [BINARY, "reset-password", "--database", str(place.path), "ada", "--password-stdin", "--yes"],
            place.operator.environment(), k, (NEW + "\n").encode())
        problems = [] if status == 0 or killed(status) else [f"ended with {status}"]
        problems += judge(place, before, status)
        return k, killed(status), begun[-1] if begun else "", problems
    finally:
        discard(place.folder)


def judge(place, before, status):
    dump, problems = place.program()
    found = difference(before, dump)
    if found not in (set(), APPLIED) or accepted(dump) != ([NEW] if found else [OLD]):
        problems.append(f"neither the old nor the new: {sorted(found)}, {accepted(dump)} enter")
    if status == 0 and not found:
        problems.append("the command ended with 0, and nothing was applied")
    # What comes next: another reset in the same program.
    problems += place.reset("grace", NEW).expect(0)
    if problems:
        return problems
    settled, problems = place.program()
    if settled["users"][1]["clx0ada"] != dump["users"][1]["clx0ada"]:
        problems.append("settling changed the account")
    return problems + journal_tells(place, bool(found)) + goes_on(place)


def journal_tells(place, applied):
    """The journal says done where the new value stands and only there; and that, and only that, can be undone."""
    rows = [row for row in place.operator.journal() if row["account"]["username"] == "ada"]
    states = collections.Counter(row["state"] for row in rows)
    if states["done"] != applied or states["done"] + states["abandoned"] != len(rows) or len(rows) > 1:
        return [f"the journal says {dict(states)}, and {'the new' if applied else 'the old'} value stands"]
    problems = []
    for row in rows:
        answer = place.operator.sparekey("undo", str(row["reset"]))
        problems += answer.expect(0) if applied else answer.refused(65)
    dump, more = place.program()
    return problems + more + ([] if accepted(dump) == [OLD] else [f"after undo {accepted(dump)} enter"])


def goes_on(place):
    """A further reset is as any other, nothing lies beside the program's database, and every kept copy is whole."""
    problems = place.reset("ada", LATER).expect(0)
    dump, more = place.program()
    problems += more + ([] if accepted(dump) == [LATER] else ["a further reset did not take"])
    problems += [f"{file.name} was left" for file in place.path.parent.iterdir() if file != place.path]
    copies = place.operator.copies()
    answers = [[list(row.values())[0] for row in SQLite(copy).rows("PRAGMA integrity_check")] for copy in copies]
    return problems + ([] if copies and all(answer == ["ok"] for answer in answers) else [f"copies: {answers}"])


def every_kill(tally, prepared, title, step):
    died_at = collections.Counter()
    workers = os.cpu_count() or 1
    first = step
    # The count of writes may differ by a few from run to run: only a whole round that completes is the end.
    with multiprocessing.Pool(workers) as pool:
        while True:
            round_ = pool.map(trial, [(prepared, k) for k in range(first, first + workers * step, step)], chunksize=1)
            for k, was_killed, call, problems in round_:
                tally.check(f"{title}: killed before call {k} ({call})", problems)
                died_at.update([call] if was_killed else [])
            if not any(was_killed for _, was_killed, _, _ in round_):
                break
            first += workers * step
    print(f"{title}: {sum(died_at.values())} kills ({', '.join(f'{name} {n}' for name, n in sorted(died_at.items()))})")
    tally.check(f"{title}: a kill landed in a sync", [] if died_at["fsync"] + died_at["fdatasync"] else ["none did"])


def main():
    tally = Tally()
    for later, title, step in ((False, "the first reset", 6), (True, "a later one", 3)):
        prepared = prepare(later)
        every_kill(tally, prepared, title, 1 if "--every" in sys.argv else step)
        discard(prepared.folder)
    tally.finish("crash, app resets")


if __name__ == "__main__":
    main()
