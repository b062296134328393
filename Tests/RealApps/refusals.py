"""What a reset in another program's database refuses: nothing is written, the reason and the way out are said, the exit
status is the one that a script can act on. Servers join where they are at hand (dev/with-postgres dev/with-mariadb)."""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

from trial.instance import BINARY, discard, fresh_folder
from trial.operator import Answer, Operator, bytes_of, same_files
from trial.program import FIXTURES, SQLite, expect, fixture, kinds
from trial.tally import Tally
from trial.terminal import Terminal

NEW = "harbour-Violet-31-anchor"
SOMEBODY = 4242
# A browser's history has people in it, and none of them signs in.
HISTORY = """
CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT, title TEXT, visit_count INTEGER, last_visit_date INTEGER);
CREATE TABLE moz_historyvisits (id INTEGER PRIMARY KEY, place_id INTEGER, visit_date INTEGER);
INSERT INTO moz_places VALUES (1, 'https://example.org/ada', 'Ada', 3, 1765360000000000);
"""
PROFILE = """profile: thing
title: The Thing
versions: all
written_from: {source: its schema}
databases: [sqlite]
accounts:
  - table: people
    id: id
    find: [{column: login, compare: exact}]
    shows: {username: login}
    credentials: [{name: password, columns: {hash: secret}, reads: [bcrypt], writes: [{format: bcrypt, cost: 12}]}]
"""
PEOPLE = """
CREATE TABLE people (id INTEGER PRIMARY KEY, login TEXT, secret TEXT);
INSERT INTO people VALUES (1, 'ada', '$2a$10$0cnje90aMHl3NQwkaSEcluMQIBNxj7AyDI47U64J9G1PYCxV/LbZC');
"""


class Desk:
    """A folder with what is taken for a program's database, and an operator beside it."""

    def __init__(self):
        self.folder = fresh_folder()
        self.place = self.folder / "program"
        self.place.mkdir()
        self.operator = Operator(self.folder / "data")

    def database(self, *scripts):
        program = SQLite(self.place / "app.db")
        for script in scripts:
            program.load(script)
        return program.path

    def refuses(self, path, status, *said, account="ada", more=()):
        """One refusal, after which every byte beside the data folder is what it was."""
        before = bytes_of(self.place)
        answer = self.operator.reset(path, account, NEW, *more)
        return answer.refused(status, *said) + same_files(before, bytes_of(self.place)) + self.nothing_done()

    def nothing_done(self):
        """The journal, where there is one by now, holds nothing that was done or waits."""
        if not self.operator.sqlite_file.exists():
            return []
        return [f"the journal says {row}" for row in self.operator.journal() if row["state"] != "abandoned"]

    def close(self):
        discard(self.folder)


def no_database(desk):
    """Files that are no database of any program."""
    text, empty, folder = desk.place / "notes.txt", desk.place / "empty.db", desk.place / "folder"
    text.write_text("The new database is in the other folder, the one from last year.\n" * 40)
    empty.touch()
    folder.mkdir()
    yield "a text file", desk.refuses(text, 78, "notes.txt", "not an SQLite database|no profile fits")
    yield "an empty file", desk.refuses(empty, 78, "empty.db", "empty")
    yield "a folder", desk.refuses(folder, 69, "folder")
    yield "no file", desk.refuses(desk.place / "none.db", 69, "none.db", "no such file")
    yield "an unknown scheme", desk.refuses("oracle://scott:hunter2@db", 78, "oracle://")
    yield "a data folder is not made for it", ["it was"] if desk.operator.folder.exists() else []


def another_program(desk):
    path = desk.database(HISTORY)
    yield "a browser's history", desk.refuses(path, 78, "app.db", "right file|apps check")
    yield "a browser's history, with a profile", desk.refuses(
        path, 78, "grafana", "user: there is no such table|dashboard: there is no such table", more=("--profile", "grafana"))
    yield "a profile that is not there", desk.refuses(path, 78, "profile", more=("--profile", "thing"))


def two_candidates(desk):
    path = desk.database(fixture("listsome"), fixture("flashcard-flow"))
    yield "two candidates", desk.refuses(path, 65, "flashcard-flow", "listsome", "--profile", account="admin@example.com")
    answer = desk.operator.reset(path, "admin@example.com", NEW, "--profile", "listsome")
    yield "two candidates, and one is named", answer.expect(0)


def another_version(desk):
    path = desk.database(fixture("palmr"), 'ALTER TABLE users RENAME COLUMN "password" TO "passwordHash";')
    yield "a column of another version", desk.refuses(
        path, 78, r"users\.password: there is no such column", more=("--profile", "palmr"))
    yield "a column of another version, unnamed", desk.refuses(path, 78, "app.db")


def no_account(desk):
    path = desk.database(fixture("palmr"))
    yield "single sign-on", desk.refuses(path, 65, "single sign-on", "external provider", account="alan")
    yield "an unknown account", desk.refuses(path, 67, "nobody", account="nobody")
    yield "a weak password", _weak(desk, path)


def _weak(desk, path):
    before = bytes_of(desk.place)
    answer = desk.operator.reset(path, "ada", "ada")
    return answer.refused(65) + same_files(before, bytes_of(desk.place)) + desk.nothing_done()


def locked(desk):
    path = desk.database(fixture("palmr"))
    with held(path):
        yield "locked by another writer", desk.refuses(path, 75, "app.db", "locked|busy|in use")
    yield "and free again", desk.operator.reset(path, "ada", NEW).expect(0)


@contextlib.contextmanager
def held(path):
    """In a process of its own: whatever closes a file ends all locks that its process has on it, and this one reads it."""
    writer = subprocess.Popen(
        [sys.executable, "-c", "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
         "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()", path],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        writer.stdout.readline()
        yield
    finally:
        writer.communicate()


def read_only(desk):
    """A mode that forbids, and a mount that does. As root, a process of somebody else's: root may write anywhere."""
    path = desk.database(fixture("palmr"))
    os.chmod(path, 0o444)
    if os.geteuid() == 0:
        os.chmod(desk.folder, 0o711)
        desk.operator.folder.mkdir(mode=0o700)
        for found in (path, desk.place, desk.operator.folder):
            os.chown(found, SOMEBODY, SOMEBODY)
        yield "a file that may not be written", _as_somebody(desk, path)
        yield "a mount that may not be written", _in_namespace(desk, path)
    else:
        yield "a file that may not be written", desk.refuses(path, 73, "app.db")


def _as_somebody(desk, path):
    binary = desk.folder / "sparekey"
    shutil.copy(BINARY, binary)
    return _elsewhere(desk, path, ["setpriv", f"--reuid={SOMEBODY}", f"--regid={SOMEBODY}", "--clear-groups", binary])


def _in_namespace(desk, path):
    os.chmod(path, 0o644)
    enter = f'mount --bind "{desk.place}" "{desk.place}" && mount -o remount,ro,bind "{desk.place}" && exec "$0" "$@"'
    shutil.rmtree(desk.operator.folder)
    return _elsewhere(desk, path, ["unshare", "--mount", "sh", "-c", enter, BINARY])


def _elsewhere(desk, path, prefix):
    before = bytes_of(desk.place)
    done = subprocess.run(
        [*prefix, "reset-password", "--database", path, "ada", "--password-stdin", "--yes"], input=NEW + "\n", text=True,
        capture_output=True, env=desk.operator.environment(), cwd="/", timeout=60)
    answer = Answer(done.returncode, done.stdout, done.stderr)
    return answer.refused(73, "app.db", "read-only|not writable|written") + same_files(before, bytes_of(desk.place))


def changed_meanwhile(desk):
    """The row changes between the question and the answer: whoever changed it is not overruled."""
    path = desk.database(fixture("palmr"))
    terminal = Terminal([BINARY, "reset-password", "--database", str(path), "ada", "--generate"],
                        desk.operator.environment())
    try:
        problems = terminal.see(r"\(y/n\)")
        SQLite(path).execute("UPDATE users SET password = (SELECT password FROM users WHERE username = 'grace') "
                             "WHERE username = 'ada'")
        before = bytes_of(desk.place)
        if problems:
            terminal.kill()
        else:
            terminal.press("y\r")
        status, screen = terminal.finish(), terminal.screen
    finally:
        terminal.close()
    problems += [] if status == 75 else [f"ended with {status}, not 75:\n{screen}"]
    problems += [] if "changed" in screen and "hint: " in screen else [f"it did not say so:\n{screen}"]
    yield "changed meanwhile", problems + same_files(before, bytes_of(desk.place)) + desk.nothing_done()


def declined(desk):
    path = desk.database(fixture("palmr"))
    before = bytes_of(desk.folder)
    terminal = Terminal([BINARY, "reset-password", "--database", str(path), "ada", "--generate"],
                        desk.operator.environment())
    try:
        problems = terminal.see(r"\(y/n\)")
        terminal.press("n\r")
        status, screen = terminal.finish(), terminal.screen
        problems += [] if status == 1 and terminal.is_restored() else [f"ended with {status}:\n{screen}"]
    finally:
        terminal.close()
    yield "declined", problems + same_files(before, bytes_of(desk.folder, desk.operator.folder)) + desk.nothing_done()


def open_profile(desk):
    """A profile of one's own decides what is written where: one that others can write is believed nowhere."""
    path = desk.database(PEOPLE)
    profiles = desk.operator.folder / "profiles"
    profiles.mkdir(mode=0o700, parents=True)
    os.chmod(desk.operator.folder, 0o700)
    file = profiles / "thing.yaml"
    file.write_text(PROFILE)
    os.chmod(file, 0o666)
    yield "a profile that others can write", desk.refuses(path, 78, "thing.yaml", "chmod go-w")
    os.chmod(file, 0o644)
    yield "and then it is believed", desk.operator.reset(path, "ada", NEW).expect(0)


def strange_records(desk):
    """Whoever owns the data folder says which program is meant, what is written in it and which password is read: root does
    not do that for somebody else, and writes nothing of its own among somebody else's records."""
    if os.geteuid() != 0:
        return
    path = desk.database(PEOPLE)
    profiles = desk.operator.folder / "profiles"
    profiles.mkdir(parents=True)
    (profiles / "thing.yaml").write_text(PROFILE)
    (desk.operator.folder / "sparekey.yaml").write_text(f"apps:\n  git:\n    profile: thing\n    database: {path}\n")
    for found in (desk.operator.folder, profiles, *profiles.iterdir(), desk.operator.folder / "sparekey.yaml"):
        os.chmod(found, 0o700 if found.is_dir() else 0o600)
        os.chown(found, SOMEBODY, SOMEBODY)
    before = bytes_of(desk.folder)
    said = ("belongs to #4242", "--data /root/sparekey")
    for name, words in {"an app that is attached": ("reset-password", "--app", "git"),
                        "an address": ("reset-password", "--database", str(path)),
                        "undo at an address": ("undo", "1", "--database", str(path))}.items():
        more = ("ada", "--generate", "--yes") if words[0] == "reset-password" else ()
        problems = desk.operator.sparekey(*words, *more).refused(78, *said)
        yield f"somebody else's data folder: {name}", problems + same_files(before, bytes_of(desk.folder))
    for found in (desk.operator.folder, profiles, *profiles.iterdir(), desk.operator.folder / "sparekey.yaml"):
        os.chown(found, 0, 0)
    yield "and with one of root's", desk.operator.sparekey(
        "reset-password", "--app", "git", "ada", "--generate", "--yes").expect(0)


def volume(desk):
    """A container's volume: below folders that only root may pass, with everything in it somebody's. Root resets there as its
    owner, and what is there stays the owner's."""
    if os.geteuid() != 0 or not may_search():
        return
    path = desk.database(fixture("palmr"))
    SQLite(path).rows("PRAGMA journal_mode = WAL")
    accounts = desk.place / "accounts"
    shutil.copy(FIXTURES / "htpasswd.file", accounts)
    for found in (desk.place, *desk.place.iterdir()):
        os.chown(found, SOMEBODY, SOMEBODY)
    os.chmod(desk.folder, 0o700)
    yield "a database in a volume", desk.operator.reset(path, "ada", NEW).expect(0)
    yield "a file of accounts in a volume", desk.operator.reset(accounts, "ada", NEW).expect(0)
    yield "and in place", desk.operator.reset(accounts, "hedy", NEW, "--in-place").expect(0)
    strange = [found.name for found in (desk.place, *desk.place.iterdir()) if found.stat().st_uid != SOMEBODY]
    yield "all of it is the owner's", [f"not the owner's: {strange}"] if strange else []


def may_search():
    """Whether root here has the right to pass every folder (CAP_DAC_READ_SEARCH), which most containers' root has not."""
    held = re.search(r"^CapPrm:\s*([0-9a-f]+)", pathlib.Path("/proc/self/status").read_text(), re.M)
    return bool(held and int(held[1], 16) & 1 << 2)


def strange_links(desk):
    """Somebody's link in somebody's folder leads root to what is that user's, and to nothing else."""
    if os.geteuid() != 0:
        return
    roots = desk.folder / "roots"
    roots.mkdir()
    os.chmod(desk.folder, 0o711)
    SQLite(roots / "palmr.db").load(fixture("palmr"))
    shutil.copy(FIXTURES / "htpasswd.file", roots / "accounts")
    for name in ("palmr.db", "accounts"):
        (desk.place / name).symlink_to(roots / name)
        os.chown(desk.place / name, SOMEBODY, SOMEBODY, follow_symlinks=False)
    os.chown(desk.place, SOMEBODY, SOMEBODY)
    before = bytes_of(desk.folder)
    for name, more in (("palmr.db", ()), ("accounts", ("--profile", "htpasswd")), ("accounts", ("--in-place",))):
        answer = desk.operator.reset(desk.place / name, "ada", NEW, *more)
        problems = answer.refused(answer.status or 69, "symbolic link of user #4242", "root does not follow it")
        yield f"a link of somebody's to root's {name} {more}", problems + same_files(before, bytes_of(desk.folder, desk.operator.folder))
    for name in ("palmr.db", "accounts"):
        os.chown(roots / name, SOMEBODY, SOMEBODY)
        os.chown(roots, SOMEBODY, SOMEBODY)
        yield f"and to their own {name}", desk.operator.reset(desk.place / name, "ada", NEW).expect(0)


def second_name_of_roots(desk):
    """A hard link in somebody's folder to a file of root's is not written in place either."""
    if os.geteuid() != 0:
        return
    roots = desk.folder / "roots"
    shutil.copy(FIXTURES / "htpasswd.file", roots)
    os.chmod(roots, 0o600)
    os.link(roots, desk.place / "accounts")
    os.chown(desk.place, SOMEBODY, SOMEBODY)
    yield "a second name of a file of root's", desk.refuses(desk.place / "accounts", 65, "second name", more=("--in-place",))


def mounted(desk):
    """A file that is mounted by itself cannot be replaced, and is written itself with `--in-place`."""
    if os.geteuid() != 0:
        return
    accounts = desk.place / "accounts"
    shutil.copy(FIXTURES / "htpasswd.file", accounts)
    before = accounts.read_bytes()
    enter = f'mount --bind "{accounts}" "{accounts}" && exec "$0" "$@"'
    for more, status in ((), 65), (("--in-place",), 0):
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", enter, BINARY, "reset-password", "--database", accounts, "ada",
             "--password-stdin", "--yes", *more],
            input=NEW + "\n", text=True, capture_output=True, env=desk.operator.environment(), cwd="/", timeout=60)
        answer = Answer(done.returncode, done.stdout, done.stderr)
        problems = answer.refused(status, "mounted by itself", "--in-place") if status else answer.expect(0)
        problems += [] if (accounts.read_bytes() == before) == bool(status) else ["the file is not what it should be"]
        problems += [f"{file.name} was left" for file in desk.place.iterdir() if file != accounts]
        yield f"mounted by itself {more}", problems


def own_database(desk):
    """Sparekey's own database is no other program's."""
    other = Operator(desk.folder / "other")
    other.set_up()
    before = bytes_of(other.folder)
    answer = desk.operator.reset(other.sqlite_file, "ada", NEW)
    problems = answer.refused(69, "no data folder")
    yield "an own database of another data folder", problems + same_files(before, bytes_of(other.folder))


def held_row(kind):
    """A transaction of the program's own holds the account's row: the operator is told to try again."""
    folder = fresh_folder()
    program = kind("held_trial")
    try:
        program.load(fixture("gitea", kind))
        operator = Operator(folder / "data")
        before = program.dump()
        with program.connected() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT id FROM " + ('"user"' if kind.first == "postgres" else "`user`") + " WHERE id = 1 FOR UPDATE")
            problems = operator.reset(program.address, "ada", NEW).refused(75, "lock|busy|in use")
        problems += expect(before, program.dump(), ())
        return problems + operator.reset(program.address, "ada", NEW).expect(0)
    finally:
        program.remove()
        discard(folder)


def main():
    tally = Tally()
    for refusals in (no_database, another_program, two_candidates, another_version, no_account, locked, read_only,
                     changed_meanwhile, declined, open_profile, strange_records, volume, strange_links, second_name_of_roots, mounted,
                     own_database):
        desk = Desk()
        try:
            for name, problems in refusals(desk):
                tally.check(name, problems)
        finally:
            desk.close()
    for kind in kinds()[1:]:
        tally.check(f"{kind.name}: a row that is held", held_row(kind))
    tally.finish("refusals of app resets")


if __name__ == "__main__":
    main()
