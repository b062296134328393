"""/api/apps: the programs that the settings attach, each in its state; one that never answers holds up nobody."""

import json
import sys
import time

from trial.attached import PASSWORD, attached
from trial.instance import ADMIN
from trial.server import SECONDS, Server, fresh_instance
from trial.tally import Tally

NEW = "harbour-Violet-31-anchor"


def listed(server, token):
    answer = server.call("GET", "/api/apps", token=token)
    if answer.status != 200:
        raise RuntimeError(f"the list of programs is {answer.status}: {answer.body!r}")
    return {app["name"]: app for app in answer.json["data"]["apps"]}


def settled(server, token):
    """The list once every program that answers has answered."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        apps = listed(server, token)
        if all("checkedAt" in app for name, app in apps.items() if name != "silent"):
            return apps
    raise RuntimeError("the programs are not looked at")


def states(apps, tally):
    wanted = {"git": ("fits", "SQLite"), "cards": ("fits", "SQLite"), "charts": ("misfit", "there is no such table"),
              "gone": ("unreachable", "no such file"), "silent": ("unknown", None), "strange": ("unreachable", "no profile")}
    tally.check("all are there", [] if list(apps) == list(wanted) else [f"there are {list(apps)}"])
    for name, (state, detail) in wanted.items():
        app = apps[name]
        problems = [] if app["state"] == state else [f"it is {app['state']}"]
        problems += [] if (detail or "") in (app.get("detail") or "").lower() or detail in (app.get("detail") or "") else [
            f"its detail is {app.get('detail')}"]
        tally.check(f"{name} is {state}", problems)
    whole = json.dumps(apps, ensure_ascii=False)
    tally.check("no secret in it", [f"{word!r} is in it" for word in (PASSWORD, "\u202e", "--token") if word in whole])
    tally.check("what is bound", [] if any("sign-in is tried at https://git" in line for line in apps["git"]["bindings"]) and any(
        "hook refresh runs" in line for line in apps["cards"]["bindings"]) else [f"{apps['git']['bindings']}"])
    warnings = apps["cards"]["warnings"]
    tally.check("what would not work", [] if len(warnings) == 1 and "there is no program" in warnings[0] else [f"{warnings}"])


def resets(server, token, tally):
    """The last resets of a program, newest first, five at most; another's and own ones are not among them."""
    apps = listed(server, token)
    tally.check("no resets yet", [] if not any(app["resets"] for app in apps.values()) else [f"{apps}"])
    for _ in range(6):
        server.instance.must("reset-password", "--app", "git", "ada", "--password-stdin", "--yes", "--no-backup", password=NEW)
    server.instance.must("reset-password", ADMIN[0], "--password-stdin", "--no-force-change", password=ADMIN[2])
    found = listed(server, server.token())
    numbers = [reset["reset"] for reset in found["git"]["resets"]]
    problems = [] if numbers == sorted(numbers, reverse=True) and len(numbers) == 5 else [f"they are {numbers}"]
    problems += [] if {(reset["username"], reset["state"]) for reset in found["git"]["resets"]} == {("Ada", "done")} else [
        f"{found['git']['resets']}"]
    problems += [f"{name} has some" for name, app in found.items() if name != "git" and app["resets"]]
    tally.check("the last five", problems)


def asked_once(server, token, silent, tally):
    """Twenty calls while it hangs: everybody is answered, and there is one connection to what never answers."""
    for _ in range(20):
        listed(server, token)
    tally.check("others are served meanwhile", [] if server.call("GET", "/healthz").status == 200 else ["they are not"])
    silent.settimeout(0)
    connections = 0
    while True:
        try:
            silent.accept()[0].close()
            connections += 1
        except BlockingIOError:
            break
    # libpq may come a second time on its own (GSS, then plain); twenty would be one a call.
    tally.check("it is not asked again and again", [] if 1 <= connections <= 4 else [f"{connections} connections"])


def main():
    tally = Tally()
    with fresh_instance("--postgres" in sys.argv) as instance, attached(instance) as silent:
        with Server(instance) as server:
            token = server.token()
            states(settled(server, token), tally)
            asked_once(server, token, silent, tally)
            resets(server, token, tally)
    tally.check("every answer and every line of the log", server.broken)
    tally.finish("attached programs")


if __name__ == "__main__":
    sys.exit(main())
