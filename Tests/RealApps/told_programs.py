"""Whom a reset tells, and what it takes from elsewhere: a program's hooks and secrets, which its profile only names and the
operator's settings bind. The program is Flashcard Flow's database beside a real HTTP server and real commands; one with a
pepper is judged by Python's bcrypt. Nothing that goes wrong there takes the reset back."""

import contextlib
import http.server
import json
import os
import queue
import threading
import time

import bcrypt

import judges
from trial.instance import discard, fresh_folder
from trial.operator import Operator
from trial.program import SQLite, fixture
from trial.tally import Tally

NEW = "harbour-Violet-31-anchor"
SECRET = "a-bearer-of-thirty-two-bytes-or-more"
PEPPER = "moss-Lantern-71-of-the-application"
SYNC = "In-memory credentials refreshed: sync works immediately"
STRANGER = 4242

PEPPERED = """
profile: peppered
title: The Peppered Thing
versions: all
written_from: {source: https://example.org/peppered, commit: 0a1b2c3, files: [schema.sql]}
databases: [sqlite]
marks: [peppered_mark]
accounts:
  - table: people
    id: id
    find: [{column: email, compare: lower}]
    shows: {email: email}
    credentials:
      - name: password
        columns: {hash: encrypted_password}
        reads: [devise-bcrypt]
        writes: [{format: devise-bcrypt, cost: 10, floor: 10}]
        pepper: app-secret
secrets:
  - {label: app-secret, what: the pepper of the program's settings, without: nothing can be reset}
"""
PEOPLE = """
CREATE TABLE peppered_mark (id INTEGER PRIMARY KEY);
CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, encrypted_password TEXT NOT NULL);
INSERT INTO people VALUES (1, 'ada@example.org', '$2a$10$T1sUI8mx6ZRQb/eXTQAQHezqXNF0bUV2sMfv4LFxXxhrclp1d/ccC');
"""


class Receiver:
    """The program's own server: notes each call, and answers what it is told to."""

    def __init__(self):
        self.calls = queue.Queue()
        self.status, self.headers = 200, {}
        self.silent, self.released = False, threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.calls.put((self.path, dict(self.headers), body))
                if outer.silent:
                    outer.released.wait(60)
                self.send_response(outer.status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "2")
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/api/admin/refresh-user"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def one(self):
        calls = []
        while not self.calls.empty():
            calls.append(self.calls.get())
        return calls

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()


class Desk:
    """An operator with a data folder, and Flashcard Flow's database attached as `cards`."""

    def __init__(self):
        self.folder = fresh_folder()
        self.operator = Operator(self.folder / "data", {"FLOW_SECRET": SECRET, "LEAKED": "leaked"})
        self.operator.folder.mkdir(mode=0o700)
        self.program = SQLite(self.folder / "flow.db")
        self.program.load(fixture("flashcard-flow", SQLite))
        self.secret = self.folder / "secret"
        self.write(self.secret, SECRET + "\n", 0o600)

    @staticmethod
    def write(path, text, mode):
        path.write_text(text)
        path.chmod(mode)
        return path

    def script(self, name, text, mode=0o700):
        return self.write(self.folder / name, "#!/bin/sh\n" + text, mode)

    def settings(self, *lines, mode=0o600):
        text = f"apps:\n  cards:\n    profile: flashcard-flow\n    database: {self.program.address}\n"
        self.write(self.operator.folder / "sparekey.yaml", text + "".join(f"    {line}\n" for line in lines), mode)

    def hook(self, bound, secret="{variable: FLOW_SECRET}"):
        self.settings(f"secrets: {{jwt-secret: {secret}}}", f"hooks: {{refresh: {bound}}}")

    def argv(self, *words):
        self.hook("{argv: [" + ", ".join(json.dumps(str(word)) for word in words) + "]}")

    def reset(self, *more):
        return self.operator.sparekey("reset-password", "--app", "cards", "ada", "--password-stdin", "--yes", *more,
                                      password=NEW)

    def row(self):
        return self.program.rows("SELECT * FROM users WHERE id = 'u1'")[0]

    def stands(self, answer, *said, refreshed=False):
        """The reset is done whatever came of the call, and what came of it is said; `answer` is of a --json run."""
        problems = answer.expect(0, *said)
        if judges.flashcard_flow(self.row(), NEW) is not True:
            problems.append("the new password is not stored in all three forms")
        if not problems and answer.document()["refreshed"] is not refreshed:
            problems.append(f"refreshed is {answer.document()['refreshed']}")
        for secret in (SECRET, NEW):
            problems += [f"it said {secret}"] if secret in answer.err + answer.out else []
        return problems

    def close(self):
        discard(self.folder)


def called(desk, receiver, tally):
    desk.hook(f'{{url: "{receiver.url}"}}', f"{{file: {desk.secret}}}")
    answer = desk.reset()
    problems = answer.expect(0, SYNC)
    calls = receiver.one()
    problems += [] if len(calls) == 1 else [f"it was called {len(calls)} times"]
    for path, headers, body in calls:
        problems += [] if path == "/api/admin/refresh-user" else [f"called at {path}"]
        problems += [] if headers.get("Authorization") == f"Bearer {SECRET}" else ["it does not carry the secret"]
        wanted = {"userId": "u1", "username": "ada", "email": "ada@example.org"}
        problems += [] if json.loads(body) == wanted else [f"it says {body}"]
    tally.check("a call is made, with the secret and without a password", problems)
    tally.check("as --json", desk.stands(desk.reset("--json"), refreshed=True))
    receiver.one()
    number = desk.operator.journal()[0]["reset"]
    tally.check("undo calls too", desk.operator.sparekey("undo", str(number)).expect(0, SYNC) + (
        [] if len(receiver.one()) == 1 else ["it was not called once"]))


def answers(desk, receiver, tally):
    desk.hook(f'{{url: "{receiver.url}"}}')
    for status, said in ((204, "answered 204"), (401, "did not accept the secret"), (404, "another database.*restart it"),
                         (500, "answered 500"), (302, "sends callers elsewhere")):
        receiver.status, receiver.headers = status, {"Location": "/elsewhere"} if status == 302 else {}
        tally.check(f"an answer of {status}", desk.stands(desk.reset("--json"), said) + (
            [] if len(receiver.one()) == 1 else ["it was not called once"]))
    receiver.status, receiver.headers = 200, {}
    receiver.silent = True
    tally.check("an answer that does not come", desk.stands(desk.reset("--json"), "within 2 seconds.*after the server's next restart"))
    receiver.silent = False
    receiver.released.set()
    receiver.one()
    url = receiver.url.rsplit(":", 1)[0]
    desk.hook(f'{{url: "{url}:1/refresh"}}')
    tally.check("nobody there", desk.stands(desk.reset("--json"), "could not be told by the hook refresh.*nobody answers"))


def unbound(desk, receiver, tally):
    desk.settings()
    tally.check("nothing bound", desk.stands(desk.reset("--json"), "nothing is bound to its hook refresh.*restart it"))
    answer = desk.operator.sparekey("reset-password", "--database", desk.program.address, "ada", "--password-stdin", "--yes",
                                    "--json", password=NEW)
    tally.check("not attached", desk.stands(answer, "nothing is bound to its hook refresh.*restart it"))
    desk.settings(f'hooks: {{refresh: {{url: "{receiver.url}"}}}}')
    tally.check("no secret bound", desk.stands(desk.reset("--json"), "secret jwt-secret.*is not bound"))
    desk.hook(f'{{url: "{receiver.url}"}}', "{variable: NOT_SET}")
    tally.check("an empty secret", desk.stands(desk.reset("--json"), "secrets.jwt-secret names holds nothing"))
    loose = desk.write(desk.folder / "loose", SECRET + "\n", 0o644)
    desk.hook(f'{{url: "{receiver.url}"}}', f"{{file: {loose}}}")
    tally.check("a secret that others can read", desk.stands(desk.reset("--json"), "can be read by others"))
    tally.check("nobody was called", [] if not receiver.one() else ["somebody was"])


def commands(desk, tally):
    note = desk.folder / "note"
    telling = desk.script("telling", f'{{ echo "$# $1 $2"; pwd; tr "\\0" "\\n" < /proc/$$/environ; cat; }} > {note}\n')
    desk.argv(telling, "--now", "a b")
    problems = desk.stands(desk.reset("--json"), SYNC, refreshed=True)
    said = note.read_text().splitlines() if note.exists() else []
    # A shell adds PWD and the like for itself, and not to what it was started with.
    tally.check("a command is run with its words, in / and with nothing else", problems + (
        [] if said == ["2 --now a b", "/"] else [f"it was given {said}"]))
    desk.argv(desk.script("failing", 'echo first\necho "the broker is away" >&2\nexit 3\n'))
    tally.check("a command that fails", desk.stands(
        desk.reset("--json"), "failing ended with status 3: the broker is away.*restart it"))
    desk.argv(desk.script("loud", "head -c 1048576 /dev/zero | tr '\\0' x\n"))
    tally.check("a command that prints a megabyte", desk.stands(desk.reset("--json"), SYNC, refreshed=True))
    desk.argv(desk.script("behind", "sleep 600 &\necho begun\n"))
    tally.check("a command that leaves another behind", desk.stands(desk.reset("--json"), SYNC, refreshed=True))
    hanging = desk.script("hanging", "sleep 601 & sleep 602\n")
    desk.argv(hanging)
    begun = time.monotonic()
    tally.check("a command that hangs is ended", desk.stands(desk.reset("--json"), "did not end within 10 seconds") + (
        [] if time.monotonic() - begun < 60 else ["not within a minute"]) + left_running("601", "602"))
    desk.argv("/bin/cat")
    tally.check("a command that waits for input gets none", desk.stands(desk.reset("--json"), SYNC, refreshed=True))


def left_running(*words):
    found = []
    for process in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            line = open(f"/proc/{process}/cmdline", "rb").read().decode(errors="replace").split("\0")
            found += [f"sleep {line[1]} still runs"] if line[0] == "sleep" and line[1] in words else []
    return found


def not_run(desk, tally):
    note = desk.folder / "run"
    words = f"touch {note}\n"
    for name, mode, said in (("group", 0o770, "other users can write"), ("world", 0o707, "other users can write"),
                             ("plain", 0o600, "may not be run")):
        desk.argv(desk.script(name, words, mode))
        tally.check(f"a command of mode {mode:o}", desk.stands(desk.reset("--json"), said))
    desk.argv(desk.folder / "missing")
    tally.check("a command that is not there", desk.stands(desk.reset("--json"), "there is no program"))
    open_folder = desk.folder / "open"
    open_folder.mkdir()
    open_folder.chmod(0o777)
    desk.argv(desk.write(open_folder / "inside", "#!/bin/sh\n" + words, 0o700))
    tally.check("a command in a folder that others can write", desk.stands(desk.reset("--json"), "other users can write.*open"))
    before = desk.program.dump()
    for bound, said in (("{argv: [touch]}", "absolute path"), ('{url: "http://192.0.2.1/x"}', "expected https")):
        desk.hook(bound)
        tally.check(f"refused at once: {bound}", desk.reset().refused(78, said) + (
            [] if desk.program.dump() == before else ["the database was changed"]))
    desk.settings(mode=0o622)
    tally.check("settings that others can write", desk.reset().refused(78, "other users can write"))
    tally.check("nothing of it was run", [] if not note.exists() else ["something was"])


def strangers_settings(desk, receiver, tally):
    """Root changes no program by the records and settings of somebody else."""
    if os.geteuid() != 0:
        return
    note = desk.folder / "as-root"
    script = desk.script("as-root.sh", f"touch {note}\n")
    desk.folder.chmod(0o711)
    before = desk.program.dump()
    for bound, secret in ((f"{{argv: [{script}]}}", f"{{file: {desk.secret}}}"),
                          (f'{{url: "{receiver.url}"}}', "{variable: FLOW_SECRET}")):
        desk.hook(bound, secret)
        for path in (desk.operator.folder, desk.operator.folder / "sparekey.yaml"):
            os.chown(path, STRANGER, STRANGER)
        tally.check(f"root with another's settings: {bound[:5]} {secret[:5]}", desk.reset().refused(
            78, "only with a folder of root's own", "sudo -u"))
    tally.check("nothing was run or sent", [] if not note.exists() and not receiver.one() else ["something was"])
    tally.check("nothing was changed", [] if desk.program.dump() == before else ["the database was changed"])
    for path in (desk.operator.folder, desk.operator.folder / "sparekey.yaml"):
        os.chown(path, 0, 0)


def attaching(desk, receiver, tally):
    (desk.operator.folder / "sparekey.yaml").unlink()
    add = ("apps", "add", "cards", "--database", desk.program.address, "--yes")
    world = desk.script("world.sh", "exit 0\n", 0o707)
    tally.check("apps add refuses a command that others can write", desk.operator.sparekey(
        *add, "--hook", f"refresh={world}").refused(78, "hook refresh cannot be run: other users can write"))
    tally.check("apps add says what is not bound", desk.operator.sparekey(*add).expect(
        0, "hook refresh is not bound: the web login takes the new password"))
    desk.operator.sparekey("apps", "remove", "cards", "--yes")
    answer = desk.operator.sparekey(*add, "--secret", "jwt-secret=/nowhere/secret", "--hook", f"refresh={receiver.url}")
    tally.check("apps add warns of a secret that cannot be read", answer.expect(0, "secrets.jwt-secret cannot be read"))
    answer = desk.operator.sparekey("apps", "show", "cards")
    tally.check("apps show says what is bound", [] if (
        answer.status == 0 and f"the hook refresh calls {receiver.url}" in " ".join(answer.out.split())
        and "the secret jwt-secret is read from: file /nowhere/secret" in answer.out) else [answer.out, answer.err])
    tally.check("apps check warns too", desk.operator.sparekey("apps", "check", "cards").expect(0, "cannot be read"))
    tally.check("nobody was called for it", [] if not receiver.one() else ["somebody was"])


def bare(desk, tally):
    """A machine where nothing of Sparekey's is yet: a program is attached, and an account of it reset."""
    operator = Operator(desk.folder / "new")
    for settings in ({}, {"SPAREKEY_DATA": "", "HOME": str(desk.folder / "home")}):
        operator.settings |= settings
        (desk.folder / "home").mkdir(exist_ok=True)
        where = f"with {' and '.join(settings) or 'a data folder that is not there'}"
        answer = operator.sparekey("apps", "add", "cards", "--database", desk.program.address, "--yes")
        tally.check(f"apps add {where}", answer.expect(0))
        answer = operator.sparekey("reset-password", "--app", "cards", "ada", "--password-stdin", "--yes", "--json", password=NEW)
        tally.check(f"and a reset {where}", desk.stands(answer, "nothing is bound to its hook"))
        tally.check(f"and its list {where}", [] if "cards" in operator.sparekey("apps", "list").out else ["it is not in it"])


def pepper(desk, tally):
    program = SQLite(desk.folder / "peppered.db")
    program.load(PEOPLE)
    profiles = desk.operator.folder / "profiles"
    profiles.mkdir(mode=0o700)
    desk.write(profiles / "peppered.yaml", PEPPERED, 0o600)
    reset = ("reset-password", "ada@example.org", "--password-stdin", "--yes")
    before = program.dump()

    def attached(secret):
        desk.write(desk.operator.folder / "sparekey.yaml", "apps:\n  thing:\n    profile: peppered\n    database: "
                   f"{program.address}\n" + (f"    secrets: {{app-secret: {secret}}}\n" if secret else ""), 0o600)
        return desk.operator.sparekey(*reset, "--app", "thing", password=NEW)

    refused = {
        "not attached": desk.operator.sparekey(*reset, "--database", program.address, password=NEW).refused(
            78, "secret app-secret is not bound", "--secret app-secret=FILE"),
        "not bound": attached(None).refused(78, "secret app-secret is not bound"),
        "not there": attached("{file: /nowhere/pepper}").refused(69, "app-secret cannot be read"),
        "open": attached(f"{{file: {desk.write(desk.folder / 'open-pepper', PEPPER, 0o644)}}}").refused(78, "read by others"),
    }
    for name, problems in refused.items():
        tally.check(f"a pepper {name}", problems + ([] if program.dump() == before else ["the database was changed"]))
    answer = attached(f"{{file: {desk.write(desk.folder / 'pepper', PEPPER + chr(10), 0o600)}}}")
    stored = program.rows("SELECT encrypted_password AS hash FROM people")[0]["hash"].encode()
    enters = [word for word in (NEW + PEPPER, NEW) if bcrypt.checkpw(word.encode()[:72], stored)]
    tally.check("a pepper goes into the hash", answer.expect(0) + ([] if enters == [NEW + PEPPER] else [
        f"{len(enters)} passwords enter"]) + ([] if PEPPER not in answer.err + answer.out else ["it was said"]))


def main():
    tally = Tally()
    desk, receiver = Desk(), Receiver()
    try:
        called(desk, receiver, tally)
        answers(desk, receiver, tally)
        unbound(desk, receiver, tally)
        commands(desk, tally)
        not_run(desk, tally)
        strangers_settings(desk, receiver, tally)
        attaching(desk, receiver, tally)
        bare(desk, tally)
        pepper(desk, tally)
    finally:
        receiver.close()
        desk.close()
    tally.finish("programs that are told")


if __name__ == "__main__":
    main()
