"""Somebody at a shell who resets passwords in another program's database, on a machine where nothing is set up."""

import dataclasses
import json
import pathlib
import re

from trial.instance import Instance
from trial.program import SQLite


@dataclasses.dataclass
class Answer:
    """What one run of the program said, and how it ended."""
    status: int
    out: str
    err: str

    def document(self):
        return json.loads(self.out)

    def expect(self, status, *said):
        """Problems unless it ended so and every pattern stands in what it wrote to standard error."""
        talk = " ".join(self.err.split())
        problems = [] if self.status == status else [f"ended with {self.status}, not {status}"]
        problems += [f"did not say /{pattern}/" for pattern in said if not re.search(pattern, talk)]
        return problems + ([f"it said: {talk}", f"and answered: {self.out.strip()}"] if problems else [])

    def refused(self, status, *said):
        """`expect` for a refusal: a reason, a way out, and no answer."""
        problems = self.expect(status, *said, r"error: ", r"hint: ")
        return problems + ([f"a refusal, and standard output holds {self.out!r}"] if self.out else [])


class Operator(Instance):
    """The data folder is one that need not exist."""

    def __init__(self, folder, settings=None):
        super().__init__(folder, None, {"HOME": str(pathlib.Path(folder).parent), "LANG": "C.UTF-8", **(settings or {})})

    def sparekey(self, *arguments, password=None):
        return Answer(*self.run(*arguments, password=password))

    def reset(self, address, account, password, *more):
        """The form for scripts: everything named, nothing asked."""
        return self.sparekey("reset-password", "--database", str(address), account, "--password-stdin", "--yes", *more,
                             password=password)

    def copies(self):
        """The SQLite files of other programs in the data folder: what was kept before the first reset."""
        return [path for path in sorted(self.folder.rglob("*"))
                if path.is_file() and path != self.sqlite_file and path.open("rb").read(15) == b"SQLite format 3"]

    def journal(self):
        return self.sparekey("resets", "list", "--json").document()["resets"]


def bytes_of(folder, *besides):
    """Every file and link below a folder, with its bytes, mode and owner."""
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if any(path == other or other in path.parents for other in besides):
            continue
        status = path.lstat()
        content = path.read_bytes() if path.is_file() else None
        found[str(path.relative_to(folder))] = (content, status.st_mode, status.st_uid, status.st_gid)
    return found


def same_files(before, after):
    return [f"{path} is not what it was" for path in sorted(before.keys() | after.keys())
            if before.get(path) != after.get(path)]


def journal_mode(path):
    """How the file says that it is written: "wal" or "delete", read from its header without opening it."""
    with open(path, "rb") as file:
        return {1: "delete", 2: "wal"}[file.read(20)[18]]


def copy_is(copy, dump):
    """Problems unless a kept copy is a whole database that holds what the program's own held."""
    kept = SQLite(copy)
    answer = [list(row.values())[0] for row in kept.rows("PRAGMA integrity_check")]
    problems = [] if answer == ["ok"] else [f"the copy {copy.name} is damaged: {answer}"]
    problems += [] if kept.dump() == dump else [f"the copy {copy.name} is not what the database was"]
    mode = copy.stat().st_mode & 0o777
    return problems + ([] if mode & 0o077 == 0 else [f"others can read the copy {copy.name} ({mode:o})"])
