"""Sessions: hashed at rest, bounded in time, listed and ended by their owner, gone with what took the right away."""

import hashlib
import sys

from trial.instance import ADMIN
from trial.server import Clock, Server, fresh_instance
from trial.tally import Tally

NEW = "plume-Walnut-77-harbor"
LIMITS = {"SPAREKEY_SESSION_IDLE": "10m", "SPAREKEY_SESSION_ABSOLUTE": "25m"}
MINUTE = 60


class Sessions:
    def __init__(self, server, tally):
        self.server, self.tally, self.instance = server, tally, server.instance

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def alive(self, token):
        return self.server.call("GET", "/api/sessions", token=token).status == 200

    def at_rest(self):
        """The secret is in no file and no table, as bytes or as text; its SHA-256 is."""
        token = self.server.token()
        forms = [token.encode(), token.upper().encode(), bytes.fromhex(token)]
        for path in self.instance.folder.iterdir():
            held = path.read_bytes() if path.is_file() else b""
            self.tally.check(f"no secret in {path.name}", ["found"] if any(form in held for form in forms) else [])
        rows = repr(self.server.sql("SELECT * FROM session") + self.server.sql("SELECT * FROM audit"))
        self.tally.check("no secret in the tables", ["found"] if token in rows or repr(forms[2]) in rows else [])
        text = "encode(secret_hash, 'hex')" if self.instance.database else "lower(hex(secret_hash))"
        hashes = [row[0] for row in self.server.sql(f"SELECT {text} FROM session")]
        self.equal("its SHA-256 is", hashlib.sha256(bytes.fromhex(token)).hexdigest() in hashes, True)
        for mangled in (token[:-1], token + "0", token[:-1] + ("0" if token[-1] != "0" else "1"), " " + token,
                        "\u00e9" * 32):
            self.equal("a mangled secret opens nothing", self.alive(mangled), False)
        self.equal("the scheme's name has no case", self.server.call(
            "GET", "/api/sessions", headers={"Authorization": f"bEaReR {token}"}).status, 200)
        self.equal("another scheme opens nothing", self.server.call(
            "GET", "/api/sessions", headers={"Authorization": f"Basic {token}"}).status, 401)

    def owners(self):
        """List, end one, sign out."""
        self.instance.add("eve", "eve@example.org", NEW, "--no-force-change")
        here, there, foreign = (self.server.login("eve", NEW, headers={"User-Agent": agent}).json["data"]["token"]
                                for agent in ("Here/1.0", "There/2.0 \u202e".encode().decode("latin-1"), "Third"))
        listed = self.server.call("GET", "/api/sessions", token=here).json["data"]["sessions"]
        self.equal("three are listed", sorted(session["device"][:5] for session in listed), ["Here/", "There", "Third"])
        self.equal("the calling one is marked", [session["device"] for session in listed if session["current"]],
                   ["Here/1.0"])
        self.equal("nothing in it steers a terminal", [session for session in listed if "\u202e" in session["device"]], [])
        other = next(session["id"] for session in listed if session["device"].startswith("There"))
        self.equal("somebody else cannot end it",
                   self.server.call("DELETE", f"/api/sessions/{other}", token=self.server.token()).status, 404)
        self.equal("the owner can", self.server.call("DELETE", f"/api/sessions/{other}", token=here).status, 204)
        self.equal("and only that one ends", [self.alive(each) for each in (here, there, foreign)], [True, False, True])
        self.equal("once", self.server.call("DELETE", f"/api/sessions/{other}", token=here).status, 404)
        self.equal("signing out", self.server.call("POST", "/api/auth/logout", token=foreign).status, 204)
        self.equal("ends the calling one", [self.alive(each) for each in (here, foreign)], [True, False])

    def own_change(self):
        """SEC-3: the caller stays, every other session ends; a wrong current password changes nothing."""
        first, second = self.server.token("eve", NEW), self.server.token("eve", NEW)
        body = {"currentPassword": NEW, "newPassword": "copper-Violin-31-glacier"}
        wrong = self.server.call("POST", "/api/auth/change-password", {**body, "currentPassword": "not it"}, first)
        self.equal("a wrong current password is a kind of its own", (wrong.status, wrong.kind),
                   (403, "wrong-current-password"))
        self.equal("and ends nothing", [self.alive(first), self.alive(second)], [True, True])
        self.equal("the change", self.server.call("POST", "/api/auth/change-password", body, first).status, 200)
        self.equal("keeps the caller only", [self.alive(first), self.alive(second)], [True, False])

    def taken_away(self):
        """Demoted, disabled, removed, reset in mid-session, by the API and by the command line."""
        administrator = self.server.token()
        for name, by_api, command, expected in (
                ("demoted", ("PATCH", {"role": "user"}), ("users", "set", "demoted", "--no-admin"), (200, 403)),
                ("disabled", ("PATCH", {"active": False}), ("users", "disable", "disabled"), (401, 401)),
                ("removed", ("DELETE", None), ("users", "remove", "removed", "--yes"), (401, 401)),
                ("reset", None, ("reset-password", "reset", "--generate"), (401, 401))):
            for way in (by_api, None) if by_api else (None,):
                if not self.server.sql(f"SELECT 1 FROM account WHERE username = '{name}'"):
                    self.instance.add(name, f"{name}@example.org", NEW, "--no-force-change", "--admin")
                self.server.sql(f"UPDATE account SET role = 'admin', active = 1 WHERE username = '{name}'")
                token = self.server.token(name, NEW)
                identity = self.server.sql(f"SELECT id FROM account WHERE username = '{name}'")[0][0]
                if way:
                    answer = self.server.call(way[0], f"/api/users/{identity}", way[1], administrator)
                    self.equal(f"{name} by the API", answer.status in (200, 204), True)
                else:
                    self.instance.must(*command)
                found = tuple(self.server.call("GET", path, token=token).status for path in ("/api/sessions", "/api/users"))
                self.equal(f"{name} by {'the API' if way else 'the command line'}", found, expected)
        self.equal("enabling a disabled account again", self.server.call("PATCH", "/api/users/" + self.server.sql(
            "SELECT id FROM account WHERE username = 'disabled'")[0][0], {"active": True}, administrator).status, 200)
        self.equal("brings no session back", self.server.call("GET", "/api/sessions", token=token).status, 401)


def time_limits(tally, postgres):
    with fresh_instance(postgres) as instance:
        clock = Clock(instance.folder.parent)
        with Server(instance, settings=LIMITS, clock=clock) as server:
            used, unused = server.token(), server.token()
            steps = ((8, used, True), (9, unused, True), (16, used, True), (20, unused, False), (24, used, True),
                     (26, used, False))
            for minute, token, alive in steps:
                clock.set(minute * MINUTE)
                found = server.call("GET", "/api/sessions", token=token).status == 200
                tally.check(f"after {minute} minutes {'alive' if alive else 'over'}",
                            [] if found == alive else [f"{found}"])
            clock.set(-3600)
            found = server.call("GET", "/api/sessions", token=used).status
            tally.check("a clock that is set back lengthens nothing", [] if found == 401 else [f"{found}"])
    return server.broken


def main():
    tally = Tally()
    postgres = "--postgres" in sys.argv
    with fresh_instance(postgres) as instance, Server(instance) as server:
        trial = Sessions(server, tally)
        for step in (trial.at_rest, trial.owners, trial.own_change, trial.taken_away):
            step()
    tally.check("every answer and every line of the log", server.broken + time_limits(tally, postgres))
    tally.finish(f"sessions, {'PostgreSQL' if postgres else 'SQLite'}")


if __name__ == "__main__":
    main()
