"""Who signs in and who does not; every refusal is the same answer. Temporary passwords; rescues while the server runs."""

import sys
import threading

from trial.instance import ADMIN
from trial.server import Clock, Server, fresh_instance
from trial.slow_hash import slow_hash, used_seconds, wait_until_used
from trial.tally import Tally

NAME, EMAIL, PASSWORD = ADMIN
NEW = "plume-Walnut-77-harbor"
OTHER = "copper-Violin-31-glacier"
LAST = "meadow-Anchor-64-sparrow"
DAY = 86400
# Seconds of hashing in which a reset by the command has to have been done; more where they were too few.
SLOW = (1, 3, 8)


class SignIn:
    def __init__(self, server, tally):
        self.server, self.tally, self.instance = server, tally, server.instance

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def status(self, name, password):
        return self.server.login(name, password).status

    def add(self, name, *more):
        self.instance.add(name, f"{name}@example.org", PASSWORD, "--no-force-change", *more)

    def names(self):
        """Any of the names, in either field, without case."""
        for typed in (NAME, NAME.upper(), EMAIL, "ADA@Example.ORG", f"  {NAME} ", "\uff41da"):
            for field in ("username", "email"):
                answer = self.server.call("POST", "/api/auth/login", {field: typed, "password": PASSWORD})
                self.equal(f"{field} {typed!r} signs in", answer.status, 200)
        self.add("decomposed")
        self.instance.must("reset-password", "decomposed", "--password-stdin", "--no-force-change",
                           password="Caf\u00e9-Lantern-58-otter")
        self.equal("a decomposed password is the same", self.status("decomposed", "Cafe\u0301-Lantern-58-otter"), 200)

    def refusals(self):
        """One answer, to the byte, whatever the cause."""
        for name in ("disabled", "empty", "expired", "unknown-hash", "plain", "cut"):
            self.add(name)
        self.instance.must("users", "disable", "disabled")
        self.server.sql("UPDATE account SET password_hash = NULL WHERE username = 'empty'")
        self.server.sql("UPDATE account SET password_expires_at = 1 WHERE username = 'expired'")
        self.server.sql("UPDATE account SET password_hash = '{unknown}0123456789' WHERE username = 'unknown-hash'")
        self.server.sql(f"UPDATE account SET password_hash = '{PASSWORD}' WHERE username = 'plain'")
        self.server.sql("UPDATE account SET password_hash = substr(password_hash, 1, 60) WHERE username = 'cut'")
        wrong = self.server.login(NAME, "not-the-Password-58-otter")
        self.equal("a wrong password is 401", (wrong.status, wrong.kind), (401, "sign-in-refused"))
        causes = {name: (name, PASSWORD) for name in ("disabled", "empty", "expired", "unknown-hash", "plain", "cut",
                                                      "nobody",
                                                      "nobody@example.org", "", "@", "a:b", f"{NAME}\0", f"{NAME}\0x",
                                                      "x" * 5000)}
        causes |= {"no password": (NAME, ""), "a long one": (NAME, "x" * 30000), "NUL": (NAME, f"{PASSWORD}\0"),
                   "case": (NAME, PASSWORD.swapcase()), "space": (NAME, PASSWORD + " ")}
        for cause, (name, password) in causes.items():
            same = self.server.login(name, password).same() == wrong.same()
            self.tally.check(f"refused alike: {cause[:20]!r}", [] if same else [f"another answer for {cause[:20]!r}"])

    def temporary(self):
        """RST-1 and PMX-2, by the command line while the server runs."""
        self.add("temp")
        old = self.server.token("temp")
        self.instance.must("generate-reset-token", "temp", "--yes")
        _, err = self.instance.must("reset-password", "temp", "--password-stdin", password=NEW)
        self.tally.check("a reset leaves its trail", [] if "[CLI]" in err else [err])
        self.equal("a reset ends the sessions there were", self.server.call("GET", "/api/sessions", token=old).status, 401)
        self.equal("and voids the tokens",
                   int(self.server.sql("SELECT COUNT(*) FROM reset_token WHERE used_at IS NULL")[0][0]), 0)
        self.equal("the old password is refused", self.status("temp", PASSWORD), 401)
        answer = self.server.login("temp", NEW).json["data"]
        self.equal("the new one signs in and must be changed", answer["user"]["requirePasswordChange"], True)
        token = answer["token"]
        for method, path in (("GET", "/api/sessions"), ("GET", "/api/users"), ("DELETE", "/api/sessions/x")):
            self.equal(f"{method} {path} must wait", self.server.call(method, path, token=token).kind,
                       "must-change-password")
        self.equal("it cannot be kept", self.change(token, NEW, NEW).status, 422)
        self.equal("changing it", self.change(token, NEW, OTHER).status, 200)
        self.equal("clears the flag for this session", self.server.call("GET", "/api/sessions", token=token).status, 200)
        self.equal("and for later ones", self.server.login("temp", OTHER).json["data"]["user"]["requirePasswordChange"],
                   False)

    def change(self, token, current, new):
        self.server.secrets |= {current, new}
        return self.server.call("POST", "/api/auth/change-password", {"currentPassword": current, "newPassword": new},
                                token)

    def undo(self):
        self.add("undone")
        self.server.token("undone")
        out, err = self.instance.must("reset-password", "undone", "--password-stdin", "--no-force-change", "--json",
                                      password=NEW)
        token = self.server.token("undone", NEW)
        number = str(self.server.sql("SELECT MAX(number) FROM reset")[0][0])
        self.instance.must("undo", number)
        self.equal("an undo ends the sessions", self.server.call("GET", "/api/sessions", token=token).status, 401)
        self.equal("the old password is back", (self.status("undone", PASSWORD), self.status("undone", NEW)), (200, 401))

    def written_by_sql(self):
        """LST-5: a hash of `sparekey hash make` in the documented column."""
        for scheme, cost in (("bcrypt", "10"), ("argon2id", None), ("yescrypt", None)):
            made, _ = self.instance.must("hash", "make", "--format", scheme, *(["--cost", cost] if cost else []),
                                         "--password-stdin", password=LAST)
            self.server.sql(f"UPDATE account SET password_hash = '{made.strip()}' WHERE username = 'temp'")
            self.equal(f"a {scheme} hash written by SQL signs in", (self.status("temp", LAST), self.status("temp", OTHER)),
                       (200, 401))

    def void(self):
        """A reset that commits while a sign-in is still hashing makes that sign-in void."""
        for least in SLOW:
            made, seconds = slow_hash(LAST, least)
            ended, status = self.meanwhile(made, seconds, resets=True)
            if ended == ["reset", "sign-in"]:
                break
        self.equal("the reset was done while the sign-in hashed", ended, ["reset", "sign-in"])
        self.equal("the sign-in is void", status, 401)
        self.equal("the sign-in counts without it", self.meanwhile(made, seconds, resets=False)[1], 200)
        sessions = self.server.sql("SELECT a.username FROM session s JOIN account a ON a.id = s.account_id")
        self.equal("one session began", sessions.count(("undone",)), 1)

    def meanwhile(self, made, seconds, resets):
        """A sign-in that hashes for so long, and perhaps a reset in the midst of it: what ended first, and the answer."""
        self.server.sql(f"UPDATE account SET password_hash = '{made}' WHERE username = 'undone'")
        ended, answers, process = [], [], self.server.process.pid
        thread = threading.Thread(target=lambda: (answers.append(self.server.login("undone", LAST)), ended.append("sign-in")))
        before = used_seconds(process)
        thread.start()
        # The server sleeps but for the hashing.
        wait_until_used(process, before + seconds / 8, thread)
        if resets:
            self.instance.must("reset-password", "undone", "--password-stdin", "--no-force-change", password=NEW)
            ended.append("reset")
        thread.join()
        return ended, answers[0].status

    def lockout(self):
        """LST-5: everybody is deleted by plain SQL, references left dangling; then set-up again, all beside the server."""
        token = self.server.token()
        identity = self.server.sql(f"SELECT id FROM account WHERE username = '{NAME}'")[0][0]
        keys_off = "SET session_replication_role = replica; " if self.instance.database else ""
        self.server.sql(keys_off + "DELETE FROM account")
        self.equal("orphaned sessions open nothing", self.server.call("GET", "/api/sessions", token=token).status, 401)
        self.equal("nobody signs in", self.status(NAME, PASSWORD), 401)
        self.equal("the server stays ready", self.server.call("GET", "/readyz").status, 200)
        self.instance.set_up()
        self.equal("orphaned sessions open nothing afterwards",
                   self.server.call("GET", "/api/sessions", token=token).status, 401)
        answer = self.server.login(NAME, PASSWORD).json["data"]["user"]
        self.equal("the new administrator signs in", answer["role"], "admin")
        self.tally.check("ids are never used again", [] if answer["id"] != identity else ["the same id"])


def expiry(tally, postgres):
    """SEC-9, by a clock that the test moves."""
    with fresh_instance(postgres) as instance:
        clock = Clock(instance.folder.parent)
        instance.add("temp", "temp@example.org", NEW)
        with Server(instance, clock=clock) as server:
            token = server.token("temp", NEW)
            for seconds, status in ((DAY - 60, 200), (DAY + 60, 401)):
                clock.set(seconds)
                found = server.login("temp", NEW).status
                tally.check(f"a temporary password after {seconds} s", [] if found == status else [f"{found}"])
            change = {"currentPassword": NEW, "newPassword": OTHER}
            found = server.call("POST", "/api/auth/change-password", change, token).status
            tally.check("and it cannot be changed any more", [] if found == 401 else [f"{found}"])
    return server.broken


def main():
    tally = Tally()
    postgres = "--postgres" in sys.argv
    with fresh_instance(postgres) as instance, Server(instance) as server:
        trial = SignIn(server, tally)
        for step in (trial.names, trial.refusals, trial.temporary, trial.undo, trial.written_by_sql, trial.void,
                     trial.lockout):
            step()
    tally.check("every answer and every line of the log", server.broken + expiry(tally, postgres))
    tally.finish(f"sign-in, {'PostgreSQL' if postgres else 'SQLite'}")


if __name__ == "__main__":
    main()
