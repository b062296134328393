"""A reset by the command tells the running server at once, through the socket in the data folder (FLF-2); and a server that is
not told catches up by itself. Each of the two is shown without the other."""

import hashlib
import json
import os
import socket
import sys
import time

from trial.server import SECONDS, Server, fresh_instance
from trial.tally import Tally

GRACE = ("grace", "grace@example.org", "harbour-Violet-31-anchor")
NEW, NEWER = "meadow-Copper-74-signal", "window-Saffron-19-ladder"
WITNESSES = 12
# Without a reading of its own a server that is not told never learns; the rest is for a slow and busy machine.
AT_ONCE = 15


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


def sync_key(username, password):
    """As a client has it that never asked: asking would teach the server."""
    return hashlib.sha1(f"{username}:{password}".encode()).hexdigest()


def reset_by_hand(instance, password):
    """The reset in a process of its own; when it ended, and whether it says that the server was told."""
    out, _ = instance.must("reset-password", "grace", "--no-force-change", "--password-stdin", "--json", password=password)
    return time.monotonic(), json.loads(out)["refreshed"]


def states(server, session, old, new):
    """What the old session, the old sync key and the new one are answered."""
    return (server.call("GET", "/api/sessions", token=session).status,
            whoami(server, sync_key("grace", old)), whoami(server, sync_key("grace", new)))


def await_reading(server):
    """Returns when the server has just read all accounts: an account that is disabled or enabled by SQL is noticed then."""
    ((active,),) = server.sql("SELECT active FROM account WHERE username = 'bell'")
    server.sql(f"UPDATE account SET active = {1 - int(active)} WHERE username = 'bell'")
    deadline, heard = time.monotonic() + SECONDS, 401 if int(active) else 200
    while whoami(server, sync_key("bell", GRACE[2])) != heard:
        if time.monotonic() > deadline:
            raise RuntimeError("the server does not read its accounts")
        time.sleep(0.02)


def pushed(server, instance):
    """Everything is right at once, in rounds that the server's own reading had no part in.

    The witness is another account, disabled by SQL before the reset: only a reading of all accounts takes its key away. While
    its key still lives afterwards, there was no such reading. Rounds in which there was one are judged and not counted."""
    problems, alone, password = [], 0, NEWER
    for number in range(WITNESSES):
        session, new = server.token("grace", password), f"pebble-Amber-{number:02}-window"
        before = states(server, session, password, new)
        server.sql(f"UPDATE account SET active = 0 WHERE username = 'witness{number}'")
        ended, told = reset_by_hand(instance, new)
        after, took = states(server, session, password, new), time.monotonic() - ended
        is_alone = whoami(server, sync_key(f"witness{number}", GRACE[2])) == 200
        alone += is_alone
        if (before, told, after) != ((200, 200, 401), True, (401, 401, 200)) or took > AT_ONCE:
            problems.append(f"{before}, told {told}, then {after} after {took:.2f} s")
        password = new
        if alone == 3:
            return problems, password
        if not is_alone:
            await_reading(server)
    return problems + [f"only {alone} of {WITNESSES} rounds were without a reading"], password


def caught_up(server, instance, old):
    """Without its socket the server is not told: the session ends at once all the same, and the keys follow within 10 s."""
    (instance.folder / "sparekey.sock").unlink()
    # A machine that had no time misses it once; a server that does not look misses it each time.
    for new in ("thimble-Olive-58-canyon", "garden-Crimson-47-pulley"):
        if not (problems := late(server, instance, old, new)):
            break
        old = new
    return problems


def late(server, instance, old, new):
    session = server.token("grace", old)
    ended, told = reset_by_hand(instance, new)
    ends = server.call("GET", "/api/sessions", token=session).status
    took = time.monotonic() - ended
    # PostgreSQL itself tells its servers.
    problems = [] if (told, ends) == (instance.database is not None, 401) and took < AT_ONCE else [f"told {told}, session {ends} after {took:.2f} s"]
    while (found := states(server, session, old, new)) != (401, 401, 200):
        if time.monotonic() - ended > 10:
            return problems + [f"{found} after 10 s"]
        time.sleep(0.05)
    return problems


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
    postgres = "--postgres" in sys.argv[1:]
    with fresh_instance(postgres, settings={"SPAREKEY_SYNC_KEYS": "true"}) as instance:
        instance.add(*GRACE, "--no-force-change")
        for number in range(WITNESSES):
            instance.add(f"witness{number}", f"witness{number}@example.org", GRACE[2], "--no-force-change")
        instance.add("bell", "bell@example.org", GRACE[2], "--no-force-change")
        with Server(instance) as server:
            tally.check("told", told(instance, server))
            instance.must("reset-password", "grace", "--no-force-change", "--password-stdin", password=NEWER)
            problems, password = pushed(server, instance)
            tally.check("told, and nothing else", problems)
            tally.check("not told", caught_up(server, instance, password))
        tally.check("the server itself", server.broken)
        words = "The database tells every server that uses it" if postgres else "no running server was found"
        tally.check("no server", said(instance, words, "pebble-Amber-27-window"))
        with Server(instance, settings={"SPAREKEY_DATABASE": str(instance.folder / "other.db")}):
            tally.check("another database", said(instance, "it uses another database", "lantern-Olive-93-harvest"))
        tally.check("a silent server", silent(instance))
    tally.finish("refresh")


if __name__ == "__main__":
    main()
