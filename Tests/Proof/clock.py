"""The server's clock moved, by minutes, an hour and a day, both ways: sessions, tokens, codes and temporary passwords of before
are as that clock says, what it issues itself works, and nobody is locked out.

    clock.py [--postgres]
"""

import re
import sys

from trial.instance import ADMIN
from trial.server import Clock, Server, fresh_instance
from trial.tally import Tally

OLD, NEW, TEMPORARY = "harbour-Violet-31-anchor", "meadow-Copper-74-signal", "window-Saffron-19-ladder"
HOUR, DAY = 3600, 86_400
REQUEST, VERIFY = "/api/password-reset/request", "/api/password-reset/verify"
CONSUME = "/reset-password"
# Seconds, and what a session, a token, a code and a temporary password of before are answered. Defaults: an idle hour, an
# hour, ten minutes, a day. More than a minute in the future is no time that this server's clock ever showed.
MOVES = ((-30, 200, 200, 200, 200), (-300, 401, 400, 400, 200), (300, 200, 200, 200, 200), (HOUR, 401, 400, 400, 200),
         (-HOUR, 401, 400, 400, 200), (DAY, 401, 400, 400, 401), (-DAY, 401, 400, 400, 200))


class Moved:
    def __init__(self, server, tally, seconds):
        self.server, self.tally, self.seconds = server, tally, seconds
        self.asked = 0

    def equal(self, name, found, wanted):
        self.tally.check(f"{self.seconds:+d} s: {name}", [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def code(self):
        self.server.call("POST", REQUEST, {"username": "kim"})
        self.asked += 1
        return self.server.code("kim", self.asked)

    def before(self):
        instance = self.server.instance
        instance.add("kim", "kim@example.org", OLD, "--no-force-change")
        instance.add("temp", "temp@example.org", TEMPORARY)
        instance.add("lee", "lee@example.org", OLD, "--no-force-change")
        out, _ = instance.must("generate-reset-token", "lee", "--yes")
        return self.server.token("lee", OLD), re.search(r"\b[0-9a-f]{64}\b", out)[0], self.code()

    def after(self, session, token, code, expected):
        call = self.server.call
        self.equal("a session", call("GET", "/api/sessions", token=session).status, expected[0])
        self.equal("a token", call("POST", CONSUME, {"token": token, "new_password": NEW}).status, expected[1])
        self.equal("a code", call("POST", VERIFY, {"username": "kim", "code": code}).status, expected[2])
        self.equal("a temporary password", self.server.login("temp", TEMPORARY).status, expected[3])

    def anew(self, name):
        """Whoever is not signed in signs in, asks, and gets what works now. Codes only of a clock put forward: libfaketime moves
        the timers of a process back with its clock, which the kernel does not, and the worker that makes codes would sleep."""
        session = self.server.login("kim", OLD)
        self.equal(f"{name}: a sign-in", session.status, 200)
        self.equal(f"{name}: its session", self.server.call(
            "GET", "/api/sessions", token=session.json["data"]["token"]).status, 200)
        administrator = self.server.login(ADMIN[0], ADMIN[2]).json["data"]["token"]
        lee = self.server.call("GET", "/api/users?search=lee", token=administrator).json["data"]["users"][0]["id"]
        link = self.server.call("POST", f"/api/users/{lee}/reset-password", {"link": True}, administrator).json["data"]["token"]
        self.server.secrets.add(link)
        self.equal(f"{name}: a new link", self.server.call("POST", CONSUME, {"token": link, "new_password": NEW}).status, 200)
        if self.seconds > 0:
            answer = self.server.call("POST", VERIFY, {"username": "kim", "code": self.code()})
            self.equal(f"{name}: a new code", answer.status, 200)


def main():
    tally, broken, postgres = Tally(), [], "--postgres" in sys.argv
    for seconds, *expected in MOVES:
        with fresh_instance(postgres) as instance:
            clock = Clock(instance.folder.parent)
            with Server(instance, clock=clock, limits="standard") as server:
                moved = Moved(server, tally, seconds)
                proofs = moved.before()
                clock.set(seconds)
                moved.after(*proofs, expected)
                moved.anew("moved")
                clock.set(0)
                moved.anew("put right")
            broken += server.broken
    tally.check("every answer and every line of the log", broken)
    tally.finish(f"a moved clock, {'PostgreSQL' if postgres else 'SQLite'}, {len(MOVES)} moves")


if __name__ == "__main__":
    main()
