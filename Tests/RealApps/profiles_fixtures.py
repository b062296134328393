"""A reset in a database of each shipped profile: which program it is is left to the schema. What changed is held against
lists written here by hand, the new value against the program's own way of reading it, and undo against what was there.
Further databases join where they are at hand (dev/with-postgres dev/with-mariadb)."""

import dataclasses
import json
import time

import judges
from trial.instance import discard, fresh_folder
from trial.operator import Operator, bytes_of, copy_is, journal_mode, same_files
from trial.program import FIXTURES, MariaDB, PostgreSQL, SQLite, expect, fixture, kinds
from trial.tally import Tally

OLD = "meadow-Copper-74-signal"
NEW = "harbour-Violet-31-anchor"
TOKENS = """
CREATE TABLE authtoken_token (key varchar(40) PRIMARY KEY, created datetime NOT NULL, user_id integer NOT NULL UNIQUE);
INSERT INTO authtoken_token VALUES ('of ada', '2025-12-10', 1), ('of grace', '2025-12-10', 2);
"""
TRIGGER = """
CREATE TABLE trail (number INTEGER PRIMARY KEY, what TEXT);
CREATE TRIGGER note_password AFTER UPDATE OF password ON users BEGIN
  INSERT INTO trail (what) VALUES ('password of ' || new.username); END;
"""


@dataclasses.dataclass
class Case:
    profile: str
    account: str                 # as it is typed
    table: str
    key: object                  # the account's first column
    columns: str                 # those that a reset changes
    judge: object
    gone: tuple = ()             # rows of other tables, which undo does not bring back
    said: tuple = ()
    more: tuple = ()             # options
    extra: str = ""              # what else the database holds
    others: tuple = ()           # besides SQLite

    def changed(self):
        return {f"{self.table}[{self.key}].{column}" for column in self.columns.split()}


CASES = [
    Case("django", "ada", "auth_user", 1, "password", judges.django, ("authtoken_token[of ada] gone",), extra=TOKENS),
    Case("django", "GRACE@example.org", "auth_user", 2, "password", judges.django),
    Case("django", "hedy", "auth_user", 3, "password", judges.django),
    Case("django", "barbara@example.org", "auth_user", 4, "password", judges.django, said=("deactivated", "cannot sign in")),
    Case("django", "old", "auth_user", 5, "password", judges.django),
    Case("flashcard-flow", "Ada@Example.org", "users", "u1", "password_hash hkey pbkdf2_hash", judges.flashcard_flow,
         said=("restart it",), others=(PostgreSQL,)),
    Case("flashcard-flow", "Grace", "users", "u2", "password_hash hkey pbkdf2_hash", judges.flashcard_flow),
    Case("gitea", "ADA", "user", 1, "passwd salt updated_unix must_change_password", judges.gitea,
         ("auth_token[t1] gone",), others=(PostgreSQL, MariaDB)),
    Case("gitea", "grace", "user", 2, "passwd salt passwd_hash_algo updated_unix", judges.gitea, ("auth_token[t2] gone",),
         said=("forbidden", "cannot sign in"), more=("--no-force-change",)),
    Case("grafana", "Admin", "user", 1, "password salt updated", judges.grafana,
         ("user_auth_token[1] gone", "login_attempt[1] gone", "login_attempt[2] gone"), others=(PostgreSQL, MariaDB)),
    Case("grafana", "grace@example.org", "user", 2, "password salt updated", judges.grafana,
         ("user_auth_token[2] gone", "login_attempt[3] gone"), said=("disabled", "cannot sign in")),
    Case("listsome", "ADMIN@example.com", "account", 1, "password_hash", judges.listsome,
         ("password_reset_tokens[1] gone",)),
    Case("nexus", "alan", "users", 3, "password must_change_password updated_at reset_token reset_token_expires",
         judges.bcrypt_as("$2b$", 10), ("sessions[2] gone",)),
    Case("nexus", "grace", "users", 2, "password updated_at reset_token reset_token_expires",
         judges.bcrypt_as("$2b$", 10), ("sessions[1] gone",), said=("second factor",)),
    Case("palmr", "ada", "users", "clx0ada", "password updatedAt", judges.bcrypt_as("$2a$", 10),
         ("login_attempts[a1] gone", "password_resets[r1] gone", "trail[1] new"), extra=TRIGGER),
    Case("palmr", "Grace@Example.org", "users", "clx0grace", "password updatedAt", judges.bcrypt_as("$2a$", 10),
         ("login_attempts[a2] gone", "password_resets[r3] gone"), said=("second factor",)),
    Case("proxmox-manager-portal", "ada", "users", "7d0c1c5e-2f3a-4a58-9a37-0a1b2c3d4e5f",
         "password updatedAt requirePasswordChange", judges.bcrypt_as("$2a$", 12), others=(PostgreSQL,)),
    Case("proxmox-manager-portal", "Alan@example.org", "users", "5f0a9f5c-0d59-4b38-9c55-665544332211",
         "password updatedAt requirePasswordChange", judges.bcrypt_as("$2a$", 12), said=("deactivated", "cannot sign in"),
         others=(PostgreSQL,)),
]
# (profile, account, exit status, what is said): nothing is written for these.
REFUSED = [
    ("django", "alan", 65, ("no usable password", "changepassword")),
    ("gitea", "alan", 65, ("LDAP", "authentication source")),
    ("gitea", "makers", 67, ("makers",)),
    ("grafana", "alan", 65, ("no password", "reset the password there")),
    ("grafana", "sa-build", 67, ("sa-build",)),
    ("palmr", "alan", 65, ("single sign-on", "external provider")),
    ("palmr", "ADA", 67, ("ADA",)),
]


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
    flag = next((new[name] for name in ("must_change_password", "requirePasswordChange") if name in new), False)
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


def refused(profile, account, status, said):
    trial = Trial(profile, SQLite)
    try:
        before = bytes_of(trial.folder)
        answer = trial.operator.reset(trial.program.address, account, NEW)
        return answer.refused(status, *said) + same_files(before, bytes_of(trial.folder, trial.operator.folder))
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
            if kind in case.others or kind is SQLite and case.profile != "proxmox-manager-portal":
                tally.check(f"{case.profile}, {case.account}, {kind.name}", reset_and_undo(case, kind))
    for profile, account, status, said in REFUSED:
        tally.check(f"{profile}, {account}: refused", refused(profile, account, status, said))
    tally.check("a write-ahead log stays one", write_ahead_log())
    tally.check("--dry-run names tables and triggers", shown_beforehand())
    tally.check("nexus, the account in the file", nexus_file())
    tally.finish("every profile")


if __name__ == "__main__":
    main()
