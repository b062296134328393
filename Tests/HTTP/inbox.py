"""The administrators' inbox: approve, deny, reveal, who may not, and the stream that keeps a page live."""

import socket
import sys
import time

from trial.instance import ADMIN
from trial.server import SECONDS, Clock, Server, fresh_instance, holds
from trial.tally import Tally

PASSWORD, NEW = "harbour-Violet-31-anchor", "meadow-Copper-74-signal"
ASK = {"SPAREKEY_CODE_DELIVERY": "inbox", "SPAREKEY_APPROVAL": "one"}
INBOX, RESET = "/api/reset-requests", "/api/password-reset/reset"
KEYS = {"id", "name", "account", "app", "address", "state", "needsApproval", "requestedAt", "expiresAt"}
# The server looks every 0.9 s; the rest is for a machine that is slow and busy.
SOON = 15
# RecoveryServer.maximumGracefulShutdownDuration, less a moment
GRACE = 9.5


class Stream:
    """Server-sent events, read as they come."""

    def __init__(self, server, token):
        self.connection = socket.create_connection((server.host, int(server.port)), timeout=SECONDS)
        self.connection.sendall(f"GET {INBOX}/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        self.received = b""
        self.until(b": listening\n\n")

    def until(self, wanted, skip=0):
        """Seconds until those bytes have come after the first `skip`; None if the stream ended before, or goes on without."""
        begun = time.monotonic()
        while wanted not in self.received[skip:]:
            piece = self.connection.recv(4096)
            if not piece or time.monotonic() > begun + SECONDS:
                return None
            self.received += piece
        return time.monotonic() - begun

    def ended(self):
        """Seconds until the stream ends as HTTP ends one, so that a browser does not take it for a fault."""
        return self.until(b"\r\n0\r\n\r\n")


class Inbox:
    def __init__(self, server, tally):
        self.server, self.tally, self.instance = server, tally, server.instance
        self.admin, self.times, self.codes = server.token(), {}, []

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def soon(self, name, seconds):
        self.tally.check(name, [] if seconds is not None and seconds < SOON else [f"{seconds} s"])

    def ask(self, name):
        """The number of the request, once it waits for an approval."""
        answer = self.server.call("POST", "/api/password-reset/request", {"username": name})
        self.equal("where the code is", answer.json["message"].endswith(" Ask an administrator for the code."), True)
        line = rb"Password reset for '%s'[^\n]*: sparekey requests approve (\d+)\n" % name.encode()
        self.times[name] = self.times.get(name, 0) + 1
        return self.server.wait_for(line, self.times[name])[-1].decode()

    def act(self, number, act, token=None):
        return self.server.call("POST", f"{INBOX}/{number}/{act}", token=token or self.admin)

    def row(self, number):
        rows = self.server.call("GET", INBOX, token=self.admin).json["data"]["requests"]
        return next(row for row in rows if row["id"] == number)

    def use(self, name, code):
        return self.server.call("POST", RESET, {"username": name, "code": code, "newPassword": NEW})

    def approved(self):
        number = self.ask("kim")
        row = self.row(number)
        self.equal("what a request tells", set(row), KEYS)
        self.equal("it waits", (row["account"], row["name"], row["state"], row["needsApproval"], row["expiresAt"]),
                   ("kim", "kim", "waiting", True, None))
        self.equal("no code yet", self.act(number, "reveal").kind, "request-closed")
        answer = self.act(number, "approve")
        self.equal("approved", (answer.status, answer.json["data"]["request"]["state"]), (200, "live"))
        self.equal("approved once", self.act(number, "approve").kind, "request-closed")
        shown = self.act(number, "reveal").json["data"]
        self.codes.append(shown["code"])
        self.equal("a code of six digits", (len(shown["code"]), shown["code"].isdigit()), (6, True))
        self.equal("with its end", shown["expiresAt"], self.row(number)["expiresAt"])
        self.equal("shown again", self.act(number, "reveal").json["data"], shown)
        self.equal("it resets", self.use("kim", shown["code"]).status, 200)
        self.equal("and signs in", self.server.login("kim", NEW).status, 200)
        self.equal("once", self.use("kim", shown["code"]).kind, "invalid-reset-code")
        self.equal("used", (self.row(number)["state"], self.act(number, "reveal").kind), ("used", "request-closed"))

    def denied(self):
        number = self.ask("lea")
        answer = self.act(number, "deny")
        self.equal("denied", (answer.status, answer.json["data"]["request"]["state"]), (200, "denied"))
        for act in ("deny", "approve", "reveal"):
            self.equal(f"then no {act}", self.act(number, act).kind, "request-closed")

    def refused(self):
        """SEC-15, and everybody who is no administrator."""
        number, own = self.ask("lea"), self.ask(ADMIN[0])
        user, stale = self.server.token("kim", NEW), self.server.token("eve", PASSWORD)
        self.server.sql("UPDATE session SET created_at = created_at - 601000000 WHERE account_id = "
                        "(SELECT id FROM account WHERE username = 'eve')")
        for act in ("approve", "deny", "reveal"):
            self.equal(f"own: {act}", self.act(own, act).kind, "own-account")
            self.equal(f"stale: {act}", self.act(number, act, stale).kind, "sign-in-too-old")
            self.equal(f"user: {act}", self.act(number, act, user).kind, "not-allowed")
            self.equal(f"nobody: {act}", self.server.call("POST", f"{INBOX}/{number}/{act}").kind, "not-signed-in")
            for odd in ("999", "0", "-1", "x", "99999999999999999999", "%00", "1.5"):
                self.equal(f"{odd}: {act}", self.act(odd, act).kind, "not-found")
        self.equal("both still wait", [self.row(each)["state"] for each in (number, own)], ["waiting", "waiting"])
        self.equal("a stale one may look", self.server.call("GET", INBOX, token=stale).status, 200)
        for path in (INBOX, INBOX + "/events"):
            self.equal("a user may not", self.server.call("GET", path, token=user).kind, "not-allowed")
            self.equal("nobody may not", self.server.call("GET", path).kind, "not-signed-in")
        other = self.server.token("eve", PASSWORD)
        self.equal("another administrator approves it", self.act(own, "approve", other).status, 200)
        self.equal("and one's own is not revealed either", self.act(own, "reveal").kind, "own-account")

    def pages(self):
        """`after` walks to the oldest, each once; what is no number is refused."""
        found, after = [], ""
        while after is not None:
            data = self.server.call("GET", f"{INBOX}?limit=2{after and '&after=' + after}", token=self.admin).json["data"]
            found, after = found + [row["id"] for row in data["requests"]], data["next"]
        self.equal("every request once", (len(found), found), (sum(self.times.values()), sorted(found, key=int, reverse=True)))
        for query in ("after=x", "after=", "limit=0", "limit=1001", "after=99999999999999999999"):
            self.equal(query, self.server.call("GET", f"{INBOX}?{query}", token=self.admin).kind, "malformed-request")

    def live(self):
        token = self.server.token()
        stream = Stream(self.server, token)
        head = stream.received.lower()
        for header in (b"http/1.1 200", b"content-type: text/event-stream", b"cache-control: no-store"):
            self.equal(header.decode(), header in head, True)
        number = self.ask("kim")
        event = b'data: {"id":"%s"}\n\n' % number.encode()
        self.soon("a new request is told", stream.until(event))
        # It may have been told as new before it was looked at, and told again now.
        told = len(stream.received)
        self.act(number, "deny")
        self.soon("a denied one is told", stream.until(event, told))
        self.server.call("POST", "/api/auth/logout", token=token)
        self.soon("signing out ends the stream", stream.ended())

    def ends(self):
        """By whatever takes the right away."""
        for title, statement in (("demoted", "role = 'user'"), ("disabled", "active = 0"),
                                 ("must change", "require_password_change = 1")):
            self.server.sql("UPDATE account SET role = 'admin', active = 1, require_password_change = 0 "
                            "WHERE username = 'eve'")
            stream = Stream(self.server, self.server.token("eve", PASSWORD))
            self.server.sql(f"UPDATE account SET {statement} WHERE username = 'eve'")
            self.soon(f"{title}: the stream ends", stream.ended())

    def hidden(self):
        """A revealed code is in no log, on no console and in no audit row; each reveal is one."""
        rows = "\n".join(row[0] for row in self.server.sql("SELECT row FROM audit"))
        everything = b"".join(self.server.lines + self.server.box) + rows.encode()
        self.tally.check("no code anywhere", [code for code in self.codes if holds(everything, code)])
        self.equal("two reveals are two rows", rows.count("code.revealed"), 2)


def idle(tally, postgres):
    """A stream that nobody looks at ends with the session's idle time, and with the server."""
    with fresh_instance(postgres) as instance:
        clock = Clock(instance.folder.parent)
        with Server(instance, clock=clock, settings=ASK | {"SPAREKEY_SESSION_IDLE": "10m"}) as server:
            stream = Stream(server, server.token())
            clock.set(6 * 60)
            server.call("POST", "/api/password-reset/request", {"username": "nobody"})
            tally.check("it listens on", [] if stream.until(b'data: {"id":"1"}') is not None else ["it ended"])
            clock.set(11 * 60)
            seconds = stream.ended()
            tally.check("idle: the stream ends", [] if seconds is not None and seconds < SOON else [f"{seconds} s"])
            clock.set(0)
            stream = Stream(server, server.token())
            begun = time.monotonic()
            server.stop()
            took = time.monotonic() - begun
            tally.check("a stream does not keep the server from ending", [] if took < GRACE else [f"{took:.1f} s"])
            tally.check("and ends with it", [] if stream.ended() is not None else ["cut off"])
    return server.broken


def main():
    tally = Tally()
    postgres = "--postgres" in sys.argv
    with fresh_instance(postgres) as instance:
        for name, more in (("kim", ()), ("lea", ()), ("eve", ("--admin",))):
            instance.add(name, f"{name}@example.org", PASSWORD, "--no-force-change", *more)
        with Server(instance, settings=ASK) as server:
            inbox = Inbox(server, tally)
            for step in (inbox.approved, inbox.denied, inbox.refused, inbox.live, inbox.pages, inbox.ends, inbox.hidden):
                step()
    tally.check("every answer and every line of the log", server.broken + idle(tally, postgres))
    tally.finish(f"inbox, {'PostgreSQL' if postgres else 'SQLite'}")


if __name__ == "__main__":
    main()
