"""Kills a reset in a file of accounts (htpasswd) before its k-th write, sync, truncate, link, rename or unlink, for every k
until one completes. The file is whole, old or new, after each kill; the next command settles the rest: the journal says done
where the new value stands and only there, nothing lies beside the file, and a further reset and undo are as any other. Every
third kill; with `--every`, all of them."""

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
        status, begun = tracer.run(
            [BINARY, "reset-password", "--database", str(place.file), "ada", "--password-stdin", "--yes"],
            place.operator.environment(), k, (NEW + "\n").encode())
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


def main():
    tally = Tally()
    prepared = prepare()
    died_at = collections.Counter()
    workers, step = os.cpu_count() or 1, 1 if "--every" in sys.argv else 3
    first = step
    # The count of writes may differ by a few from run to run: only a whole round that completes is the end.
    with multiprocessing.Pool(workers) as pool:
        while True:
            round_ = pool.map(trial, [(prepared, k) for k in range(first, first + workers * step, step)], chunksize=1)
            for k, was_killed, call, problems in round_:
                tally.check(f"killed before call {k} ({call})", problems)
                died_at.update([call] if was_killed else [])
            if not any(was_killed for _, was_killed, _, _ in round_):
                break
            first += workers * step
    discard(prepared.folder)
    print(f"{sum(died_at.values())} kills ({', '.join(f'{name} {n}' for name, n in sorted(died_at.items()))})")
    tally.check("a kill landed in a sync", [] if died_at["fsync"] + died_at["fdatasync"] else ["none did"])
    tally.finish("crash, resets in a file")


if __name__ == "__main__":
    main()
