"""PostgreSQL itself dies in the middle of resets, and comes back: two servers and eight clients, half of them with tokens and
half with codes. No reset that was answered with 200 is lost, none is done twice, and the journal is in order.

    kill_postgres.py [ROUNDS]

ROUNDS is 4 if nothing is said. After each the first reset that is asked for once the database is ready is timed."""

import contextlib
import random
import statistics
import sys
import threading
import time

import judge
from trial import cluster
from trial.server import SECONDS, Server, fresh_instance
from trial.stored import Stored
from trial.tally import Tally

SETTINGS = {"SPAREKEY_POLICY": "basic", "SPAREKEY_HASH_COST": "m=7168,t=5,p=1", "SPAREKEY_TOKEN_LIFETIME": "24h",
            "SPAREKEY_SYNC_KEYS": "true"}
NAMES = [f"kim{number}" for number in range(8)]
SPARE = "spare"
# Two seconds, and on a machine that is slow or busy as many resets as come before it.
READY, BEFORE = 2.0, 10


class Client(threading.Thread):
    """Resets one account with one proof, each time with another password, until the proof is spent."""

    def __init__(self, servers, name, proof, number):
        super().__init__(daemon=True)
        self.servers, self.name_, self.proof, self.number = servers, name, proof, number
        self.tried, self.acknowledged, self.odd = [], None, []

    def run(self):
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            password = f"round-{self.number}-{self.name_}-{len(self.tried)}-Meadow"
            self.tried.append(password)
            status, kind = self.post(self.servers[len(self.tried) % 2], password)
            if status == 200:
                self.acknowledged = password
                return
            if kind in ("invalid-reset-token", "invalid-reset-code"):
                return
            if status != 503:
                self.odd.append(f"answered {status} {kind}")
                return
            # Codes bear few tries; neither they nor tokens lose one by an outage.
            time.sleep(0.25)
        self.odd.append("never answered")

    def post(self, server, password):
        if self.proof[0] == "token":
            path, body = "/reset-password", {"token": self.proof[1], "new_password": password}
        else:
            path, body = "/api/password-reset/reset", {"username": self.name_, "code": self.proof[1], "newPassword": password}
        return outage(server, "POST", path, body)


def outage(server, *call, **more):
    """A call for which 503 is a right answer. Returns status and kind."""
    before = len(server.broken)
    answer = server.call(*call, **more)
    server.broken[before:] = [problem for problem in server.broken[before:] if "status 503" not in problem]
    return answer.status, answer.kind if answer.status >= 400 else None


class Trial:
    def __init__(self, servers, tally, chance):
        self.servers, self.tally, self.chance = servers, tally, chance
        self.instance, self.ids, self.shown, self.span = servers[0].instance, {}, 0, 0.3
        for name in [*NAMES, SPARE]:
            self.instance.add(name, f"{name}@example.org", judge.OLD, "--no-force-change")
        for name, number in self.rows("SELECT username, id FROM account"):
            self.ids[name] = number
        self.first, self.usual, self.unacknowledged, self.replaced = [], [], 0, 0

    def rows(self, statement):
        return self.servers[0].sql(statement)

    def token(self, admin, name):
        answer = self.servers[0].call("POST", f"/api/users/{self.ids[name]}/reset-password", {"link": True}, token=admin)
        return "token", answer.json["data"]["token"]

    def code(self, name):
        before = self.codes(name)
        self.servers[0].call("POST", "/api/password-reset/request", {"username": name})
        deadline = time.monotonic() + SECONDS
        while not (fresh := self.codes(name) - before):
            if time.monotonic() > deadline:
                raise RuntimeError("no server shows a code")
            time.sleep(0.01)
        return "code", fresh.pop()[2]

    def codes(self, name):
        return {(number, place, code) for number, server in enumerate(self.servers)
                for place, (username, code) in enumerate(server.codes()) if username == name}

    def done(self, name):
        return int(self.rows(f"SELECT count(*) FROM reset WHERE state = 'done' AND username = '{name}'")[0][0])

    def round(self, number):
        admin = self.servers[0].token()
        self.usual.append(self.first_reset(self.token(admin, SPARE), f"usual-{number}", time.monotonic()))
        spare = self.token(admin, SPARE)
        proofs = {name: self.token(admin, name) if place % 2 else self.code(name) for place, name in enumerate(NAMES)}
        before = {name: self.done(name) for name in NAMES}
        clients = [Client(self.servers, name, proofs[name], number) for name in NAMES]
        begun = time.monotonic()
        for client in clients:
            client.start()
        time.sleep(self.chance.uniform(0, self.span))
        cluster.crash(outright=number % 2 == 1)
        cut = sum(client.is_alive() for client in clients)
        ready = cluster.start_again()
        self.first.append(self.first_reset(spare, number, ready))
        for client in clients:
            client.join(2 * SECONDS)
        # The next kill is to fall inside, on whatever machine.
        if cut == 0:
            self.span = (time.monotonic() - begun) / 4
        problems = [problem for client in clients for problem in self.judge(client, before[client.name_])]
        status, _, err = self.instance.run("users", "list")
        problems += [] if status == 0 else [f"the next command ended with {status}: {err}"]
        problems += Stored(self.instance).unsettled() + Stored(self.instance).integrity()
        self.tally.check(f"round {number}: {cut} of {len(clients)} cut off", problems)
        return cut

    def first_reset(self, proof, number, ready):
        """Seconds from the moment the database was ready until a reset is answered with 200, whichever server it comes to."""
        deadline, attempt = ready + SECONDS, 0
        while time.monotonic() < deadline:
            attempt += 1
            body = {"token": proof[1], "new_password": f"spare-{number}-{attempt}-Meadow"}
            if outage(self.servers[attempt % 2], "POST", "/reset-password", body)[0] == 200:
                return time.monotonic() - ready
            time.sleep(0.02)
        return SECONDS

    def judge(self, client, before):
        name, done = client.name_, self.done(client.name_) - before
        working, problems = Stored(self.instance).working(name, client.tried)
        problems = client.odd + problems
        self.unacknowledged += client.acknowledged is None
        self.replaced += done
        if done != 1:
            problems.append(f"{name}: one {client.proof[0]} was used for {done} resets")
        if len(working) != 1:
            problems.append(f"{name}: {len(working)} of {len(client.tried)} new passwords work")
        if client.acknowledged and working != [client.acknowledged]:
            problems.append(f"{name}: a reset that was answered with 200 is lost")
        return problems


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    seed = random.SystemRandom().randrange(2**32)
    tally, cut = Tally(), 0
    with contextlib.ExitStack() as stack:
        instance = stack.enter_context(fresh_instance(True, settings=SETTINGS))
        servers = [stack.enter_context(Server(place)) for place in
                   (instance, instance.copy(instance.folder.parent / "second"))]
        trial = Trial(servers, tally, random.Random(seed))
        for number in range(rounds):
            cut += trial.round(number)
        audit, _ = instance.must("audit", "verify")
        tally.check("the audit trail", [] if "sound" in audit or "valid" in audit.lower() else [audit])
    for server in servers:
        tally.check("every answer and every line of the log", server.broken)
    middle, usual = statistics.median(trial.first), statistics.median(trial.usual)
    tally.check("the first reset", [] if middle < READY + BEFORE * usual else [
        f"{middle:.2f} s after the database was ready; {usual:.2f} s otherwise"])
    print(f"{rounds} times PostgreSQL died, {cut} resets cut off, {trial.replaced} done, {trial.unacknowledged} of them never "
          f"acknowledged; the first reset {middle:.2f} s after it was ready (median; longest {max(trial.first):.2f} s; "
          f"otherwise {usual:.2f} s; seed {seed})")
    tally.finish("crash, PostgreSQL itself")


if __name__ == "__main__":
    main()
