"""A reset in the file of each shipped profile that has one: which program it is is left to the file. What changed is one value
of one line, the new one is held against the program's own way of reading it by other people's libraries, and undo leaves the
bytes that were there."""

import base64
import dataclasses
import json
import os
import re
import shutil

import argon2
import bcrypt
import yaml
from passlib.hash import sha256_crypt, sha512_crypt

from trial.instance import discard, fresh_folder
from trial.operator import Operator, bytes_of, same_files
from trial.program import FIXTURES
from trial.tally import Tally

OLD = "meadow-Copper-74-signal"
NEW = "harbour-Violet-31-anchor"


def lines(text):
    """{the first field: the second}, as Apache, nginx, Radicale and Dovecot split them."""
    rows = [line.split(":") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {row[0]: row[1] for row in rows}


def dokuwiki(text):
    """lib/plugins/authplain: comments go, a colon behind a backslash is none."""
    rows = [re.split(r"(?<!\\):", re.sub(r"#.*$", "", line).strip()) for line in text.splitlines()]
    return {row[0]: row[1] for row in rows if len(row) == 5}


def authelia(text):
    return {name: user["password"] for name, user in yaml.safe_load(text)["users"].items()}


def home_assistant(text):
    return {user["username"]: base64.b64decode(user["password"]).decode() for user in json.loads(text)["data"]["users"]}


@dataclasses.dataclass
class Case:
    profile: str
    account: str                 # as it is typed
    name: str                    # as it stands in the file
    begins: str                  # what the new value begins with
    reader: object = lines
    file: str = "users"
    said: tuple = ()


CASES = [
    Case("htpasswd", "ada", "ada", "$2y$10$"),
    Case("htpasswd", "Ada", "Ada", "$2y$10$"),
    Case("htpasswd", "grace", "grace", "$2y$10$"),
    Case("htpasswd", "alan", "alan", "$6$"),
    Case("htpasswd", "barbara", "barbara", "$5$rounds=20000$"),
    Case("htpasswd", "hedy", "hedy", "$2y$12$"),
    Case("radicale", "ada", "ada", "$2y$10$", file="radicale/users"),
    Case("radicale", "grace", "grace", "$2y$10$", file="radicale/users", said=("htpasswd_encryption",)),
    Case("dovecot", "ADA@example.org", "ada@example.org", "{SHA512-CRYPT}$6$"),
    Case("dovecot", "grace@example.org", "grace@example.org", "{BLF-CRYPT}$2y$10$"),
    Case("dovecot", "alan@example.org", "alan@example.org", "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$"),
    Case("dovecot", "barbara@example.org", "barbara@example.org", "{SHA512-CRYPT}$6$rounds=100000$"),
    Case("dovecot", "hedy@example.org", "hedy@example.org", "{CRYPT}$2y$10$", said=("nologin", "cannot sign in")),
    Case("dokuwiki", "ADA", "ada", "$2y$10$", dokuwiki, "conf/users.auth.php"),
    Case("dokuwiki", "grace@Example.org", "grace", "$2y$10$", dokuwiki, "conf/users.auth.php"),
    Case("dokuwiki", "alan", "alan", "$6$", dokuwiki),
    Case("authelia", "ada", "ada", "$argon2id$v=19$m=65536,t=3,p=4$", authelia, "users_database.yml", ("[Rr]estart Authelia",)),
    Case("authelia", "grace", "grace", "$6$rounds=50000$", authelia),
    Case("authelia", "ALAN@example.org", "", "", authelia),
    Case("authelia", "alan", "alan", "$2b$12$", authelia, said=("disabled", "cannot sign in")),
    Case("home-assistant", "Ada", "ada", "$2b$12$", home_assistant, "auth_provider.homeassistant", ("Start Home Assistant",)),
]


def accepts(stored, password):
    """By the library that speaks the value's own form."""
    stored = re.sub(r"^\{[A-Z0-9-]+\}", "", stored)
    if stored.startswith("$2"):
        return bcrypt.checkpw(password.encode(), stored.encode())
    if stored.startswith("$argon2"):
        try:
            return argon2.PasswordHasher().verify(stored, password)
        except argon2.exceptions.VerifyMismatchError:
            return False
    return {"$5$": sha256_crypt, "$6$": sha512_crypt}[stored[:3]].verify(password, stored)


class Trial:
    """The fixture of a profile in a folder of its own; somebody else's, where this is root."""

    def __init__(self, profile, file="users"):
        self.folder = fresh_folder()
        self.file = self.folder / "program" / file
        self.file.parent.mkdir(parents=True)
        shutil.copy(FIXTURES / f"{profile}.file", self.file)
        os.chmod(self.file, 0o640)
        if os.geteuid() == 0:
            os.chmod(self.folder, 0o711)
            for path in (self.file.parent, self.file):
                os.chown(path, 4242, 4242)
        self.operator = Operator(self.folder / "data")

    def close(self):
        discard(self.folder)


def reset_and_undo(case):
    trial = Trial(case.profile, case.file)
    try:
        before = bytes_of(trial.folder, trial.operator.folder)
        old = trial.file.read_text()
        answer = trial.operator.reset(trial.file, case.account, NEW, "--json")
        if not case.name:
            return answer.expect(67, case.account) + same_files(before, bytes_of(trial.folder, trial.operator.folder))
        problems = answer.expect(0, *case.said)
        if answer.status:
            return problems
        problems += judged(case, old, trial.file.read_text(), answer.document())
        problems += kept(trial, old, before)
        problems += trial.operator.sparekey("undo", str(answer.document()["reset"])).expect(0)
        return problems + same_files(before, bytes_of(trial.folder, trial.operator.folder))
    finally:
        trial.close()


def judged(case, old, new, document):
    """One value, of one account, in one line; the rest of the text around it is as it was."""
    was, now = case.reader(old), case.reader(new)
    problems = [f"{name} changed" for name in was.keys() | now.keys() if name != case.name and was.get(name) != now.get(name)]
    changed = [(one, other) for one, other in zip(old.split("\n"), new.split("\n"), strict=True) if one != other]
    around = [{text.replace(written(case, rows[case.name]), "") for text, rows in zip(pair, (was, now))} for pair in changed]
    if len(around) != 1 or len(around[0]) != 1:
        problems.append(f"more than the value changed: {len(changed)} lines")
    value = now[case.name]
    problems += [] if value.startswith(case.begins) else [f"it begins with {value[:12]}"]
    problems += [f"{password} is {accepts(value, password)}" for password, wanted in ((NEW, True), (OLD, False))
                 if accepts(value, password) is not wanted]
    if document["account"]["app"] != case.profile:
        problems.append(f"it was taken for {document['account']['app']}")
    return problems


def written(case, value):
    return base64.b64encode(value.encode()).decode() if case.reader is home_assistant else value


def kept(trial, old, before):
    """A copy from before the first reset, for nobody else's eyes; mode, owner and neighbours of the file as they were."""
    copies = [path for path in trial.operator.folder.glob("copies/*")]
    problems = [] if [path.read_text() for path in copies] == [old] else [f"there are {len(copies)} copies"]
    problems += [f"others can read the copy {path.name}" for path in copies if path.stat().st_mode & 0o077]
    after = bytes_of(trial.folder, trial.operator.folder)
    return problems + ([] if {path: rest[1:] for path, rest in before.items()} == {
        path: rest[1:] for path, rest in after.items()} else ["mode, owner or neighbours changed"])


def found_by_a_scan():
    """Files that are called as the programs call them, each by what is in it."""
    names = {"htpasswd": "www/.htpasswd", "radicale": "radicale/users", "dovecot": "mail/users", "dokuwiki": "conf/users.auth.php",
             "authelia": "users_database.yml", "home-assistant": ".storage/auth_provider.homeassistant"}
    folder = fresh_folder()
    try:
        for profile, name in names.items():
            path = folder / "programs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(FIXTURES / f"{profile}.file", path)
        (folder / "programs/www/htpasswd").write_text("colour: blue\nshape: round\n")
        before = bytes_of(folder)
        answer = Operator(folder / "data").sparekey("apps", "scan", str(folder / "programs"), "--json")
        found = {one["path"]: one["profiles"] for one in answer.document()["found"]}
        wanted = {str(folder / "programs" / name): [profile] for profile, name in names.items()}
        return answer.expect(0) + ([] if found == wanted else [f"found {found}"]) + same_files(before, bytes_of(folder))
    finally:
        discard(folder)


def shown_beforehand():
    """--dry-run says which line of which file, and makes nothing."""
    trial = Trial("htpasswd")
    try:
        before = bytes_of(trial.folder)
        answer = trial.operator.sparekey("reset-password", "--database", str(trial.file), "alan", "--generate", "--dry-run")
        problems = answer.expect(0) + same_files(before, bytes_of(trial.folder))
        return problems + ([] if f"{trial.file} (line 6: password)" in answer.out else [answer.out])
    finally:
        trial.close()


def through_a_link():
    """Somebody names a link: the file that it leads to is replaced, and the link stays one."""
    trial = Trial("htpasswd")
    try:
        link = trial.folder / "link"
        link.symlink_to(trial.file)
        problems = trial.operator.reset(link, "ada", NEW).expect(0)
        problems += [] if link.is_symlink() else ["the link is gone"]
        return problems + ([] if accepts(lines(trial.file.read_text())["ada"], NEW) else ["the file has the old password"])
    finally:
        trial.close()


REFUSED = {
    "a second name": (lambda trial: os.link(trial.file, trial.folder / "second"), 65, "second name"),
    "an account twice": (lambda trial: trial.file.write_text(trial.file.read_text() + "ada:x\n"), None, "several accounts"),
    "a line that is none": (lambda trial: trial.file.write_text(trial.file.read_text() + "what\n"), None, "line 9"),
}


def refused(spoil, status, said):
    trial = Trial("htpasswd")
    try:
        spoil(trial)
        before = bytes_of(trial.folder)
        answer = trial.operator.reset(trial.file, "ada", NEW, "--profile", "htpasswd")
        return answer.refused(answer.status if status is None and answer.status else status, said) + same_files(
            before, bytes_of(trial.folder, trial.operator.folder))
    finally:
        trial.close()


def main():
    tally = Tally()
    for case in CASES:
        tally.check(f"{case.profile}, {case.account}", reset_and_undo(case))
    for name, (spoil, status, said) in REFUSED.items():
        tally.check(f"refused: {name}", refused(spoil, status, said))
    tally.check("a scan finds each", found_by_a_scan())
    tally.check("--dry-run names file and line", shown_beforehand())
    tally.check("through a link", through_a_link())
    tally.finish("every profile with a file")


if __name__ == "__main__":
    main()
