"""Every call by every kind of caller, held against one table; then races for the last administrator.

A new call is a line in TABLE, with its request in REQUESTS and the keys of its answer in SHAPES."""

import hashlib
import secrets
import sys
import threading
import time
import uuid

from trial.instance import ADMIN
from trial.server import Server, fresh_instance
from trial.tally import Tally

# Of 403: c wrong current password, m must change first, n not allowed, o own account, s sign-in too old. See KINDS.
TABLE = """
call              nobody garbage user must-change admin stale demoted disabled removed expired idle
healthz              200     200  200         200   200   200     200      200     200     200  200
readyz               200     200  200         200   200   200     200      200     200     200  200
login                200     200  200         200   200   200     200      200     200     200  200
logout               401     401  204         204   204   204     204      401     401     401  401
change               401     401  200         200   200   200     200      401     401     401  401
change-wrong         401     401 403c        403c  403c  403c    403c      401     401     401  401
sessions             401     401  200        403m   200   200     200      401     401     401  401
sessions-head        401     401  200        403m   200   200     200      401     401     401  401
session-end          401     401  204        403m   204   204     204      401     401     401  401
session-foreign      401     401  404        403m   404   404     404      401     401     401  401
users                401     401 403n        403m   200   200    403n      401     401     401  401
users-head           401     401 403n        403m   200   200    403n      401     401     401  401
users-bad-limit      401     401 403n        403m   400   400    403n      401     401     401  401
audit                401     401 403n        403m   200   200    403n      401     401     401  401
apps                 401     401 403n        403m   200   200    403n      401     401     401  401
audit-bad-after      401     401 403n        403m   400   400    403n      401     401     401  401
refresh-no-secret    404     404  404         404   404   404     404      404     404     404  404
host-key-off         404     404  404         404   404   404     404      404     404     404  404
whoami-off           404     404  404         404   404   404     404      404     404     404  404
user-add             401     401 403n        403m   201  403s    403n      401     401     401  401
user-add-taken       401     401 403n        403m   409  403s    403n      401     401     401  401
user-change          401     401 403n        403m   200  403s    403n      401     401     401  401
user-disable         401     401 403n        403m   200  403s    403n      401     401     401  401
user-promote         401     401 403n        403m   200  403s    403n      401     401     401  401
user-remove          401     401 403n        403m   204  403s    403n      401     401     401  401
reset                401     401 403n        403m   200  403s    403n      401     401     401  401
reset-generate       401     401 403n        403m   200  403s    403n      401     401     401  401
reset-link           401     401 403n        403m   200  403s    403n      401     401     401  401
reset-two-ways       401     401 403n        403m   400   400    403n      401     401     401  401
reset-no-way         401     401 403n        403m   400   400    403n      401     401     401  401
reset-not-json       401     401 403n        403m   400   400    403n      401     401     401  401
reset-weak           401     401 403n        403m   422  403s    403n      401     401     401  401
reset-unknown        401     401 403n        403m   404  403s    403n      401     401     401  401
change-unknown       401     401 403n        403m   404  403s    403n      401     401     401  401
remove-unknown       401     401 403n        403m   404  403s    403n      401     401     401  401
own-reset            401     401 403n        403m  403o  403s    403n      401     401     401  401
own-generate         401     401 403n        403m  403o  403s    403n      401     401     401  401
own-link             401     401 403n        403m  403o  403s    403n      401     401     401  401
own-disable          401     401 403n        403m  403o  403s    403n      401     401     401  401
own-demote           401     401 403n        403m  403o  403s    403n      401     401     401  401
own-rename           401     401 403n        403m   200  403s    403n      401     401     401  401
own-remove           401     401 403n        403m  403o  403s    403n      401     401     401  401
"""
KINDS = {"401": "not-signed-in", "403c": "wrong-current-password", "403m": "must-change-password", "403n": "not-allowed",
         "403o": "own-account", "403s": "sign-in-too-old", "404": "not-found", "409": "taken", "422": "password-refused",
         "400": "malformed-request"}
NEW = "plume-Walnut-77-harbor"
REQUESTS = {
    "healthz": ("GET", "/healthz", None),
    "readyz": ("GET", "/readyz", None),
    "login": ("POST", "/api/auth/login", {"username": ADMIN[0], "password": ADMIN[2]}),
    "logout": ("POST", "/api/auth/logout", None),
    "change": ("POST", "/api/auth/change-password", {"currentPassword": ADMIN[2], "newPassword": NEW}),
    "change-wrong": ("POST", "/api/auth/change-password", {"currentPassword": NEW, "newPassword": NEW}),
    "sessions": ("GET", "/api/sessions", None),
    "sessions-head": ("HEAD", "/api/sessions", None),
    "session-end": ("DELETE", "/api/sessions/{session}", None),
    "session-foreign": ("DELETE", "/api/sessions/{foreign}", None),
    "users": ("GET", "/api/users?search=ad&limit=5", None),
    "users-head": ("HEAD", "/api/users", None),
    "users-bad-limit": ("GET", "/api/users?limit=-1", None),
    "audit": ("GET", "/api/audit?limit=3", None),
    "apps": ("GET", "/api/apps", None),
    "audit-bad-after": ("GET", "/api/audit?after=x", None),
    "refresh-no-secret": ("POST", "/api/admin/refresh-user", {"userId": "{other}"}),
    "host-key-off": ("POST", "/api/sync/host-key", {"username": ADMIN[0], "password": ADMIN[2]}),
    "whoami-off": ("GET", "/api/sync/whoami", None),
    "user-add": ("POST", "/api/users", {"username": "fresh-{n}", "email": "fresh-{n}@example.org", "password": NEW}),
    "user-add-taken": ("POST", "/api/users", {"username": ADMIN[0].upper(), "password": NEW}),
    "user-change": ("PATCH", "/api/users/{other}", {"displayName": "Somebody Else", "email": "else-{n}@example.org"}),
    "user-disable": ("PATCH", "/api/users/{other}", {"active": False}),
    "user-promote": ("PATCH", "/api/users/{other}", {"role": "admin"}),
    "user-remove": ("DELETE", "/api/users/{other}", None),
    "reset": ("POST", "/api/users/{other}/reset-password", {"newPassword": NEW}),
    "reset-generate": ("POST", "/api/users/{other}/reset-password", {"generate": True}),
    "reset-link": ("POST", "/api/users/{other}/reset-password", {"link": True}),
    "reset-two-ways": ("POST", "/api/users/{other}/reset-password", {"link": True, "generate": True}),
    "reset-no-way": ("POST", "/api/users/{other}/reset-password", {}),
    "reset-not-json": ("POST", "/api/users/{other}/reset-password", b"{"),
    "reset-weak": ("POST", "/api/users/{other}/reset-password", {"newPassword": "aaaaaaaaaaaa"}),
    "reset-unknown": ("POST", "/api/users/{unknown}/reset-password", {"newPassword": NEW}),
    "change-unknown": ("PATCH", "/api/users/{unknown}", {"active": False}),
    "remove-unknown": ("DELETE", "/api/users/{unknown}", None),
    "own-reset": ("POST", "/api/users/{own}/reset-password", {"newPassword": NEW}),
    "own-generate": ("POST", "/api/users/{own}/reset-password", {"generate": True}),
    "own-link": ("POST", "/api/users/{own}/reset-password", {"link": True}),
    "own-disable": ("PATCH", "/api/users/{own}", {"active": False}),
    "own-demote": ("PATCH", "/api/users/{own}", {"role": "user"}),
    "own-rename": ("PATCH", "/api/users/{own}", {"displayName": "A New Name"}),
    "own-remove": ("DELETE", "/api/users/{own}", None),
}
USER = "data.user.active data.user.displayName data.user.email data.user.id data.user.lastSignInAt " \
    "data.user.requirePasswordChange data.user.role data.user.username success"
RESET = "data.user.email data.user.id data.user.requirePasswordChange message success"
SHAPES = {
    "login": "data.token data.user.email data.user.id data.user.requirePasswordChange data.user.role data.user.username "
             "success",
    "change": "message success",
    "sessions": "data.sessions.address data.sessions.createdAt data.sessions.current data.sessions.device data.sessions.id "
                "data.sessions.lastUsedAt success",
    "users": "data.next " + USER.replace("data.user.", "data.users."),
    "user-add": USER, "user-change": USER, "user-disable": USER, "user-promote": USER, "own-rename": USER,
    "reset": RESET,
    "reset-generate": "data.password " + RESET,
    "reset-link": "data.expiresAt data.link data.token " + RESET,
}
# What became of the account or its session since the sign-in: columns that differ from the usual ones.
STATES = {
    "user": {"role": "user"},
    "must-change": {"require_password_change": 1},
    "stale": {"began": 601},
    "demoted": {"role": "user"},
    "disabled": {"active": 0},
    "expired": {"require_password_change": 1, "password_expires_at": 1},
    "idle": {"used": 3601},
}
ROUNDS = 12


class Matrix:
    """Accounts and sessions are rows written by plain SQL, all at once, as another server on the same database writes them.

    How people really come by a session, and lose it, is sign_in.py and sessions.py."""

    def __init__(self, server):
        self.server = server
        self.accounts, self.sessions, self.spared, self.count = [], [], {}, 0
        self.hash = server.sql("SELECT password_hash FROM account WHERE username = 'ada'")[0][0]
        self.now = time.time_ns() // 1000

    def account(self, prefix, role="admin", active=1, require_password_change=0, password_expires_at="NULL"):
        """An account with the administrator's password; written by `write`."""
        identity, self.count = str(uuid.uuid4()), self.count + 1
        name = f"{prefix}-{self.count}"
        self.accounts.append(f"('{identity}', '{name}', '{name}', '{name}@example.org', '{name}@example.org', 'X', '{role}', "
                             f"{active}, '{self.hash}', {require_password_change}, {password_expires_at}, {self.now})")
        return identity, name

    def session(self, account, began=0, used=0):
        """A session of that account that began and was used so many seconds ago; returns its id and its token."""
        identity, secret = str(uuid.uuid4()), secrets.token_bytes(32)
        hashed = hashlib.sha256(secret).hexdigest()
        literal = f"decode('{hashed}', 'hex')" if self.server.instance.database else f"X'{hashed}'"
        self.sessions.append(f"('{identity}', '{account}', {literal}, {self.now - max(began, used) * 1_000_000}, "
                             f"{self.now - used * 1_000_000})")
        return identity, secret.hex()

    def write(self):
        """In statements that fit into psql's arguments."""
        for table, rows in (
                ("account (id, username, username_key, email, email_key, display_name, role, active, password_hash, "
                 "require_password_change, password_expires_at, created_at)", self.accounts),
                ("session (id, account_id, secret_hash, created_at, last_used_at)", self.sessions)):
            for begin in range(0, len(rows), 250):
                self.server.sql(f"INSERT INTO {table} VALUES " + ", ".join(rows[begin:begin + 250]))
        self.server.sql("DELETE FROM account WHERE username LIKE 'removed-%'")
        self.accounts, self.sessions = [], []

    def prepare(self, call, caller):
        """What a cell needs: its token, and the ids that its request names."""
        values = {name: str(uuid.uuid4()) for name in ("own", "session", "unknown")} | {"token": None, "n": self.count}
        values["other"], _ = self.account("target", "user")
        values["foreign"], _ = self.session(values["other"])
        if caller == "garbage":
            values["token"] = secrets.token_hex(32)
        elif caller != "nobody":
            state = STATES.get(caller, {})
            ages = {name: state[name] for name in ("began", "used") if name in state}
            values["own"], _ = self.account(caller, **{key: value for key, value in state.items() if key not in ages})
            values["session"], _ = self.session(values["own"])
            _, values["token"] = self.session(values["own"], **ages)
        return values

    def cell(self, call, caller, expected, values):
        method, path, body = REQUESTS[call]
        if isinstance(body, dict):
            body = {key: text.format(**values) if isinstance(text, str) else text for key, text in body.items()}
        answer = self.server.call(method, path.format(**values), body, values["token"])
        if answer.status >= 400:
            self.spared[values["other"]] = f"{call} by {caller}"
        return self.judge(answer, method, expected, SHAPES.get(call))

    def judge(self, answer, method, expected, shape):
        if answer.status != int(expected[:3]):
            return [f"{answer.status} instead of {expected}: {answer.body[:200]!r}"]
        if answer.status >= 400 and method != "HEAD" and answer.kind != KINDS[expected]:
            return [f"{answer.kind} instead of {KINDS[expected]}"]
        found = sorted(set(paths(answer.json))) if shape and answer.status < 400 else shape
        return [] if found in (shape, sorted((shape or "").split())) else [f"the answer's keys are {found}"]

    def untouched(self):
        """Whoever was refused changed nothing about the other account."""
        rows = self.server.sql("SELECT b.id FROM account a JOIN account b ON a.password_hash = b.password_hash "
                               "WHERE a.username = 'ada' AND b.active = 1 AND b.role = 'user' AND b.display_name = 'X'")
        same = {row[0] for row in rows}
        return [f"{cell} was refused, and yet changed the account" for each,
                cell in self.spared.items() if each not in same]

    def run(self, tally):
        header, *lines = (line.split() for line in TABLE.strip().splitlines())
        cells = [(call, caller, expected, self.prepare(call, caller)) for call, *row in lines
                 for caller, expected in zip(header[1:], row, strict=True)]
        self.write()
        for call, caller, expected, values in cells:
            tally.check(f"{call} by {caller}", self.cell(call, caller, expected, values))
        tally.check("whoever was refused changed nothing", self.untouched())

    def last_administrator(self, tally, requests):
        """Two administrators, the only ones, take each other away at the same moment: one of them remains."""
        self.server.sql("UPDATE account SET active = 0 WHERE username <> 'ada'")
        pair = [self.account("rival") for _ in range(2)]
        tokens = [self.session(identity)[1] for identity, _ in pair]
        self.write()
        self.server.sql("UPDATE account SET active = 0 WHERE username = 'ada'")
        answers, barrier = [None, None], threading.Barrier(2)

        def take_away(number):
            method, path, body = requests[number]
            barrier.wait()
            answers[number] = self.server.call(method, path.format(pair[1 - number][0]), body, tokens[number])

        threads = [threading.Thread(target=take_away, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        left = self.server.sql("SELECT username FROM account WHERE role = 'admin' AND active = 1")
        self.server.sql("UPDATE account SET active = 1 WHERE username = 'ada'")
        won = sum(answer.status in (200, 204) for answer in answers)
        lost = [answer.status for answer in answers if answer.status not in (200, 204)]
        tally.check("two take each other away: one remains", [] if (len(left), won) == (1, 1) and lost[0] in (401, 403) else
                    [f"{left} remain, {[answer.status for answer in answers]}"])


def links_only(tally, postgres):
    """SEC-15, `allow_admin_passwords: false`: administrators make links, and learn no password."""
    with fresh_instance(postgres) as instance, Server(instance, {"SPAREKEY_ALLOW_ADMIN_PASSWORDS": "false"}) as server:
        instance.add("bob", "bob@example.org", NEW)
        token, before = server.token(), server.sql("SELECT * FROM account WHERE username = 'bob'")
        path = "/api/users/" + server.sql("SELECT id FROM account WHERE username = 'bob'")[0][0] + "/reset-password"
        for body, status in (({"newPassword": NEW}, 403), ({"generate": True}, 403), ({"link": True}, 200)):
            found = server.call("POST", path, body, token).status
            tally.check(f"links only: {sorted(body)[0]}", [] if found == status else [f"{found} instead of {status}"])
        after = server.sql("SELECT * FROM account WHERE username = 'bob'")
        tally.check("a link changes nothing about the account", [] if before == after else ["it was changed"])
        refused = server.call("POST", "/api/users", {"username": "eve", "password": NEW}, token)
        tally.check("links only: a new account's password", [] if refused.status == 403 and refused.kind == "not-allowed"
                    and not server.sql("SELECT id FROM account WHERE username = 'eve'") else [f"{refused.status}"])
        added = server.call("POST", "/api/users", {"username": "eve"}, token)
        path = f"/api/users/{added.json['data']['user']['id']}/reset-password" if added.status == 201 else "/"
        link = server.call("POST", path, {"link": True}, token).json
        status = server.call("POST", "/reset-password", {"token": link["data"]["token"], "new_password": NEW}).status
        tally.check("links only: a new account without one, and its link", [] if (added.status, status) == (201, 200) and
                    server.login("eve", NEW).status == 200 else [f"{added.status}, {status}"])
    return server.broken


def charged(tally, postgres):
    """Adding an account counts as an administrator's reset does. Without a password, only a link lets its owner in."""
    with fresh_instance(postgres) as instance, Server(instance, limits="standard") as server:
        token = server.token()
        counted = lambda: int(server.sql("SELECT coalesce(sum(count), 0) FROM throttle")[0][0])
        before = counted()
        status = server.call("POST", "/api/users", {"username": "eve", "password": NEW}, token).status
        tally.check("adding an account is charged", [] if (status, counted()) == (201, before + 1) else [f"{status}, {counted()}"])
        added = server.call("POST", "/api/users", {"username": "mallory"}, token)
        asked = server.call("POST", f"/api/users/{added.json['data']['user']['id']}/reset-password", {"link": True}, token)
        reset = {"token": asked.json["data"]["token"], "new_password": NEW}
        answer = server.call("POST", "/reset-password", reset)
        signed_in = server.call("POST", "/api/auth/login", {"username": "mallory", "password": NEW})
        found = [each.status for each in (added, asked, answer, signed_in)]
        tally.check("without a password, a link lets its owner in", [] if found == [201, 200, 200, 200] else [f"{found}"])
    return server.broken


def paths(value, prefix=""):
    """`data.user.id` and so on; the items of a list count as one."""
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in paths(item, f"{prefix}.{key}" if prefix else key)]
    if isinstance(value, list):
        return [found for item in value for found in paths(item, prefix)]
    return [prefix]


def main():
    tally = Tally()
    postgres = "--postgres" in sys.argv
    ways = [("DELETE", "/api/users/{}", None), ("PATCH", "/api/users/{}", {"role": "user"}),
            ("PATCH", "/api/users/{}", {"active": False})]
    with fresh_instance(postgres) as instance, Server(instance) as server:
        matrix = Matrix(server)
        matrix.run(tally)
        for number in range(ROUNDS):
            matrix.last_administrator(tally, (ways[number % 3], ways[number // 3 % 3]))
    tally.check("every answer and every line of the log", server.broken + links_only(tally, postgres) +
                charged(tally, postgres))
    tally.finish(f"callers, {'PostgreSQL' if postgres else 'SQLite'}")


if __name__ == "__main__":
    main()
