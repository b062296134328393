"""Two servers, each with a data folder of its own, on one PostgreSQL database: what is committed on one, or by a command on a
third machine, is right on the other at once; limits and the inbox are shared; more requests than connections are answered in
bounded time; and two that start at once on an empty database both come up."""

import concurrent.futures
import contextlib
import shutil
import statistics
import subprocess
import sys
import threading
import time

from inbox import Stream
from pages import Client
from refresh import sync_key, whoami
from trial.instance import ADMIN, Instance
from trial.server import SECONDS, Server, fresh_instance
from trial.tally import Tally

PASSWORD = "harbour-Violet-31-anchor"
SETTINGS = {"SPAREKEY_SYNC_KEYS": "true", "SPAREKEY_CODE_DELIVERY": "inbox", "SPAREKEY_APPROVAL": "one"}
ROUNDS = 7
# A server that only looks now and then looks every five seconds: half of its rounds would take longer than half of that.
AT_ONCE = 1.0
LISTENERS = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
# Connections of the pool wait five seconds for a lock, and callers ten for a connection.
BOUNDED = 75


class Two:
    def __init__(self, here, there, third, tally):
        self.here, self.there, self.third, self.tally = here, there, third, tally
        self.password, self.number = PASSWORD, 0

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def until(self, is_so):
        """When it was so; the time is the caller's to judge."""
        end = time.monotonic() + SECONDS
        while not is_so():
            if time.monotonic() > end:
                raise RuntimeError("it never came about")
            time.sleep(0.005)
        return time.monotonic()

    def fresh(self):
        self.number += 1
        return f"pebble-Amber-{self.number:03}-window"

    def reset(self, instance, new):
        """By a command; when it had ended."""
        instance.must("reset-password", "kim", "--no-force-change", "--password-stdin", password=new)
        return time.monotonic()

    def right(self, server, session, old, new):
        """Whether the old session and key are dead there, and the new key lives: asked without teaching the server."""
        return (server.call("GET", "/api/sessions", token=session).status,
                whoami(server, sync_key("kim", old)), whoami(server, sync_key("kim", new))) == (401, 401, 200)

    def round(self, instance):
        """Seconds until both are right, and until a stream of the account's has ended there."""
        old, new = self.password, self.fresh()
        session, stream = self.there.token("kim", old), Stream(self.there, self.there.token("kim", old))
        self.until(lambda: whoami(self.there, sync_key("kim", old)) == 200)
        ends = []
        reader = threading.Thread(target=lambda: ends.append(stream.ended() is not None and time.monotonic()))
        reader.start()
        done, self.password = self.reset(instance, new), new
        took = [self.until(lambda: self.right(server, session, old, new)) - done for server in (self.there, self.here)]
        reader.join(SECONDS)
        stream.connection.close()
        return max(took), (ends[0] - done if ends and ends[0] else SECONDS)

    def at_once(self, title):
        for place, instance in (("on the other server", self.here.instance), ("on a third machine", self.third)):
            rounds = [self.round(instance) for _ in range(ROUNDS)]
            for what, times in zip(("keys and sessions", "a stream"), zip(*rounds, strict=True), strict=True):
                middle = statistics.median(times)
                print(f"  {title}, a reset {place}: {what} after {middle:.3f} s (median of {ROUNDS}, longest {max(times):.3f} s)")
                self.tally.check(f"{title}: a reset {place}, {what}", [] if middle < AT_ONCE else [f"{middle:.2f} s"])

    def shut_out(self):
        """By the API of the one, seen at the other: sign-out everywhere, disabling, and back."""
        session, key = self.there.token("kim", self.password), sync_key("kim", self.password)
        ((number,),) = self.here.sql("SELECT id FROM account WHERE username = 'kim'")
        admin = self.here.token()
        self.until(lambda: whoami(self.there, key) == 200)
        self.here.call("PATCH", f"/api/users/{number}", {"active": False}, token=admin)
        begun = time.monotonic()
        took = self.until(lambda: whoami(self.there, key) == 401) - begun
        self.tally.check("disabled", [] if took < SECONDS else [f"{took} s"])
        self.equal("no session of a disabled account", self.there.call("GET", "/api/sessions", token=session).status, 401)
        self.here.call("PATCH", f"/api/users/{number}", {"active": True}, token=admin)
        self.until(lambda: whoami(self.there, key) == 200)

    def listener_lost(self):
        """Its connection is ended: what happens meanwhile is caught up with all the same, and it comes back by itself."""
        self.until(lambda: self.here.sql(f"SELECT count(*) {LISTENERS}") == [("2",)])
        old, new = self.password, self.fresh()
        session = self.there.token("kim", old)
        self.here.sql(f"SELECT pg_terminate_backend(pid) {LISTENERS}")
        done, self.password = self.reset(self.third, new), new
        took = self.until(lambda: self.right(self.there, session, old, new)) - done
        # The next turn is five seconds away, and the reconnection much less.
        self.tally.check("caught up without it", [] if took < 25 else [f"{took:.1f} s"])
        print(f"  while the listening connection is away: after {took:.3f} s")
        self.until(lambda: self.here.sql(f"SELECT count(*) {LISTENERS}") == [("2",)])
        for server in (self.here, self.there):
            server.wait_for(rb"changes on other servers are heard again|\"message\":\"listening\"")

    def inbox(self):
        """Asked here, told and approved there, used here."""
        stream = Stream(self.there, self.there.token())
        self.here.call("POST", "/api/password-reset/request", {"username": "kim"})
        self.equal("the other's inbox is told", stream.until(b"data: ") is not None, True)
        admin = self.there.token()
        rows = self.until_waiting(admin)
        answer = self.there.call("POST", f"/api/reset-requests/{rows[0]['id']}/approve", token=admin)
        self.equal("it is approved there", answer.status, 200)
        self.equal("once on both", self.here.call("POST", f"/api/reset-requests/{rows[0]['id']}/approve",
                                                  token=self.here.token()).kind, "request-closed")
        code = self.there.call("POST", f"/api/reset-requests/{rows[0]['id']}/reveal", token=admin).json["data"]["code"]
        new = self.fresh()
        used = [server.call("POST", "/api/password-reset/reset", {"username": "kim", "code": code, "newPassword": new}).status
                for server in (self.here, self.there)]
        self.equal("the code works once on both", used, [200, 400])
        self.password = new
        stream.connection.close()

    def until_waiting(self, admin):
        found = []

        def waits():
            found[:] = self.there.call("GET", "/api/reset-requests", token=admin).json["data"]["requests"]
            return found and found[0]["state"] == "waiting"
        self.until(waits)
        return found

    def crowd(self):
        """Every connection waits for a lock that somebody holds: everybody is answered, in bounded time, and told when to
        come again; what needs no database is answered meanwhile."""
        token = self.here.token()
        with locked(self.here.instance.database), concurrent.futures.ThreadPoolExecutor(64) as pool:
            begun = time.monotonic()
            waiting = [pool.submit(timed_outage, self.here, token, begun) for _ in range(64)]
            alive = self.here.call("GET", "/healthz").status
            answers = [each.result() for each in waiting]
        longest = max(seconds for _, _, seconds in answers)
        self.equal("it lives", alive, 200)
        self.equal("each is told to come again", {(status, after is not None) for status, after, _ in answers}, {(503, True)})
        self.tally.check("in bounded time", [] if longest < BOUNDED else [f"{longest:.0f} s"])
        print(f"  64 requests on 8 connections that all wait: answered after {longest:.1f} s at the longest")
        self.equal("afterwards all is well", self.here.call("GET", "/api/users", token=token).status, 200)


def timed_outage(server, token, begun):
    """As `call`, for which 503 is the right answer."""
    with contextlib.closing(server.connection()) as connection:
        connection.request("GET", "/api/users", headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("retry-after"), time.monotonic() - begun


@contextlib.contextmanager
def locked(database):
    """Somebody holds the table of sessions."""
    holder = subprocess.Popen(["psql", "-XAtq", "-d", database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    holder.stdin.write("BEGIN; LOCK TABLE session IN ACCESS EXCLUSIVE MODE; SELECT 'held';\n")
    holder.stdin.flush()
    holder.stdout.readline()
    try:
        yield
    finally:
        holder.communicate("ROLLBACK;\n", timeout=SECONDS)


def beside(instance, name):
    return instance.copy(instance.folder.parent / name)


def together(tally):
    with contextlib.ExitStack() as stack:
        instance = stack.enter_context(fresh_instance(True, settings=SETTINGS))
        instance.add("kim", "kim@example.org", PASSWORD, "--no-force-change", "--admin")
        there, third = beside(instance, "second"), beside(instance, "third")
        servers = [stack.enter_context(Server(place)) for place in (instance, there)]
        two = Two(*servers, third, tally)
        two.at_once("listening")
        two.shut_out()
        two.listener_lost()
        two.inbox()
        two.crowd()
    for server in servers:
        tally.check("every answer and every line of the log", server.broken)


def limits(tally):
    """Ten tries a name, whichever server they come to."""
    with contextlib.ExitStack() as stack:
        instance = stack.enter_context(fresh_instance(True))
        servers = [stack.enter_context(Server(place, limits="standard")) for place in (instance, beside(instance, "second"))]
        found = [servers[number % 2].login(ADMIN[0], f"wrong-{number}").status for number in range(14)]
        tally.check("ten tries on both together", [] if found == [401] * 10 + [429] * 4 else [f"{found}"])
    for server in servers:
        tally.check("every answer and every line of the log", server.broken)


def first_start(tally, rounds):
    """Two servers that begin at the same moment on an empty database: both come up, and one of their links works, once."""
    for number in range(rounds):
        with contextlib.ExitStack() as stack:
            instance = stack.enter_context(fresh_instance(True, prepared=False))
            instance.settings["SPAREKEY_KEY_FILE"] = str(instance.folder.parent / "shared.key")
            other = Instance(instance.folder.parent / "second", instance.database, instance.settings)
            other.folder.mkdir(mode=0o700)
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                servers = [stack.enter_context(each) for each in pool.map(Server, (instance, other))]
            found = [server.wait_for(rb"/setup#([0-9a-f]{64})\n")[0].decode() for server in servers]
            good = [token for token in found if opens(servers[0], token)]
            problems = [] if len(good) == 1 else [f"{len(good)} of two links work"]
            for token in good:
                set_up(servers[1], token)
            problems += [f"after the set-up {server.login(*ADMIN[::2]).status}" for server in servers
                         if server.login(*ADMIN[::2]).status != 200]
            problems += ["a link works afterwards"] if any(opens(servers[0], token) for token in found) else []
            tally.check(f"two first starts at once, {number}", problems)
        for server in servers:
            tally.check("every answer and every line of the log", server.broken)


def opens(server, token):
    visitor = Client(server)
    visitor.get("/setup")
    return visitor.post("/setup/token", token=token).status == 303


def set_up(server, token):
    visitor = Client(server)
    visitor.get("/setup")
    visitor.post("/setup/token", token=token)
    visitor.get("/setup/new")
    fields = {"display-name": "Ada Lovelace", "new-password": ADMIN[2], "confirm-password": ADMIN[2]}
    return visitor.post("/setup", email=ADMIN[1], username=ADMIN[0], domain="files.example.org", **fields).header("location")


def main():
    if not shutil.which("psql"):
        sys.exit("error: psql is not installed")
    tally = Tally()
    first_start(tally, 3)
    limits(tally)
    together(tally)
    tally.finish("two servers on one PostgreSQL")


if __name__ == "__main__":
    main()
