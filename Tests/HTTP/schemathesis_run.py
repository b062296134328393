"""Schemathesis against the running server, as a visitor, a user and an administrator: every answer must be as /openapi.json says.

    schemathesis_run.py [CASES]      about that many (400), the same ones each time

A case counts as *reached* when the answer comes from behind the session, the role and the decoding of the body: from a flow. A
run in which fewer than six of ten drawn cases get there has tried the door only, and fails. The cases at the boundaries of what
the description allows are counted apart: most of them are meant for the door."""

import collections
import contextlib
import random
import sys
import time
import uuid

import schemathesis
import schemathesis.openapi
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks as openapi

from trial.instance import ADMIN
from trial.server import Server, fresh_instance
from trial.tally import Tally

GRACE = ("grace", "grace@example.org", "harbour-Violet-31-anchor")
CONFORMANCE = [
    openapi.status_code_conformance, openapi.content_type_conformance, openapi.response_headers_conformance,
    openapi.response_schema_conformance, openapi.negative_data_rejection,
]
# A well-formed request may still be refused for what it asks: these statuses say so. The form of a name has more rules than the
# description tells, so that 400 is right there too.
SENSIBLE = {200, 201, 204, 401, 403, 404, 409, 422}
NAMES = {"addUser", "changeUser"}
# A code or token that nobody issued is refused with 400 too.
PROOFS = {"verifyResetCode", "resetWithCode", "resetWithToken"}
OPEN = {"signIn", "checkHealth", "checkReadiness", "describe", "fetchSyncKey"}
OWN = {"signOut", "changePassword", "listSessions", "endSession", "identifySyncKey"}
SECRET = "a-secret-that-only-this-run-and-its-server-know"
# An administrator's session is for so long, and a case is no longer than a moment (SEC-15: 600 seconds).
FRESH_SECONDS = 300
AT_THE_DOOR = {"not-signed-in", "must-change-password", "not-found", "method-not-allowed", "too-large", "unsupported-media-type"}


def reached(response):
    """Whether a flow answered, and not the router, the session's guard or the decoder."""
    if response.status_code < 400:
        return True
    kind, detail = "", ""
    if response.headers["content-type"] == ["application/problem+json"]:
        document = response.json()
        kind, detail = document["type"].rsplit(":", 1)[-1], document["detail"]
    if kind == "malformed-request":
        return not detail.startswith(("The field ", "The body "))
    if kind == "not-found" and detail.startswith("There is no such "):
        return True
    return bool(kind) and kind not in AT_THE_DOOR and detail != "Only an administrator may do this."


class Caller:
    """Who calls: signs in again when the session is old or has ended, and knows the own password as it is now."""

    def __init__(self, server, role, person=None):
        self.server, self.role = server, role
        self.name, _, self.password = person or (None, None, None)
        self.token, self.until = None, 0

    def bearer(self, name):
        """What the call asks for, where this caller has it."""
        if name == "refreshUser" and self.role == "administrator":
            return SECRET
        if not self.name:
            return None
        if name == "identifySyncKey":
            asked = {"username": self.name, "password": self.password}
            return self.server.call("POST", "/api/sync/host-key", asked).json["key"]
        if self.token is None or time.monotonic() > self.until:
            self.token = self.server.token(self.name, self.password)
            self.until = time.monotonic() + FRESH_SECONDS
        return self.token

    def saw(self, name, body, response):
        if name == "changePassword" and response.status_code == 200:
            self.password = body["newPassword"]
        if name in ("signOut", "endSession") or response.status_code == 401:
            self.token = None


def without_security(document):
    """Who calls is the run's affair: no case is to be made by leaving the session away."""
    for path in document["paths"].values():
        for operation in path.values():
            del operation["security"]
    return document


class Run:
    def __init__(self, server, people):
        self.server = server
        self.people = people
        self.random = random.Random(7)
        self.schema = schemathesis.openapi.from_dict(without_security(server.call("GET", "/openapi.json").json))
        self.counts = collections.Counter()
        self.statuses = collections.Counter()
        self.drawn = self.reached = 0
        self.failures = {}

    def cases(self, caller, operation, mode, count):
        case = operation.as_strategy(generation_mode=mode)

        @seed(20)
        @settings(max_examples=count, database=None, deadline=None, derandomize=False, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))
        @given(case=case)
        def one(case):
            self.drawn += 1
            self.reached += reached(self.one(caller, case, mode))

        # A call without parameters and body cannot be called wrongly.
        with contextlib.suppress(Unsatisfiable):
            one()

    def boundaries(self, caller, operation):
        """The shortest, the longest, one more, one less, another type: what the description implies, one after another."""
        for case in self.schema.iter_coverage_cases(
                operation, generation_modes=list(GenerationMode),
                generation_config=self.schema.config.generation_for(operation=operation)):
            self.one(caller, case, case.meta.generation.mode)

    def one(self, caller, case, mode):
        name = case.operation.definition.raw["operationId"]
        bearer = caller.bearer(name)
        if mode == GenerationMode.POSITIVE:
            self.aim(caller, name, case)
        response = case.call(base_url=self.server.address, timeout=120,
                             headers={"Authorization": f"Bearer {bearer}"} if bearer else {})
        caller.saw(name, case.body, response)
        self.counts[caller.role] += 1
        self.statuses[response.status_code] += 1
        if name == "removeUser" and response.status_code == 204:
            self.people = [person for person in self.people if person != case.path_parameters["id"]]
        if name == "addUser" and response.status_code == 201:
            self.people.append(response.json()["data"]["user"]["id"])
        try:
            case.validate_response(response, checks=self.checks(name, mode, response))
        except FailureGroup as found:
            for failure in found.exceptions:
                key = (caller.role, case.operation.label, type(failure).__name__, response.status_code)
                self.failures.setdefault(key, f"{failure}\n{case.as_curl_command()[:600]}\n{response.text[:300]}")
        return response

    def checks(self, name, mode, response):
        checks = list(CONFORMANCE)
        if not (response.status_code == 503 and response.headers.get("retry-after")):
            checks.append(not_a_server_error)
        is_refused = response.status_code not in SENSIBLE | ({400} if name in NAMES | PROOFS else set())
        return checks + ([openapi.positive_data_acceptance] if mode == GenerationMode.POSITIVE and is_refused else [])

    def aim(self, caller, name, case):
        """Random names and ids meet nobody: most cases are given ones that do."""
        if self.random.random() < 0.1:
            return
        if "{id}" in case.operation.path:
            own = name == "endSession" and caller.token
            case.path_parameters["id"] = self.session(caller) if own else self.random.choice(self.people)
        if name == "signIn" and isinstance(case.body, dict):
            named = "username" if isinstance(case.body.get("username"), str) else "email"
            case.body.update({named: GRACE[1], "password": self.random.choice([GRACE[2], case.body["password"]])})
        if name == "changePassword" and isinstance(case.body, dict) and caller.password:
            case.body["currentPassword"] = caller.password
        if name == "fetchSyncKey" and isinstance(case.body, dict):
            case.body.update(zip(("username", "password"), ADMIN[::2]))
        if name == "refreshUser" and isinstance(case.body, dict):
            named = isinstance(case.body.get("userId"), str)
            case.body.update({"userId": self.random.choice(self.people)} if named else {"email": ADMIN[1]})

    def session(self, caller):
        sessions = self.server.call("GET", "/api/sessions", token=caller.token).json["data"]["sessions"]
        return self.random.choice(sessions)["id"]


def share(role, name):
    """How many parts of the cases a call gets: more where the caller may do something, fewer where each case is a hash or two."""
    if name in OPEN:
        return 3 if role == "visitor" else 1
    if name in OWN:
        return 1 if role == "visitor" else 3
    if role != "administrator":
        return 1
    return 6 if name in ("addUser", "resetPasswordOfUser") else 24


def crowd(server, count):
    """Accounts to act on, with Grace's password: written by SQL, because a hash each would take its time."""
    ids = [str(uuid.UUID(int=random.Random(number).getrandbits(128), version=4)) for number in range(count)]
    for number, person in enumerate(ids):
        server.sql(f"""
            INSERT INTO account (id, username, username_key, display_name, role, active, password_hash, password_mark,
              require_password_change, created_at)
            SELECT '{person}', 'person{number}', 'person{number}', 'Person', 'user', 1, password_hash, password_mark, 0, created_at
            FROM account WHERE username = 'grace'""")
    return ids


def main():
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    tally = Tally()
    with fresh_instance(settings={"SPAREKEY_SYNC_KEYS": "true", "SPAREKEY_SECRET": SECRET}) as instance:
        instance.add(*GRACE, "--no-force-change")
        with Server(instance) as server:
            run = Run(server, crowd(server, 20 + wanted // 8))
            callers = [Caller(server, "visitor"), Caller(server, "user", GRACE), Caller(server, "administrator", ADMIN)]
            play(run, callers, wanted)
        tally.check("the server itself", server.broken)
    for key, text in run.failures.items():
        tally.check(" ".join(map(str, key)), [text])
    part = run.reached / run.drawn
    tally.check("cases that reach a flow", [] if part >= 0.6 else [f"{part:.1%} of {run.drawn}, not 60 %"])
    print(f"schemathesis: {run.drawn} cases, {part:.1%} reached a flow, and {sum(run.counts.values()) - run.drawn} at the "
          f"boundaries; {', '.join(f'{role} {count}' for role, count in run.counts.items())}; "
          f"by status {dict(sorted(run.statuses.items()))}")
    tally.finish("schemathesis")


def play(run, callers, wanted):
    operations = [result.ok() for result in run.schema.get_all_operations()]
    named = {operation.definition.raw["operationId"]: operation for operation in operations}
    parts = sum(share(caller.role, name) for caller in callers for name in named)
    for caller in callers:
        for name, operation in named.items():
            count = max(2, wanted * share(caller.role, name) // parts)
            run.cases(caller, operation, GenerationMode.POSITIVE, max(1, count * 3 // 4))
            run.cases(caller, operation, GenerationMode.NEGATIVE, max(1, count // 4))
            if share(caller.role, name) > 1:
                run.boundaries(caller, operation)


if __name__ == "__main__":
    main()
