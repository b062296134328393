"""A reset by the command tells the running server at once, through the socket in the data folder (FLF-2)."""

import json
import os
import socket

from trial.server import Server, fresh_instance
from trial.tally import Tally

GRACE = ("grace", "grace@example.org", "harbour-Violet-31-anchor")
NEW, NEWER = "meadow-Copper-74-signal", "window-Saffron-19-ladder"


def key(server, password):
    return server.call("POST", "/api/sync/host-key", {"username": "grace", "password": password}).json.get("key")


def whoami(server, token):
    return server.call("GET", "/api/sync/whoami", token=token).status


def told(instance, server):
    """The old key stops at once. (The new one would work without being told too: the key's own call teaches the server.)"""
    old = key(server, GRACE[2])
    problems = [] if whoami(server, old) == 200 else ["the first key does not work"]
    status, _, err = instance.reset("grace", NEW)
    problems += [] if whoami(server, old) == 401 else ["the old key still works after the reset"]
    problems += [] if status == 0 and "In-memory credentials refreshed: sync works immediately" in err else [f"{status}: {err}"]
    problems += [] if whoami(server, key(server, NEW)) == 200 else ["the new key does not work"]
    _, out, _ = instance.run("reset-password", "grace", "--password-stdin", "--json", password=NEWER)
    return problems + ([] if json.loads(out)["refreshed"] is True else [out])


def said(instance, words, password):
    status, _, err = instance.reset("grace", password)
    return [] if status == 0 and words in err else [f"{status}: {err}"]


def silent(instance):
    path = instance.folder / "sparekey.sock"
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        os.chmod(path, 0o600)
        listener.listen()
        return said(instance, "could not be told", "orchard-Indigo-62-kettle")


def main():
    tally = Tally()
    with fresh_instance(settings={"SPAREKEY_SYNC_KEYS": "true"}) as instance:
        instance.add(*GRACE, "--no-force-change")
        with Server(instance) as server:
            tally.check("told", told(instance, server))
        tally.check("the server itself", server.broken)
        tally.check("no server", said(instance, "no running server was found", "pebble-Amber-27-window"))
        with Server(instance, settings={"SPAREKEY_DATABASE": str(instance.folder / "other.db")}):
            tally.check("another database", said(instance, "it uses another database", "lantern-Olive-93-harvest"))
        tally.check("a silent server", silent(instance))
    tally.finish("refresh")


if __name__ == "__main__":
    main()
