"""64 clients whose last byte arrives at the same moment: one code, one token, and wrong guesses at the limit of five."""

import re
import sys

from trial.racing import at_once
from trial.server import Server, fresh_instance
from trial.tally import Tally

PASSWORD = "harbour-Violet-31-anchor"
CLIENTS, ROUNDS = 64, 5
RESET, CONSUME = "/api/password-reset/reset", "/reset-password"
SETTINGS = {"SPAREKEY_POLICY": "basic", "SPAREKEY_HASH_COST": "m=7168,t=5,p=1"}


class Races:
    def __init__(self, server, tally):
        self.server, self.tally, self.instance = server, tally, server.instance
        self.instance.add("kim", "kim@example.org", PASSWORD, "--no-force-change")
        self.asked = 0

    def ask(self):
        self.asked += 1
        self.server.call("POST", "/api/password-reset/request", {"username": "kim"})
        return self.server.code("kim", self.asked)

    def token(self):
        out, _ = self.instance.must("generate-reset-token", "kim", "--yes")
        token = re.search(r"\b[0-9a-f]{64}\b", out)[0]
        self.server.secrets.add(token)
        return token

    def problems(self, answers, refused):
        """What is wrong with the losers: they are refused in one way, or told that the server has too much to do."""
        odd = {answer.status for answer in answers} - {200, 400, 503}
        found = [f"answers of {sorted(odd)}"] if odd else []
        found += [f"refused as {kind}" for kind in {answer.kind for answer in answers if answer.status == 400} - {refused}]
        return found + ["503 without Retry-After" for answer in answers if answer.status == 503
                        and not answer.header("retry-after")][:1]

    def one_winner(self, title, path, bodies, refused):
        passwords = [body.get("new_password") or body["newPassword"] for body in bodies]
        before = self.resets()
        answers = at_once(self.server, path, bodies)
        won = [password for password, answer in zip(passwords, answers, strict=True) if answer.status == 200]
        found = self.problems(answers, refused) + ([] if len(won) == 1 else [f"{len(won)} of {CLIENTS} succeeded"])
        found += [] if self.resets() == before + 1 else [f"{self.resets() - before} resets were written"]
        signs_in = [self.server.login("kim", password).status for password in won[:1] + [passwords[0], passwords[-1]]]
        wanted = [200] + [200 if [password] == won else 401 for password in (passwords[0], passwords[-1])]
        self.tally.check(title, found + ([] if signs_in == wanted else [f"sign-ins ended with {signs_in}"]))

    def resets(self):
        return int(self.server.sql("SELECT COUNT(*) FROM reset WHERE state = 'done'")[0][0])

    def codes(self):
        for number in range(ROUNDS):
            code = self.ask()
            bodies = [{"username": "kim", "code": code, "newPassword": f"code-Meadow-{number}-{client}-otter"}
                      for client in range(CLIENTS)]
            self.one_winner(f"one code, round {number}", RESET, bodies, "invalid-reset-code")

    def tokens(self):
        for number in range(ROUNDS):
            token = self.token()
            bodies = [{"token": token, "new_password": f"token-Meadow-{number}-{client}-otter"} for client in range(CLIENTS)]
            self.one_winner(f"one token, round {number}", CONSUME, bodies, "invalid-reset-token")

    def guesses(self):
        """No more than five are compared, so that the right one is among them or never."""
        code = self.ask()
        wrong = next(text for text in ("000000", "111111") if text != code)
        answers = at_once(self.server, "/api/password-reset/verify", [{"username": "kim", "code": wrong}] * CLIENTS)
        statuses = {answer.status for answer in answers}
        self.tally.check("wrong guesses", self.problems(answers, "invalid-reset-code") + (
            ["a wrong code was right"] if 200 in statuses else []))
        counted = int(self.server.sql("SELECT MAX(tries) FROM code_tries WHERE account_id IS NOT NULL")[0][0])
        self.tally.check("five are counted", [] if counted == 5 else [f"{counted} tries"])
        late = self.server.call("POST", "/api/password-reset/verify", {"username": "kim", "code": code})
        self.tally.check("then the right code is refused", [] if late.kind == "invalid-reset-code" else [f"{late.status}"])


def main():
    tally = Tally()
    postgres = "--postgres" in sys.argv
    with fresh_instance(postgres, settings=SETTINGS) as instance, Server(instance) as server:
        races = Races(server, tally)
        for step in (races.codes, races.tokens, races.guesses):
            step()
    tally.check("every answer and every line of the log", server.broken)
    tally.finish(f"recovery races, {'PostgreSQL' if postgres else 'SQLite'}")


if __name__ == "__main__":
    main()
