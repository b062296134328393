"""Kills a server that resets a password in another program's database by a reset code, before its k-th write, sync, truncate,
link, rename or unlink of a file, for every k until one reset completes. Three things are to agree afterwards, whichever was
cut off: the program's password, the journal, and the code, which is spent where the new password works and good where the old
one does.

The program's database is a SQLite file; under dev/with-postgres a PostgreSQL database as well, where each thing said to it
counts too. Every seventh or eleventh k; with `--every`, all of them, which takes minutes; with `--postgres`, that database
alone."""

import collections
import http.client
import json
import multiprocessing
import os
import shutil
import signal
import sys
import threading
import urllib.parse

import bcrypt
import tracer
from trial.instance import BINARY, Instance, discard, fresh_folder, killed
from trial.program import PostgreSQL, SQLite, difference, fixture
from trial.server import SECONDS, Server
from trial.tally import Tally

OLD, NEW = "meadow-Copper-74-signal", "harbour-Violet-31-anchor"
SETTINGS = {"SPAREKEY_POLICY": "basic"}
PALMR = ("palmr", "clx0ada", {"users[clx0ada].password", "users[clx0ada].updatedAt", "login_attempts[a1] gone",
                              "password_resets[r1] gone"})
PORTAL = ("proxmox-manager-portal", "7d0c1c5e-2f3a-4a58-9a37-0a1b2c3d4e5f",
          {f"users[7d0c1c5e-2f3a-4a58-9a37-0a1b2c3d4e5f].{column}" for column in ("password", "updatedAt")})


class Place:
    """One data folder and one program, of which somebody holds a code; put back to that for each kill, at the same place:
    a code is good for the database that it was asked of, and for no copy of it."""

    def __init__(self, kind, number):
        self.kind, self.name = kind, f"killed_{os.getpid()}_{number}"
        self.profile, self.account, self.applied = PALMR if kind is SQLite else PORTAL
        self.folder = fresh_folder()
        self.instance = Instance(self.folder / "data", None, SETTINGS)
        self.instance.set_up()
        self.make_program()
        self.instance.must("apps", "add", "files", "--database", self.program.address, "--profile", self.profile, "--yes")
        with Server(self.instance) as server:
            server.call("POST", "/api/password-reset/request", {"username": "ada", "app": "files"})
            self.code = server.code("ada")
        self.kept = fresh_folder()
        shutil.copytree(self.folder, self.kept / "all")

    def make_program(self):
        path = self.folder / "program/program.db"
        path.parent.mkdir(exist_ok=True)
        self.program = self.kind(path) if self.kind is SQLite else self.kind(self.name)
        self.load()

    def load(self):
        self.program.load(fixture(self.profile, self.kind))
        self.before = self.program.dump()

    def put_back(self):
        if self.kind is not SQLite:
            # Quicker by far than a new database.
            for statement in ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public"):
                self.program.execute(statement)
            self.load()
        for child in self.folder.iterdir():
            discard(child)
        shutil.copytree(self.kept / "all", self.folder, dirs_exist_ok=True, copy_function=shutil.copy2)
        os.chmod(self.folder / "data", 0o700)

    def changed(self):
        """What differs, and which passwords enter; recovered in a copy, so that recovery here is left to Sparekey."""
        copy = fresh_folder()
        try:
            program = self.program
            if self.kind is SQLite:
                for file in program.path.parent.iterdir():
                    shutil.copy(file, copy / file.name)
                program = SQLite(copy / program.path.name)
            dump = program.dump()
        finally:
            discard(copy)
        stored = dump["users"][1][self.account]["password"].encode()
        return difference(self.before, dump), [one for one in (OLD, NEW) if bcrypt.checkpw(one.encode(), stored)]

    def close(self):
        self.program.remove()
        discard(self.folder)
        discard(self.kept)


class Traced:
    """The server under the tracer: counting begins with the call that resets, and what goes to sockets of people does not
    count."""

    def __init__(self, place):
        self.place, self.status, self.is_counting = place, None, False
        reading, self.errors = os.pipe()
        self.lines = os.fdopen(reading, "rb")

    def started(self, process):
        self.process = process
        os.close(self.errors)
        self.caller = threading.Thread(target=self._call, daemon=True)
        self.caller.start()

    def counts(self, name, descriptor):
        if not self.is_counting:
            return False
        if descriptor is None:
            return True
        try:
            target = os.readlink(f"/proc/{self.process}/fd/{descriptor}")
        except OSError:
            return False
        if name == "sendto":
            return self.place.kind is not SQLite and target.startswith("socket:")
        return target.startswith(str(self.place.folder))

    def _call(self):
        address = next((json.loads(line)["address"] for line in self.lines if b'"message":"listening"' in line), None)
        if not address:
            return
        # The pipe must not fill up: what is said after this is read by nobody.
        threading.Thread(target=self.lines.read, daemon=True).start()
        body = json.dumps({"username": "ada", "code": self.place.code, "newPassword": NEW, "app": "files"})
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc, timeout=SECONDS)
        self.is_counting = True
        try:
            connection.request("POST", "/api/password-reset/reset", body, {"Content-Type": "application/json"})
            self.status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return
        finally:
            self.is_counting = False
            connection.close()
        os.kill(self.process, signal.SIGTERM)


place = None


def begin(places, numbers):
    global place
    place = places[numbers.get()]


def trial(k):
    """One kill: returns (k, whether the server was killed, the call it died at, problems)."""
    place.put_back()
    traced = Traced(place)
    environment = {**place.instance.environment(), "SPAREKEY_LISTEN": "127.0.0.1:0", "SPAREKEY_LIMITS": "off"}
    status, begun = tracer.run([BINARY, "serve"], environment, k, server=traced)
    traced.caller.join(SECONDS)
    problems = [] if killed(status) or (status, traced.status) == (0, 200) else [
        f"ended with {status}, and answered {traced.status}"]
    return k, killed(status), begun[-1] if begun else "", problems + judge(traced.status)


def judge(answered):
    changed, accepted = place.changed()
    applied = accepted == [NEW]
    problems = [] if changed == (place.applied if applied else set()) and accepted in ([OLD], [NEW]) else [
        f"neither the old nor the new: {sorted(changed)}, {accepted} enter"]
    if answered == 200 and not applied:
        problems.append("it was said to be done, and was not")
    # The next start: whatever is owed is settled by it.
    out = place.instance.must("resets", "list", "--json")[0]
    states = collections.Counter(row["state"] for row in json.loads(out)["resets"])
    if states["done"] != applied or set(states) - {"done", "abandoned"}:
        problems.append(f"the journal says {dict(states)}, and {accepted} enter")
    if place.changed() != (changed, accepted):
        problems.append("settling changed the program")
    request = json.loads(place.instance.must("requests", "show", "1", "--json")[0])["request"]
    if request["state"] != ("used" if applied else "live"):
        problems.append(f"the code is {request['state']}, and {accepted} enter")
    trail = json.loads(place.instance.must("audit", "list", "--json")[0])["rows"]
    rows = [row for row in trail if row["action"] == "password.reset"]
    if len(rows) != applied:
        problems.append(f"{len(rows)} rows of the audit trail, and {accepted} enter")
    return problems + goes_on(applied)


def goes_on(applied):
    """A person who tries once more: with the code where the old password works, and that only."""
    with Server(place.instance) as server:
        answer = server.call("POST", "/api/password-reset/reset", {
            "username": "ada", "code": place.code, "newPassword": NEW, "app": "files"})
    problems = server.broken + ([] if answer.status == (400 if applied else 200) else [f"the code again: {answer.status}"])
    return problems + ([] if place.changed()[1] == [NEW] else ["the new password does not enter in the end"])


def every_kill(tally, kind, step):
    died_at, first = collections.Counter(), 1
    places, numbers = [Place(kind, number) for number in range(os.cpu_count() or 1)], multiprocessing.Queue()
    for number in range(len(places)):
        numbers.put(number)
    # A place of its own for each worker.
    with multiprocessing.Pool(len(places), begin, (places, numbers)) as pool:
        # The count of writes may differ by a few from run to run: only a whole round that completes is the end.
        while True:
            round_ = pool.map(trial, range(first, first + len(places) * step, step), chunksize=1)
            for k, was_killed, call, problems in round_:
                tally.check(f"{kind.name}: killed before call {k} ({call})", problems)
                died_at.update([call] if was_killed else [])
            if not any(was_killed for _, was_killed, _, _ in round_):
                break
            first += len(places) * step
    for each in places:
        each.close()
    print(f"{kind.name}: {sum(died_at.values())} kills ({', '.join(f'{name} {n}' for name, n in sorted(died_at.items()))})")
    tally.check(f"{kind.name}: kills landed", [] if len(died_at) > 1 else [f"only {dict(died_at)}"])


def main():
    tally = Tally()
    kinds = [(PostgreSQL, 11)] if "--postgres" in sys.argv else [(SQLite, 7)] + (
        [(PostgreSQL, 11)] if PostgreSQL.server() else [])
    for kind, step in kinds:
        every_kill(tally, kind, 1 if "--every" in sys.argv else step)
    tally.finish("crash, app resets by a code")


if __name__ == "__main__":
    main()
