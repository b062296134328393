"""How cost grows with accounts and with outstanding tokens: a server on SQLite, or with --postgres.

    growth.py [--postgres] [MOST]       the latter under dev/with-postgres

At a thousand accounts and ten times as many up to MOST, a million if nothing is said, then with ten tokens and up to as many as
accounts: the CPU of the server's processes for each act, one after the other on a connection that is kept; medians. A token that
nobody has is looked for, so that nothing is hashed for it. Beside each number of tokens stands a server of as many accounts that has
ten, and they take turns. Ends with 1 where looking a token up among the most of them costs over 1.2 times what it costs among ten,
in the median of the turns."""

import contextlib
import json
import os
import sqlite3
import statistics
import sys
import time
import types

from serve import wait_until_quiet
from table import Grid
from trial import cost
from trial.instance import ADMIN
from trial.many import add_numbered_copies
from trial.server import Server, fresh_instance
from trial.stored import psql

FEWEST, MOST, WARM_UP, ROUNDS = 1000, 1_000_000, 10, 5
FEW, TURNS = 10, 25
SIGN_INS, ASKED, LOOKED_UP = 4, 40, 100
MORE = 1.2


class Caller:
    def __init__(self, server):
        self.process, self.server = server.process.pid, server
        self.token = server.token()
        self.connect()

    def connect(self):
        """Anew where a connection that nobody used may have been closed."""
        self.connection = self.server.connection()

    def call(self, method, path, body=None, wanted=200):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        self.connection.request(method, path, body and json.dumps(body), headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != wanted:
            raise RuntimeError(f"{method} {path} was answered {answer.status}: {content[:200]!r}")

    def costs(self, count, *call, **more):
        """CPU milliseconds of a call, by round."""
        for _ in range(min(WARM_UP, count)):
            self.call(*call, **more)
        return [self.cost(count, *call, **more) for _ in range(ROUNDS)]

    def cost(self, count, *call, **more):
        before = cost.cpu(self.process)
        for _ in range(count):
            self.call(*call, **more)
        return (cost.cpu(self.process) - before) * 1000 / count


def sizes(fewest, most):
    found = [fewest]
    while found[-1] * 10 <= most:
        found.append(found[-1] * 10)
    return found


def of_accounts(instance, count):
    middle = f"user{count // 2:07}"
    with serving(instance) as caller:
        sign_in = {"username": ADMIN[0], "password": ADMIN[2]}
        return [statistics.median(rounds) for rounds in (
            caller.costs(SIGN_INS, "POST", "/api/auth/login", sign_in),
            caller.costs(ASKED, "POST", "/api/password-reset/request", {"username": middle}),
            caller.costs(ASKED, "GET", "/api/users?limit=50"),
            caller.costs(ASKED, "GET", f"/api/users?limit=50&after={middle}"),
            caller.costs(ASKED, "GET", f"/api/users?limit=50&search={middle}"))]


def of_tokens(instance, few):
    """What a look-up costs there, and as a multiple of what it costs with the caller `few`, in the medians of many turns."""
    body = {"token": "0" * 64, "new_password": "meadow-Copper-74-signal", "confirm_password": "meadow-Copper-74-signal"}
    look_up = LOOKED_UP, "POST", "/reset-password", body, 400
    with serving(instance) as caller:
        few.connect()
        for each in (few, caller):
            each.cost(*look_up)
        turns = [(few.cost(*look_up), caller.cost(*look_up)) for _ in range(TURNS)]
    return statistics.median(many for _, many in turns), statistics.median(many / ten for ten, many in turns)


@contextlib.contextmanager
def serving(instance):
    with Server(instance, {"SPAREKEY_LIMITS": "off"}) as server:
        wait_until_quiet(types.SimpleNamespace(pid=server.process.pid))
        yield Caller(server)


def add_tokens(instance, count):
    """One for each of so many accounts, beside those that are there."""
    now = int(time.time() * 1_000_000)
    identity, lookup = ("CAST(gen_random_uuid() AS text)", "sha256(CAST(account.id AS bytea))") if instance.database else \
        ("lower(hex(randomblob(16)))", "randomblob(32)")
    statement = f"""INSERT INTO reset_token (id, account_id, lookup, hash, created_at, expires_at)
        SELECT {identity}, account.id, {lookup}, 'none', {now}, {now + 86_400_000_000} FROM account
        WHERE NOT EXISTS (SELECT 1 FROM reset_token WHERE account_id = account.id) LIMIT {count}"""
    if instance.database:
        psql(instance.database, statement)
        return psql(instance.database, "VACUUM ANALYZE reset_token")
    with contextlib.closing(sqlite3.connect(instance.sqlite_file)) as connection, connection:
        connection.execute(statement)


def main():
    postgres = "--postgres" in sys.argv
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    most = numbers[0] if numbers else MOST
    kind = "PostgreSQL" if postgres else "SQLite"
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors, {kind}")
    with fresh_instance(postgres) as instance:
        columns, there = [], 0
        for count in sizes(FEWEST, most):
            add_numbered_copies(instance, ADMIN[0], count, there)
            there = count
            columns.append(of_accounts(instance, count))
        grid = Grid(f"CPU ms of a call, by accounts, {kind}", [f"{count:,}" for count in sizes(FEWEST, most)])
        acts = ("sign-in", "request for a code", "users, first page", "users, a page in the middle", "users, search of one")
        for act, values in zip(acts, zip(*columns)):
            grid.row(act, list(values))
        with fresh_instance(postgres) as other:
            add_numbered_copies(other, ADMIN[0], most, 0)
            add_tokens(other, FEW)
            with serving(other) as few:
                tokens, there = [], 0
                for count in sizes(FEW, most):
                    add_tokens(instance, count - there)
                    there = count
                    tokens.append(of_tokens(instance, few))
        grid = Grid(f"CPU ms of a call, by outstanding tokens, {kind}", [f"{count:,}" for count in sizes(FEW, most)])
        grid.row("look-up of a token", [spent for spent, _ in tokens])
        grid.row("times one among ten, in turns", [ratio for _, ratio in tokens])
    print(f"a look-up among {most:,} costs {tokens[-1][1]:.2f} of one among ten, at most {MORE}")
    sys.exit(0 if tokens[-1][1] <= MORE else 1)


if __name__ == "__main__":
    main()
