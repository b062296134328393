"""Kills a reset in a file of accounts (htpasswd) before its k-th write, sync, truncate, link, rename or unlink. The file is
whole, old or new, after each kill; the next command settles the rest: the journal says done where the new value stands and
only there, nothing lies beside the file, and a further reset and undo are as any other. Killed at every call around the one
that gives the new file its name, and at every tenth of the others; with `--every`, at all of them."""

import collections
import multiprocessing
import os
import shutil
import sys

import bcrypt
import tracer
from trial.instance import BINARY, discard, fresh_folder, killed
from trial.operator import Operator
from trial.program import FIXTURES
from trial.tally import Tally

OLD = "meadow-Copper-74-signal"
NEW = "harbour-Violet-31-anchor"
LATER = "window-Saffron-19-ladder"


class Place:
    """A file of accounts and the operator's data folder, both below one folder, which is copied for each kill."""

    def __init__(self, folder):
        self.folder = folder
        self.operator = Operator(folder / "data")
        self.file = folder / "program/.htpasswd"

    def copied(self):
        folder = fresh_folder("sparekey-trial-")
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        os.chmod(folder, 0o700)
        return Place(folder)

    def cut_off(self, k):
        """A reset of ada that is killed at its k-th call: how it ended, and the calls that it began."""
        return tracer.run(
            [BINARY, "reset-password", "--database", str(self.file), "ada", "--password-stdin", "--yes"],
            self.operator.environment(), k, (NEW + "\n").encode())

    def enters(self):
        """Which of the passwords ada's line takes."""
        stored = self.file.read_text().split("\nada:")[1].split("\n")[0].encode()
        return [password for password in (OLD, NEW, LATER) if bcrypt.checkpw(password.encode(), stored)]

    def others(self):
        return [line for line in self.file.read_bytes().split(b"\n") if not line.startswith(b"ada:")]


def prepare():
    """Something was reset there before: the data folder is made, and a copy of the file kept."""
    place = Place(fresh_folder())
    place.file.parent.mkdir()
    shutil.copy(FIXTURES / "htpasswd.file", place.file)
    answer = place.operator.reset(place.file, "hedy", LATER)
    if answer.status:
        raise RuntimeError(f"the starting point is not what it should be: {answer.err}")
    return place


def trial(arguments):
    """One kill: returns (k, whether the command was killed, the call it died at, problems)."""
    prepared, k = arguments
    place = prepared.copied()
    try:
        before = place.file.read_bytes()
        others = place.others()
        status, begun = place.cut_off(k)
        problems = [] if status == 0 or killed(status) else [f"ended with {status}"]
        applied = place.file.read_bytes() != before
        if place.enters() != ([NEW] if applied else [OLD]) or place.others() != others:
            problems.append(f"the file is neither the old nor the new one: {place.enters()} enter")
        if status == 0 and not applied:
            problems.append("the command ended with 0, and nothing was applied")
        return k, killed(status), begun[-1] if begun else "", problems or settled(place, applied)
    finally:
        discard(place.folder)


def settled(place, applied):
    """What comes next: another reset in the same file, undo of the first, and one more."""
    kept = place.file.read_bytes().split(b"\n")
    problems = place.operator.reset(place.file, "hedy", NEW).expect(0)
    if place.file.read_bytes().split(b"\n")[:-2] != kept[:-2]:
        problems.append("settling changed the account")
    rows = [row for row in place.operator.journal() if row["account"]["username"] == "ada"]
    states = collections.Counter(row["state"] for row in rows)
    if states["done"] != applied or states["done"] + states["abandoned"] != len(rows) or len(rows) > 1:
        return problems + [f"the journal says {dict(states)}, and {'the new' if applied else 'the old'} value stands"]
    for row in rows:
        answer = place.operator.sparekey("undo", str(row["reset"]))
        problems += answer.expect(0) if applied else answer.refused(65)
    problems += [] if place.enters() == [OLD] else [f"after undo {place.enters()} enter"]
    problems += place.operator.reset(place.file, "ada", LATER).expect(0)
    problems += [] if place.enters() == [LATER] else ["a further reset did not take"]
    return problems + [f"{file.name} was left" for file in place.file.parent.iterdir() if file != place.file]


def moments(prepared, every):
    """The numbers of the calls to be killed at, by what a run makes that is not killed. Further runs make a few more or less."""
    place = prepared.copied()
    try:
        _, begun = place.cut_off(0)
    finally:
        discard(place.folder)
    renamed = len(begun) - begun[::-1].index("renameat")
    step = 1 if every else 10
    return sorted(set(range(1, len(begun) + 10, step)) | set(range(renamed - 8, renamed + 9)))


def main():
    tally = Tally()
    prepared = prepare()
    died_at = collections.Counter()
    with multiprocessing.Pool(os.cpu_count() or 1) as pool:
        ks = moments(prepared, "--every" in sys.argv)
        for k, was_killed, call, problems in pool.imap_unordered(trial, [(prepared, k) for k in ks]):
            tally.check(f"killed before call {k} ({call})", problems)
            died_at.update([call] if was_killed else [])
    discard(prepared.folder)
    print(f"{sum(died_at.values())} kills ({', '.join(f'{name} {n}' for name, n in sorted(died_at.items()))})")
    tally.check("a kill landed before the new file had its name", [] if died_at["renameat"] else ["none did"])
    tally.finish("crash, resets in a file")


if __name__ == "__main__":
    main()
