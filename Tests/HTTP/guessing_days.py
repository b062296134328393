"""Days of guessing by a clock that the test moves: whoever asks for codes again and again and guesses from many addresses
stays within the budgets of SEC-1, the operator is told, and an approval still brings the owner back.

    guessing_days.py [--postgres] [--every MINUTES]

What the budgets leave a guesser: three codes live at once at most, so a comparison finds one with 3 in a million. An
account: 20 a day, 60 in a million; 100 until a reset succeeds, 300 in a million for ever. The whole instance: 500 a day,
1.5 in a thousand a day, spread over at least 25 accounts, each of which the operator has been told of by then.
"""

import argparse
import itertools
import time

from trial.server import SECONDS, Clock, Server, fresh_instance
from trial.tally import Tally

PASSWORD, NEW = "harbour-Violet-31-anchor", "meadow-Copper-74-signal"
REQUEST, VERIFY, RESET = (f"/api/password-reset/{step}" for step in ("request", "verify", "reset"))
INBOX = "/api/reset-requests"
ACCOUNT_DAY, ACCOUNT_LONG, INSTANCE_DAY, TRIES = 20, 100, 500, 5
DAY, CROWD = 86_400, 27
TOLD = rb"Password reset for '%s', there were too many wrong codes: sparekey requests approve (\d+)\n"


class Days:
    def __init__(self, server, clock, tally):
        self.server, self.clock, self.tally = server, clock, tally
        self.midnight = -(-int(time.time()) // DAY) * DAY
        # The visible limits hang on addresses and names as typed: an attacker has as many of the first as he wants.
        self.sources = itertools.cycle(f"127.1.{high}.{low}" for high in range(8) for low in range(1, 251))
        self.statuses = set()

    def at(self, day, seconds):
        """The first day begins at the next midnight, UTC."""
        self.clock.set(self.midnight + day * DAY + seconds - int(time.time()))

    def sql(self, statement):
        return int(self.server.sql(statement)[0][0])

    def ask(self, name):
        """Asks, and waits until the request was decided: guesses before that would find no code."""
        answer = self.server.call("POST", REQUEST, {"username": name}, source=next(self.sources))
        end = time.monotonic() + SECONDS
        while self.sql("SELECT COUNT(*) FROM reset_request WHERE state = 'new'"):
            if time.monotonic() > end:
                raise RuntimeError("a request is not looked at")
            time.sleep(0.002)
        return answer.status

    def guess(self, name, number):
        """A code that no box has shown: the luck of one in a million would change the counts."""
        shown = {code for _, code in self.server.codes()}
        code = next(text for text in (f"{(number + more) % 1_000_000:06}" for more in range(99)) if text not in shown)
        self.statuses.add(self.server.call("POST", VERIFY, {"username": name, "code": code}, source=next(self.sources)).status)

    def siege(self, names, day, every, numbers):
        """All day long: a request and more guesses than one code bears, each time under another of the account's names."""
        for second, name in zip(range(0, DAY, every), itertools.cycle(names)):
            self.at(day, second)
            self.ask(name)
            for _ in range(TRIES + 1):
                self.guess(name, next(numbers))

    def compared(self, username):
        """Comparisons on the last day on which there were any, and since the last success."""
        row = self.server.sql("SELECT compared_on_day, compared FROM code_tries WHERE account_id = "
                              f"(SELECT id FROM account WHERE username = '{username}')")[0]
        return tuple(int(value) for value in row)

    def wrong(self):
        """Of the instance, by day, in order."""
        return [int(row[0]) for row in self.server.sql("SELECT wrong FROM code_day WHERE wrong > 0 ORDER BY day")]

    def audited(self, action):
        return sum(f'"{action}"' in row[0] for row in self.server.sql("SELECT row FROM audit"))

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def told(self, username, times=1):
        return self.server.wait_for(TOLD % username.encode(), times)[-1].decode()

    def owner_comes_back(self, username, day):
        """An administrator approves the owner's request; its code is compared, although the budgets are spent."""
        self.at(day, DAY - 60)
        number = self.told(username)
        token = self.server.token()
        for act in ("approve", "reveal"):
            answer = self.server.call("POST", f"{INBOX}/{number}/{act}", token=token)
            self.equal(f"{username}: {act}", answer.status, 200)
        used = self.server.call("POST", RESET, {"username": username, "code": answer.json["data"]["code"], "newPassword": NEW},
                                source=next(self.sources))
        self.equal(f"{username} is back", (used.status, self.server.login(username, NEW).status), (200, 200))


def one_account(days, every):
    """A day in full, then shorter ones, until the long budget is spent as well."""
    numbers = itertools.count(1)
    days.siege(("kim", "kim@example.org", "KIM"), 0, every, numbers)
    days.equal("a day of guessing at one account", (days.compared("kim"), days.wrong()), ((ACCOUNT_DAY, ACCOUNT_DAY), [ACCOUNT_DAY]))
    days.equal("the trail says that the budget was spent", days.audited("codes.budgetSpent"), 1)
    days.tally.check("and so does the console", [] if int(days.told("kim")) > 0 else ["it does not"])
    full = ACCOUNT_LONG // ACCOUNT_DAY
    for day in range(1, full + 2):
        days.siege(("kim", "kim@example.org"), day, DAY // 8, numbers)
    days.equal("a week of it", (days.compared("kim")[1], days.wrong()), (ACCOUNT_LONG, [ACCOUNT_DAY] * full))
    days.equal("a budget spent each day", days.audited("codes.budgetSpent"), full)
    days.equal("none of the guesses was right or an error", days.statuses - {400, 429}, set())
    days.equal("nor signs kim in", days.server.login("kim", PASSWORD).status, 200)
    days.owner_comes_back("kim", full + 1)
    days.equal("and the budget begins anew", days.compared("kim")[1], 0)


def many_accounts(days, names):
    """Another day, and all accounts in turn: the instance's budget ends before theirs do."""
    day, numbers = 20, itertools.count(1)
    for turn in range(ACCOUNT_DAY // TRIES):
        for place, name in enumerate(names):
            days.at(day, turn * DAY // 8 + place * 60)
            days.ask(name)
            for _ in range(TRIES):
                days.guess(name, next(numbers))
    days.equal("a day of guessing at the instance", days.wrong()[-1], INSTANCE_DAY)
    most = max(days.compared(name)[0] for name in names)
    days.tally.check("no account beyond its own", [] if most <= ACCOUNT_DAY else [f"{most}"])
    days.equal("none of these was right or an error", days.statuses - {400, 429}, set())
    fresh = "zoe"
    days.equal("whoever asks then", days.ask(fresh), 200)
    days.equal("has no code without an approval", [name for name, _ in days.server.codes() if name == fresh], [])
    days.owner_comes_back(fresh, day)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--every", type=int, default=60, help="minutes between the requests of the first day")
    options = parser.parse_args()
    tally = Tally()
    names = [f"user{number:02}" for number in range(CROWD)]
    with fresh_instance(options.postgres, settings={"SPAREKEY_POLICY": "basic"}) as instance:
        for name in ("kim", "zoe", *names):
            instance.add(name, f"{name}@example.org", PASSWORD, "--no-force-change")
        clock = Clock(instance.folder.parent)
        with Server(instance, clock=clock, limits="standard") as server:
            days = Days(server, clock, tally)
            one_account(days, options.every * 60)
            many_accounts(days, names)
    tally.check("every answer and every line of the log", server.broken)
    tally.finish(f"guessing days, {'PostgreSQL' if options.postgres else 'SQLite'}")


if __name__ == "__main__":
    main()
