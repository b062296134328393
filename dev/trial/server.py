"""A running `sparekey serve` on an instance of its own, and calls to it whose answers are held against the contract."""

import contextlib
import http.client
import json
import os
import queue
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import urllib.parse

from trial import cluster
from trial.instance import ADMIN, BINARY, Instance, discard, fresh_folder
from trial.stored import psql

# How long anything is waited for that comes in a moment here: a machine may be many times slower, and busy.
SECONDS = 120
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
EVERYWHERE = {"cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
IMMUTABLE = "public, max-age=31536000, immutable"


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = [(name.lower(), value) for name, value in headers]
        self.body = body

    def header(self, name):
        return next((value for found, value in self.headers if found == name), None)

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def kind(self):
        """The last word of a problem's type: `not-signed-in`."""
        return self.json["type"].rsplit(":", 1)[-1] if self.status >= 400 and self.body else None

    def same(self):
        """What two answers that must not differ are compared by: everything but the clock."""
        return self.status, [pair for pair in self.headers if pair[0] != "date"], self.body

    def problems(self, method, path):
        """What interface.md asks of every answer and this one lacks."""
        wanted = EVERYWHERE | ({"cache-control": IMMUTABLE} if path.startswith("/assets/") and self.status == 200 else {})
        found = [f"{name} is {self.header(name)!r}" for name, value in wanted.items() if self.header(name) != value]
        found += [f"no {name}" for name in ("content-security-policy", "date") if self.header(name) is None]
        found += ["it names the server's program"] if self.header("server") else []
        if self.status == 204:
            return found + (["204 with a body"] if self.body else [])
        if self.status >= 500:
            found.append(f"status {self.status}")
        if not path.startswith("/api") and (self.header("content-type") or "").startswith("text/html"):
            return found
        return found + (self._refusal() if self.status >= 400 and method != "HEAD" else [])

    def _refusal(self):
        if self.header("content-type") != "application/problem+json":
            return [f"a refusal as {self.header('content-type')}: {self.body[:80]!r}"]
        document, found = self.json, []
        wanted = {"type", "title", "status", "detail", "success", "message"} | ({"errors"} if self.status == 422 else set())
        if set(document) != wanted:
            found.append(f"the problem's keys are {sorted(document)}")
        if (document.get("status"), document.get("success")) != (self.status, False):
            found.append("status or success in the document are wrong")
        if document.get("message") != document.get("detail"):
            found.append("message and detail differ")
        if (self.status == 401) != (self.header("www-authenticate") is not None):
            found.append("WWW-Authenticate belongs to 401")
        if (self.status == 405) != (self.header("allow") is not None):
            found.append("Allow belongs to 405")
        return found


class Server:
    """Started at once; `with Server(...) as server` ends it and looks at all that it answered and logged."""

    def __init__(self, instance, settings=None, clock=None, limits="off", prefix=()):
        self.instance = instance
        self.clock = clock
        self.secrets = set()
        self.broken = []
        environment = {**instance.environment(), "SPAREKEY_LISTEN": "127.0.0.1:0", "SPAREKEY_LIMITS": limits}
        environment.update(settings or {})
        if clock:
            environment.update(LD_PRELOAD=FAKETIME, FAKETIME_TIMESTAMP_FILE=str(clock.file), FAKETIME_NO_CACHE="1",
                               FAKETIME_DONT_FAKE_MONOTONIC="1")
        self.process = subprocess.Popen([*prefix, BINARY, "serve"], env=environment, cwd="/", start_new_session=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.lines, self.box = [], []
        self._arrived = queue.Queue()
        self._readers = [threading.Thread(target=self._read, args=pair, daemon=True) for pair in
                         ((self.process.stderr, self.lines), (self.process.stdout, self.box))]
        for reader in self._readers:
            reader.start()
        self.address = self._listening()
        self.host, self.port = urllib.parse.urlsplit(self.address).netloc.rsplit(":", 1)

    def _read(self, stream, lines):
        for line in stream:
            lines.append(line)
            self._arrived.put(line)
        self._arrived.put(None)

    def _listening(self):
        while (line := self._arrived.get(timeout=SECONDS)) is not None:
            if b'"message":"listening"' in line:
                return json.loads(line)["address"]
        raise RuntimeError(f"the server ended with {self.process.wait(SECONDS)}: {b''.join(self.lines).decode()}")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        status = self.stop()
        self.broken += [] if status in (0, -signal.SIGKILL) or kind else [f"SIGTERM ended it with {status}"]
        self.broken += self.log_problems()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        for reader in self._readers:
            reader.join(SECONDS)
        return status

    def call(self, method, path, body=None, token=None, headers=None, source="127.0.0.1"):
        """One request on a connection of its own. A body that is neither bytes nor text is sent as JSON."""
        sent = {"Content-Type": "application/json"} if body is not None else {}
        sent |= {"Authorization": f"Bearer {token}"} if token is not None else {}
        sent |= headers or {}
        data = body if body is None or isinstance(body, bytes | str) else json.dumps(body)
        connection = self.connection(source)
        with contextlib.closing(connection):
            connection.request(method, path, data.encode() if isinstance(data, str) else data, sent)
            response = connection.getresponse()
            answer = Answer(response.status, response.getheaders(), response.read())
        self.broken += [f"{method} {path[:60]}: {problem}" for problem in answer.problems(method, path)]
        return answer

    def connection(self, source="127.0.0.1"):
        return http.client.HTTPConnection(self.host, int(self.port), timeout=SECONDS, source_address=(source, 0))

    def raw(self, data, half_close=True):
        """Sends bytes as they are; returns all that comes back until the server closes."""
        with socket.create_connection((self.host, int(self.port)), timeout=SECONDS) as connection:
            received = b""
            with contextlib.suppress(ConnectionError):
                connection.sendall(data)
                if half_close:
                    connection.shutdown(socket.SHUT_WR)
                while piece := connection.recv(65536):
                    received += piece
        return received

    def login(self, name, password, **more):
        self.secrets.add(password)
        answer = self.call("POST", "/api/auth/login", {"username": name, "password": password}, **more)
        if answer.status == 200:
            self.secrets.add(answer.json["data"]["token"])
        return answer

    def token(self, name=ADMIN[0], password=ADMIN[2]):
        answer = self.login(name, password)
        if answer.status != 200:
            raise RuntimeError(f"{name} cannot sign in: {answer.body!r}\n{self.lines[-1:]}")
        return answer.json["data"]["token"]

    def sql(self, statement):
        """Plain SQL while the server runs. Returns the rows. On SQLite foreign keys are off, as in its own shell."""
        if self.instance.database:
            return [tuple(line.split("|")) for line in psql(self.instance.database, statement).splitlines()]
        with contextlib.closing(sqlite3.connect(self.instance.sqlite_file, timeout=SECONDS)) as connection, connection:
            return connection.execute(statement).fetchall()

    def wait_for(self, pattern, times=1):
        """Until the pattern, of bytes, has been on standard output or error so many times; returns all finds there."""
        while True:
            found = [find for lines in (self.box, self.lines) for find in re.findall(pattern, b"".join(lines), re.S)]
            if len(found) >= times:
                return found
            try:
                goes_on = self._arrived.get(timeout=SECONDS) is not None
            except queue.Empty:
                raise RuntimeError(f"the server did not say {pattern!r} within {SECONDS} s") from None
            if not goes_on:
                raise RuntimeError(f"the server ended without saying {pattern!r}")

    def codes(self):
        """Username and code of each box that the console has shown, in order."""
        return re.findall(r"Username:\s+(\S+)[^=]*?Reset code:\s+(\d{6})\b", b"".join(self.box).decode())

    def code(self, name, number=1):
        """The code of the numbered box for that username, which is waited for."""
        self.wait_for(rb"Username:\s+%s\s[^=]*?Reset code:\s+(\d{6})\b" % name.encode(), number)
        return [code for username, code in self.codes() if username == name][number - 1]

    def log(self):
        return [json.loads(line) for line in self.lines if line.startswith(b"{")]

    def log_problems(self):
        """Each line one JSON object, nothing in it that steers a terminal, and none of the secrets that were used."""
        found = []
        for line in self.lines:
            if re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", line):
                found.append(f"a control character in the log: {line!r}")
            if not line.startswith((b"{", b"warning: ", b"hint: ", b"[CLI] ", b"No account exists")):
                found.append(f"not a line of JSON: {line!r}")
        everything = b"".join(self.lines + self.box)
        found += ["a reset code in the log" for _, code in self.codes() if holds(b"".join(self.lines), code)]
        found += ["a secret in the log" for secret in self.secrets if secret and secret.encode() in everything]
        try:
            self.log()
        except ValueError:
            found.append("a line of the log is broken JSON")
        return found


def holds(text, code):
    """Whether a code stands in the bytes by itself: not as a part of an id, a time or a longer number."""
    return re.search(rb"(?<![0-9A-Za-z.])%s(?![0-9A-Za-z])" % code.encode(), text) is not None


class Clock:
    """A clock that the server reads and the test moves, by libfaketime."""

    def __init__(self, folder):
        self.file = folder / "clock"
        self.set(0)

    def set(self, seconds):
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}s\n")
        os.replace(fresh, self.file)


@contextlib.contextmanager
def fresh_instance(postgres=False, settings=None, prepared=True):
    """An instance in a folder of its own that is removed afterwards; `ADMIN` is its administrator."""
    folder = fresh_folder()
    try:
        (folder / "data").mkdir(mode=0o700)
        instance = Instance(folder / "data", cluster.new_database() if postgres else None, settings)
        if prepared:
            instance.set_up()
        yield instance
    finally:
        discard(folder)
