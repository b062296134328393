"""Kills a reset in a file of accounts (htpasswd) before its k-th write, sync, truncate, link, rename or unlink. The file is
whole, old or new, after each kill; the next command settles the rest: the journal says done where the new value stands and
only there, nothing lies beside the file, and a further reset and undo are as any other. Killed at every call around the one
that gives the new file its name, and at some of the others; with `--every`, at all of them.

Once more with `--in-place` in a file with a second name, which is the same file afterwards: a reset that makes it longer, and
an undo that makes it shorter. There the file may be found half written, until the next command."""

import collections
import multiprocessing
import os
import shutil
import sys

import bcrypt
import tracer
from passlib.hash import apr_md5_crypt
from trial.instance import BINARY, discard, fresh_folder, killed
from trial.operator import Operator
from trial.program import FIXTURES
from trial.tally import Tally

OLD = "meadow-Copper-74-signal"
NEW = "harbour-Violet-31-anchor"
LATER = "window-Saffron-19-ladder"


class Place:
    """A file of accounts and the operator's data folder, both below one folder, which is copied for each kill."""

    account, more = "ada", ()
    # Around the decisive calls every one is taken, so many before and after.
    decisive, near, step = "renameat", 8, 10

    def __init__(self, folder):
        self.folder = folder
        self.operator = Operator(folder / "data")
        self.file = folder / "program/.htpasswd"

    def prepare(self):
        """Something was reset there before: the data folder is made, and a copy of the file kept."""
        self.file.parent.mkdir()
        shutil.copy(FIXTURES / "htpasswd.file", self.file)
        self.done(self.operator.reset(self.file, "hedy", LATER))

    @staticmethod
    def done(answer):
        if answer.status:
            raise RuntimeError(f"the starting point is not what it should be: {answer.err}")

    def copied(self):
        folder = fresh_folder("sparekey-trial-")
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        os.chmod(folder, 0o700)
        return type(self)(folder)

    def command(self):
        """What is cut off."""
        return "reset-password", "--database", str(self.file), self.account, "--password-stdin", "--yes", *self.more

    def cut_off(self, k):
        """It is killed at its k-th call: how it ended, and the calls that it began."""
        return tracer.run([BINARY, *self.command()], self.operator.environment(), k, (NEW + "\n").encode())

    def enters(self):
        """Which of the passwords the account's line takes."""
        stored = self.file.read_text().split(f"\n{self.account}:")[1].split("\n")[0].split(":")[0]
        if stored.startswith("$apr1$"):
            return [password for password in (OLD, NEW, LATER) if apr_md5_crypt.verify(password, stored)]
        return [password for password in (OLD, NEW, LATER) if bcrypt.checkpw(password.encode(), stored.encode())]

    def others(self):
        return [line for line in self.file.read_bytes().split(b"\n") if not line.startswith(self.account.encode() + b":")]

    def standing(self, before, others):
        """Whether it is applied, and what is wrong with the file as it is found."""
        applied = self.file.read_bytes() != before
        is_whole = self.enters() == self.right(applied) and self.others() == others
        return applied, [] if is_whole else [f"the file is neither the old nor the new one: {self.enters()} enter"]

    def right(self, applied):
        return [NEW] if applied else [OLD]

    def moments(self, begun):
        """Around which calls it is killed one by one."""
        return [len(begun) - begun[::-1].index("renameat")]

    def left(self):
        return [f"{file.name} was left" for file in self.file.parent.iterdir() if file != self.file]


class InPlace(Place):
    """The file has a second name, and the line becomes longer: apr1 is no format that is written."""

    account, more = "grace", ("--in-place",)
    decisive, near, step = "fsync", 3, 50

    def prepare(self):
        super().prepare()
        os.link(self.file, self.folder / "second")

    def copied(self):
        place = super().copied()
        (place.folder / "second").unlink()
        os.link(place.file, place.folder / "second")
        return place

    def standing(self, before, others):
        """As the next command leaves it, which finds what was cut off."""
        self.done(self.operator.sparekey("resets", "list"))
        applied, problems = super().standing(before, others)
        same = self.file.stat().st_ino == (self.folder / "second").stat().st_ino
        return applied, problems + ([] if same else ["the second name is another file's"])

    def moments(self, begun):
        return [number + 1 for number, name in enumerate(begun) if name in ("fsync", "ftruncate")][-3:]


class UndoInPlace(InPlace):
    """The line becomes shorter again, and the file is cut."""

    decisive = "ftruncate"

    def prepare(self):
        super().prepare()
        self.done(self.operator.reset(self.file, self.account, NEW, "--in-place"))

    def copied(self):
        """Made anew: the journal names the file that was reset."""
        place = UndoInPlace(fresh_folder("sparekey-trial-"))
        place.prepare()
        return place

    def command(self):
        return "undo", "2", "--in-place"

    def right(self, applied):
        return [OLD] if applied else [NEW]


def trial(arguments):
    """One kill: returns (k, whether the command was killed, the call it died at, problems)."""
    prepared, k = arguments
    place = prepared.copied()
    try:
        before = place.file.read_bytes()
        others = place.others()
        status, begun = place.cut_off(k)
        problems = [] if status == 0 or killed(status) else [f"ended with {status}"]
        applied, wrong = place.standing(before, others)
        if status == 0 and not applied:
            problems.append("the command ended with 0, and nothing was applied")
        return k, killed(status), begun[-1] if begun else "", problems + wrong or settled(place, applied)
    finally:
        discard(place.folder)


def settled(place, applied):
    """What comes next: another reset in the same file, undo of the first, and one more."""
    if isinstance(place, UndoInPlace):
        return undo_settled(place, applied)
    kept = place.file.read_bytes().split(b"\n")
    problems = place.operator.reset(place.file, "hedy", NEW, *place.more).expect(0)
    if place.file.read_bytes().split(b"\n")[:-2] != kept[:-2]:
        problems.append("settling changed the account")
    rows = [row for row in place.operator.journal() if row["account"]["username"] == place.account]
    states = collections.Counter(row["state"] for row in rows)
    if states["done"] != applied or states["done"] + states["abandoned"] != len(rows) or len(rows) > 1:
        return problems + [f"the journal says {dict(states)}, and {'the new' if applied else 'the old'} value stands"]
    for row in rows:
        answer = place.operator.sparekey("undo", str(row["reset"]), *place.more)
        problems += answer.expect(0) if applied else answer.refused(65)
    return problems + ([] if place.enters() == [OLD] else [f"after undo {place.enters()} enter"]) + goes_on(place)


def undo_settled(place, applied):
    """An undo that was cut off can be made as long as it was not applied, and once."""
    answer = place.operator.sparekey(*place.command())
    problems = answer.refused(65) if applied else answer.expect(0)
    return problems + ([] if place.enters() == [OLD] else [f"after undo {place.enters()} enter"]) + goes_on(place)


def goes_on(place):
    problems = place.operator.reset(place.file, place.account, LATER, *place.more).expect(0)
    return problems + ([] if place.enters() == [LATER] else ["a further reset did not take"]) + place.left()


def moments(prepared, every):
    """The numbers of the calls to be killed at, by what a run makes that is not killed. Further runs make a few more or less."""
    place = prepared.copied()
    try:
        _, begun = place.cut_off(0)
    finally:
        discard(place.folder)
    step = 1 if every else prepared.step
    near = {k for moment in prepared.moments(begun) for k in range(max(1, moment - prepared.near), moment + prepared.near + 1)}
    return sorted(set(range(1, len(begun) + 10, step)) | near)


def every_kill(tally, kind, title, pool):
    prepared, died_at = kind(fresh_folder()), collections.Counter()
    try:
        prepared.prepare()
        ks = moments(prepared, "--every" in sys.argv)
        for k, was_killed, call, problems in pool.imap_unordered(trial, [(prepared, k) for k in ks]):
            tally.check(f"{title}: killed before call {k} ({call})", problems)
            died_at.update([call] if was_killed else [])
    finally:
        discard(prepared.folder)
    print(f"{title}: {sum(died_at.values())} kills ({', '.join(f'{name} {n}' for name, n in sorted(died_at.items()))})")
    tally.check(f"{title}: a kill landed in the {kind.decisive}", [] if died_at[kind.decisive] else ["none did"])


def main():
    tally = Tally()
    with multiprocessing.Pool(os.cpu_count() or 1) as pool:
        for kind, title in ((Place, "replaced"), (InPlace, "in place"), (UndoInPlace, "undone in place")):
            every_kill(tally, kind, title, pool)
    tally.finish("crash, resets in a file")


if __name__ == "__main__":
    main()
