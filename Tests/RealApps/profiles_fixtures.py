"""A reset in a database of each shipped profile: which program it is is left to the schema. What changed is held against
lists written here by hand, the new value against the program's own way of reading it, and undo against what was there.
Further databases join where they are at hand (dev/with-postgres dev/with-mariadb)."""

import json
import time

import judges
from profile_cases import CASES, NEW, OLD, REFUSED, TRIGGER
from trial.instance import discard, fresh_folder
from trial.operator import Operator, bytes_of, copy_is, journal_mode, same_files
from trial.program import FIXTURES, SQLite, expect, fixture, kinds
from trial.tally import Tally

MUST_CHANGE = ("must_change_password", "requirePasswordChange", "user_password_expires", "mustChangePwd",
               "shouldChangePassword")


class Trial:
    def __init__(self, profile, kind, extra=""):
        self.folder = fresh_folder()
        place = self.folder / "program"
        place.mkdir()
        self.program = kind(place / f"{profile}.db") if kind is SQLite else kind("fixture_trial")
        self.program.load(fixture(profile, kind) + extra)
        self.operator = Operator(self.folder / "data")

    def row(self, case):
        return self.program.dump()[case.table][1][case.key]

    def close(self):
        self.program.remove()
        discard(self.folder)


def reset_and_undo(case, kind):
    trial = Trial(case.profile, kind, case.extra)
    try:
        before = trial.program.dump()
        answer = trial.operator.reset(trial.program.address, case.account, NEW, "--json", *case.more)
        after = trial.program.dump()
        problems = answer.expect(0, *case.said) + expect(before, after, case.changed() | set(case.gone))
        if answer.status:
            return problems
        problems += judged(case, before[case.table][1][case.key], after[case.table][1][case.key], answer.document())
        problems += copies(trial, kind, before)
        undone = trial.operator.sparekey("undo", str(answer.document()["reset"]))
        again = trial.program.dump()
        # The trigger has seen the password come back too.
        new = {"trail[2] new"} if case.extra == TRIGGER else set()
        return problems + undone.expect(0) + [f"undo: {one}" for one in expect(before, again, set(case.gone) | new)]
    finally:
        trial.close()


def judged(case, old, new, document):
    problems = [f"{password} is {case.judge(new, password)}" for password, wanted in ((NEW, True), (OLD, False))
                if case.judge(new, password) is not wanted]
    if document["account"]["app"] != case.profile:
        problems.append(f"it was taken for {document['account']['app']}")
    flag = next((new[name] for name in MUST_CHANGE if name in new), False)
    if bool(flag) != document["requirePasswordChange"] or flag and "--no-force-change" in case.more:
        problems.append(f"requirePasswordChange is {document['requirePasswordChange']}, the row says {flag}")
    return problems + stamped(old, new)


def stamped(old, new):
    """A stamp is of the type that was there, and says now."""
    units = {"updated_unix": 1, "updated_at": 1000, "updatedAt": 1000}
    problems = []
    for column, unit in units.items():
        if isinstance(new.get(column), int) and abs(new[column] / unit - time.time()) > 300:
            problems.append(f"{column} is {new[column]}")
    return problems + [f"{column} is {type(new[column]).__name__}, and was {type(old[column]).__name__}" for column in new
                       if None not in (old[column], new[column]) and type(new[column]) is not type(old[column])]


def copies(trial, kind, before):
    found = trial.operator.copies()
    if kind is not SQLite:
        return ["a copy was made of a server's database"] if found else []
    return copy_is(found[0], before) if len(found) == 1 else [f"there are {len(found)} copies"]


def refused(case):
    trial = Trial(case.profile, case.kind, case.extra)
    try:
        files, rows = bytes_of(trial.folder), trial.program.dump()
        answer = trial.operator.sparekey(
            "reset-password", "--database", trial.program.address, case.account, "--password-stdin",
            *(["--yes"] if case.yes else []), password=NEW)
        problems = answer.refused(case.status, *case.said) + expect(rows, trial.program.dump(), ())
        return problems + same_files(files, bytes_of(trial.folder, trial.operator.folder))
    finally:
        trial.close()


def write_ahead_log():
    """A program that writes with a write-ahead log finds it so, and empty, afterwards."""
    trial = Trial("palmr", SQLite)
    try:
        trial.program.rows("PRAGMA journal_mode = WAL")
        names = sorted(path.name for path in trial.program.path.parent.iterdir())
        problems = trial.operator.reset(trial.program.address, "ada", NEW).expect(0)
        found = sorted(path.name for path in trial.program.path.parent.iterdir())
        problems += [] if found == names else [f"beside it lie {found}"]
        return problems + ([] if journal_mode(trial.program.path) == "wal" else ["its journal mode changed"])
    finally:
        trial.close()


def shown_beforehand():
    """--dry-run names what it would touch, a trigger of the program's own among it."""
    trial = Trial("palmr", SQLite, TRIGGER)
    try:
        before = bytes_of(trial.folder)
        answer = trial.operator.sparekey("reset-password", "--database", trial.program.address, "ada", "--generate",
                                         "--dry-run")
        shown = answer.out + answer.err
        problems = answer.expect(0) + same_files(before, bytes_of(trial.folder))
        return problems + [f"{name} is not named:\n{shown}" for name in (
            "updatedAt", "login_attempts", "password_resets", "note_password") if name not in shown]
    finally:
        trial.close()


def nexus_file():
    """The sign-in of Nexus looks into a file first: a new password in the table alone would let nobody in. One name in both
    is one account: both have the new password, and undo brings both back."""
    trial = Trial("nexus", SQLite)
    try:
        file = trial.program.path.parent / "admin-credentials.json"
        file.write_bytes((FIXTURES / "nexus-admin-credentials.json").read_bytes())
        old, rows = json.loads(file.read_text()), trial.program.dump()
        problems = trial.operator.reset(trial.program.address, "admin", NEW).expect(0)
        new, after = json.loads(file.read_text()), trial.program.dump()
        problems += expect(rows, after, {f"users[1].{column}" for column in ("password", "must_change_password", "updated_at")})
        problems += [f"{name} in the file changed" for name in ("id", "username", "createdAt") if new[name] != old[name]]
        judge = judges.bcrypt_as("$2b$", 10)
        problems += [f"{place} does not have the new password" for place, row in (
            ("the file", new), ("the table", after["users"][1][1])) if not judge(row, NEW)]
        problems += trial.operator.sparekey("undo", "1").expect(0) + expect(rows, trial.program.dump(), ())
        return problems + ([] if json.loads(file.read_text()) == old else ["undo left the file otherwise"])
    finally:
        trial.close()


def main():
    tally = Tally()
    for case in CASES:
        for kind in kinds():
            if case.runs_on(kind):
                tally.check(f"{case.profile}, {case.account}, {kind.name}", reset_and_undo(case, kind))
    for case in REFUSED:
        if case.kind in kinds():
            tally.check(f"{case.profile}, {case.account}: refused", refused(case))
    tally.check("a write-ahead log stays one", write_ahead_log())
    tally.check("--dry-run names tables and triggers", shown_beforehand())
    tally.check("nexus, the account in the file", nexus_file())
    tally.finish("every profile")


if __name__ == "__main__":
    main()
