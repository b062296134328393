"""64 clients whose last byte arrives at the same moment: codes, tokens, and wrong guesses at the limit of five. With
--postgres they are spread over two servers, each with a data folder of its own, on one database.

    recovery_races.py [ROUNDS] [--postgres]

ROUNDS of codes and as many of tokens, 8 if nothing is said.
"""

import argparse
import contextlib
import re
import time

from trial.racing import at_once
from trial.server import SECONDS, Server, fresh_instance
from trial.tally import Tally

PASSWORD = "harbour-Violet-31-anchor"
CLIENTS, TRIES = 64, 5
REQUEST, VERIFY, RESET = (f"/api/password-reset/{step}" for step in ("request", "verify", "reset"))
CONSUME = "/reset-password"
SETTINGS = {"SPAREKEY_POLICY": "basic", "SPAREKEY_HASH_COST": "m=7168,t=5,p=1"}


class Races:
    def __init__(self, servers, tally, rounds):
        self.servers, self.tally, self.rounds = servers, tally, rounds
        self.instance, self.busy = servers[0].instance, 0
        self.instance.add("kim", "kim@example.org", PASSWORD, "--no-force-change")

    def sql(self, statement):
        return int(self.servers[0].sql(statement)[0][0])

    def ask(self):
        """Whichever server is first to look at the request shows its code."""
        before = self.shown()
        self.servers[0].call("POST", REQUEST, {"username": "kim"})
        end = time.monotonic() + SECONDS
        while not (fresh := self.shown() - before):
            if time.monotonic() > end:
                raise RuntimeError("no server shows a code")
            time.sleep(0.005)
        return fresh.pop()[2]

    def shown(self):
        return {(number, place, code) for number, server in enumerate(self.servers)
                for place, (_, code) in enumerate(server.codes())}

    def token(self):
        out, _ = self.instance.must("generate-reset-token", "kim", "--yes")
        token = re.search(r"\b[0-9a-f]{64}\b", out)[0]
        for server in self.servers:
            server.secrets.add(token)
        return token

    def problems(self, answers, refused):
        """What is wrong with the losers: each is refused, in one way, or told that more want a hash than this machine makes in
        time. A quiet machine tells nobody so; how many it told is printed."""
        self.busy += sum(answer.status == 503 and answer.header("retry-after") is not None for answer in answers)
        odd = {answer.status for answer in answers if answer.status != 503 or not answer.header("retry-after")} - {200, 400}
        return ([f"answers of {sorted(odd)}"] if odd else []) + [
            f"refused as {kind}" for kind in {answer.kind for answer in answers if answer.status == 400} - {refused}]

    def one_winner(self, title, path, bodies, refused):
        passwords = [body.get("new_password") or body["newPassword"] for body in bodies]
        before = self.resets()
        answers = at_once(self.servers, path, bodies)
        won = [password for password, answer in zip(passwords, answers, strict=True) if answer.status == 200]
        found = self.problems(answers, refused) + ([] if len(won) == 1 else [f"{len(won)} of {CLIENTS} succeeded"])
        found += [] if self.resets() == before + 1 else [f"{self.resets() - before} resets were written"]
        for server in self.servers:
            found += [f"a sign-in with {password!r} ended with {status}" for password in won[:1] + [passwords[0], passwords[-1]]
                      if (status := server.login("kim", password).status) != (200 if [password] == won else 401)]
        self.tally.check(title, found)

    def resets(self):
        return self.sql("SELECT COUNT(*) FROM reset WHERE state = 'done'")

    def codes(self):
        for number in range(self.rounds):
            code = self.ask()
            bodies = [{"username": "kim", "code": code, "newPassword": f"code-Meadow-{number}-{client}-otter"}
                      for client in range(CLIENTS)]
            self.one_winner(f"one code, round {number}", RESET, bodies, "invalid-reset-code")

    def tokens(self):
        for number in range(self.rounds):
            token = self.token()
            bodies = [{"token": token, "new_password": f"token-Meadow-{number}-{client}-otter"} for client in range(CLIENTS)]
            self.one_winner(f"one token, round {number}", CONSUME, bodies, "invalid-reset-token")

    def guesses(self):
        """No more than five are compared, so that the right one is among them or never."""
        code, before = self.ask(), self.compared()
        wrong = next(text for text in ("000000", "111111") if text != code)
        answers = at_once(self.servers, VERIFY, [{"username": "kim", "code": wrong}] * CLIENTS)
        statuses = {answer.status for answer in answers}
        self.tally.check("wrong guesses", self.problems(answers, "invalid-reset-code") + (
            ["a wrong code was right"] if 200 in statuses else []))
        found = [after - once for after, once in zip(self.compared(), before, strict=True)]
        self.tally.check("five are compared", [] if found == [TRIES, TRIES] else [f"the account's, the instance's: {found}"])
        late = [server.call("POST", VERIFY, {"username": "kim", "code": code}).kind for server in self.servers]
        self.tally.check("then the right code is refused", [] if set(late) == {"invalid-reset-code"} else [f"{late}"])

    def compared(self):
        """What the server itself counts: comparisons for the account, and wrong ones of the instance."""
        return (self.sql("SELECT compared FROM code_tries WHERE account_id IS NOT NULL"),
                self.sql("SELECT COALESCE(SUM(wrong), 0) FROM code_day"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rounds", nargs="?", type=int, default=8)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    tally = Tally()
    with contextlib.ExitStack() as stack:
        instance = stack.enter_context(fresh_instance(options.postgres, settings=SETTINGS))
        places = [instance] + ([instance.copy(instance.folder.parent / "second")] if options.postgres else [])
        servers = [stack.enter_context(Server(place)) for place in places]
        races = Races(servers, tally, options.rounds)
        for step in (races.codes, races.tokens, races.guesses):
            step()
        print(f"  {2 * options.rounds} races of {CLIENTS} clients, {races.busy} told to come again")
    for server in servers:
        tally.check("every answer and every line of the log", server.broken)
    tally.finish(f"recovery races, {'two servers on PostgreSQL' if options.postgres else 'SQLite'}")


if __name__ == "__main__":
    main()
