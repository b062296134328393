"""What serving costs: Sparekey's sign-ins, health under load, start, memory and user list, beside Django with allauth.

Both hash with the same Argon2id parameters, have one account on SQLite and no limits; Django runs on gunicorn with two
workers, which end a connection after each answer. The two take turns in one run, so that a busy machine slows both. CPU is
what the kernel counts for the whole tree of processes; the hash alone is libsodium's, called from here in turn with the
sign-ins. Ends with 1 where a bound is missed.
"""

import contextlib
import ctypes
import http.client
import json
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request

from reset import HERE
from table import Table
from trial import cost
from trial.crowd import calling, healths, no_op_server, p99
from trial.instance import ADMIN, BINARY, Instance, discard, fresh_folder
from trial.many import add_copies

STARTS, ROUNDS, BATCH = 7, 12, 10
CALLERS, ASKED, HEALTH_ROUNDS, LONGEST = 64, 300, 3, 10
MANY, PAGES = 1_000_000, 100
MEGABYTE = 1 << 20


class Served:
    """A server in a process of its own on a port of its own; made and ended by `with`."""

    def __init__(self, command, environment, request, log):
        self.command, self.environment, self.request, self.log = command, environment, request, log
        self.kept = None

    def __enter__(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = free.getsockname()
        authority = f"127.0.0.1:{self.address[1]}"
        environment = {name: value.format(authority=authority) for name, value in self.environment.items()}
        command = [part.format(authority=authority) for part in self.command]
        begun = time.perf_counter()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, env=environment, cwd="/", stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, start_new_session=True)
        while not self.answers():
            if self.process.poll() is not None or time.perf_counter() - begun > 60:
                raise RuntimeError(f"{command[0]} does not serve: {self.log.read_text()[-2000:]}")
            time.sleep(0.001)
        self.started = time.perf_counter() - begun
        return self

    def __exit__(self, *_):
        if self.kept:
            self.kept.close()
            self.kept = None
        self.process.terminate()
        self.process.wait(30)

    @property
    def pid(self):
        return self.process.pid

    def answers(self):
        with contextlib.suppress(OSError):
            return exchange(self.address, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n") == 200
        return False

    def sign_in(self):
        """On the connection of the last one where the server keeps it, as browsers do."""
        if self.kept is None:
            self.kept = http.client.HTTPConnection(*self.address, timeout=30)
        path, body, headers = self.request
        self.kept.request("POST", path, body, headers)
        answer = self.kept.getresponse()
        answer.read()
        if answer.status not in (200, 302):
            raise RuntimeError(f"nobody can sign in: {answer.status}")


def exchange(address, request):
    """The status that a request on a connection of its own is answered with."""
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return int(answer[9:12])


def single(path, body, headers):
    """A sign-in as bytes, on a connection that ends with it."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines + [f"{name}: {value}" for name, value in headers.items()]) + "\r\n\r\n" + body).encode()


def sparekey(instance, log):
    body = json.dumps({"username": ADMIN[0], "password": ADMIN[2]})
    request = "/api/auth/login", body, {"Content-Type": "application/json"}
    environment = instance.environment() | {"SPAREKEY_LISTEN": "{authority}", "SPAREKEY_LIMITS": "off"}
    return Served([BINARY, "serve"], environment, request, log)


def django(folder):
    """The form that allauth's own page sends. Any CSRF token will do that the cookie and the form agree on."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(HERE), "DJANGO_SETTINGS_MODULE": "django_site.serving",
                   "BENCH_DATABASE": str(folder / "serving.sqlite3"), "DJANGO_SUPERUSER_PASSWORD": ADMIN[2]}
    for arguments in (["migrate"], ["createsuperuser", "--noinput", "--username", ADMIN[0], "--email", ADMIN[1]]):
        subprocess.run([sys.executable, "-m", "django", *arguments], env=environment, check=True, capture_output=True)
    csrf = "a" * 32
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": csrf, "login": ADMIN[0], "password": ADMIN[2]})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={csrf}"}
    request = "/accounts/login/", form, headers
    command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--bind", "{authority}", "--log-level", "warning",
               "django_site.wsgi"]
    return Served(command, environment, request, folder / "django.log")


class Hash:
    """The account's own stored value, verified by libsodium without any server."""

    def __init__(self, instance):
        self.library = ctypes.CDLL("libsodium.so.23")
        # Without it the library does not choose what this processor does fastest.
        if self.library.sodium_init() < 0:
            raise RuntimeError("libsodium does not start")
        with contextlib.closing(sqlite3.connect(instance.sqlite_file)) as connection:
            self.stored = connection.execute("SELECT password_hash FROM account").fetchone()[0].encode()

    def verify(self):
        password = ADMIN[2].encode()
        if self.library.crypto_pwhash_str_verify(self.stored, password, ctypes.c_ulonglong(len(password))) != 0:
            raise RuntimeError("libsodium refuses the stored hash")


def starts(servers):
    """Milliseconds from the process's start to its first answer."""
    found = [[] for _ in servers]
    for _ in range(STARTS + 1):
        for server, times in zip(servers, found):
            with server:
                times.append(server.started * 1000)
    return [statistics.median(times[1:]) for times in found]


def memory(servers):
    """Megabytes while no hash runs; ours measures one every two seconds at first. Ours counts what it shares with other
    processes in full, Django's tree shares among its workers and counts that once."""
    found = []
    for _ in range(20):
        time.sleep(0.05)
        found.append([bytes / MEGABYTE for bytes in (cost.present(servers[0].pid), cost.resident(servers[1].pid))])
    return [min(column) for column in zip(*found)]


def sign_ins(servers, alone):
    """CPU milliseconds of a sign-in at each server and of the hash alone, in turn one by one; medians of rounds. Last come
    the servers' figures as multiples of the hash of the same round."""
    rounds = []
    for _ in range(ROUNDS + 1):
        row = [0] * (len(servers) + 1)
        for _ in range(BATCH):
            for number, server in enumerate(servers):
                before = cost.cpu(server.pid)
                server.sign_in()
                row[number] += (cost.cpu(server.pid) - before) / BATCH * 1000
            before = time.thread_time()
            alone.verify()
            row[-1] += (time.thread_time() - before) / BATCH * 1000
        rounds.append(row + [value / row[-1] for value in row[:-1]])
    return [statistics.median(column) for column in zip(*rounds[1:])]


def health(servers):
    """p99 in milliseconds while so many sign in, by server, and a no-op server's beside ours."""
    found = []
    with no_op_server() as nothing:
        for _ in range(HEALTH_ROUNDS):
            row = []
            for asked in ((servers[0].address, nothing), (servers[1].address,)):
                server = servers[len(row) // 2]
                with calling(server.address, single(*server.request), CALLERS):
                    row += [p99(times) * 1000 for times in healths(asked, ASKED, LONGEST)]
            found.append(row)
    return [statistics.median(column) for column in zip(*found)]


def pages(instance, log):
    """The log's own milliseconds of a page of fifty among a million accounts, by kind; and the start with so many."""
    begun = time.monotonic()
    add_copies(instance, ADMIN[0], (f"user{number:07d}" for number in range(MANY)), role="user")
    print(f"(a million accounts written in {time.monotonic() - begun:.0f} s)")
    started, = starts([sparekey(instance, log)])
    with sparekey(instance, log) as server:
        # It reads all accounts once at first, for the kinds of hashes there are.
        wait_until_quiet(server)
        return {kind: timed(server, log, "/api/users?limit=50" + more) for kind, more in (
            ("first page", ""), ("deep page", "&after=user0900000"), ("one match", "&search=user0900000"),
            ("all match", "&search=user"))}, started


def wait_until_quiet(server):
    spent = -1
    while (now := cost.cpu(server.pid)) - spent > 0.2:
        spent = now
        time.sleep(2)


def timed(server, log, path):
    base = f"http://127.0.0.1:{server.address[1]}"
    body = json.dumps({"username": ADMIN[0], "password": ADMIN[2]}).encode()
    asked = urllib.request.Request(base + "/api/auth/login", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked) as answer:
        token = json.load(answer)["data"]["token"]
    size = log.stat().st_size
    for _ in range(PAGES):
        with urllib.request.urlopen(urllib.request.Request(base + path, headers={"Authorization": f"Bearer {token}"})) as answer:
            if not json.load(answer)["data"]["users"]:
                raise RuntimeError(f"{path} finds nobody")
    lines = [json.loads(line) for line in log.read_bytes()[size:].splitlines()]
    return sorted(float(line["ms"]) for line in lines if line.get("route") == "/api/users")


def main():
    folder = fresh_folder()
    instance = Instance(folder / "data")
    instance.folder.mkdir(mode=0o700)
    instance.set_up()
    log = folder / "sparekey.log"
    servers = sparekey(instance, log), django(folder)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    table = Table("A server, SQLite")
    ours, theirs = starts(servers)
    table.row("cold start to the first answer, ms", ours, 150, theirs)
    with servers[0], servers[1]:
        ours, theirs = memory(servers)
        table.row("memory idle, MB", ours, 60, theirs)
        ours, theirs, alone, times, their_times = sign_ins(servers, Hash(instance))
        table.row(f"CPU of a sign-in, ms (its hash {alone:.1f})", ours, None, theirs)
        table.row("    as a multiple of that hash", times, 1.25, their_times)
        ours, nothing, theirs = health(servers)
        table.row(f"/healthz p99 while {CALLERS} sign in, ms", ours, max(20, 5 * nothing), theirs)
        ours, theirs = memory(servers)
        table.row("memory afterwards, MB", ours, 60 + 50, theirs)
    rows, started = pages(instance, log)
    for kind, times in rows.items():
        table.row(f"user list of a million, {kind}, ms", statistics.median(times), 5)
        print(f"    slowest of {len(times)}: {times[-1]:.1f}")
    table.row("cold start with a million accounts, ms", started, 150)
    discard(folder)
    sys.exit(1 if table.missed else 0)


if __name__ == "__main__":
    main()
