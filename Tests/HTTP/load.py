"""While 64 people sign in, /healthz is answered; a thousand sign-ins at once are served or refused, in bounded memory."""

import json
import pathlib
import statistics
import time

from trial.cost import peak, present
from trial.crowd import all_at_once, calling, healths, no_op_server, p99
from trial.instance import ADMIN, BINARY
from trial.server import Server, fresh_instance
from trial.tally import Tally

CALLERS, ASKED, ROUNDS, TRIES = 64, 300, 3, 3
HEALTH_P99, TIMES_NOTHING, TIMES_ITSELF = 0.020, 5, 3
AT_ONCE = 1000
# What Argon2id of the default cost takes of memory, and what else a thousand requests may; unoptimised code takes more.
HASH, REST = 19456 * 1024, (50 if "release" in str(BINARY) else 80) << 20
MEGABYTE = 1 << 20


def sign_in(name, password):
    body = json.dumps({"username": name, "password": password}).encode()
    return (b"POST /api/auth/login HTTP/1.1\r\nHost: files.example.org\r\nContent-Type: application/json\r\n"
            b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


NO_SIGN_IN = sign_in(ADMIN[0], None)


def health(server, tally):
    """Beside a server that does nothing, asked in turn: what the processors' load alone does to an answer shows there. A
    server that blocks misses the bound each time; one that only had a bad moment does not. On a machine that others keep
    busy all the time, the same server among as many callers who cost it no hash is what it is held against."""
    for _ in range(TRIES):
        ours, bound = asked_while_calling(server, tally, "people sign in meanwhile", 200, sign_in(ADMIN[0], ADMIN[2]))
        if ours < bound:
            break
        bound = max(bound, TIMES_ITSELF * asked_while_calling(server, tally, "others are refused meanwhile", 400, NO_SIGN_IN)[0])
        if ours < bound:
            break
    tally.check("/healthz while people sign in", [] if ours < bound else [
        f"p99 {ours * 1000:.1f} ms in the last of {TRIES} tries, at most {bound * 1000:.1f} ms"])


def asked_while_calling(server, tally, title, status, request):
    """The median p99 of some rounds and its bound, in seconds."""
    address, rounds = (server.host, int(server.port)), []
    with no_op_server() as nothing:
        for _ in range(ROUNDS):
            with calling(address, request, CALLERS) as statuses:
                rounds.append([p99(times) for times in healths((address, nothing), ASKED)])
            tally.check(title, [] if statuses[status] and set(statuses) <= {status, 503} else [f"{statuses}"])
    ours, least = (statistics.median(column) for column in zip(*rounds))
    print(f"  /healthz while {CALLERS} are answered {status}: p99 {ours * 1000:.1f} ms, of a no-op server {least * 1000:.1f} ms "
          f"(rounds: {', '.join(f'{one * 1000:.1f}/{two * 1000:.1f}' for one, two in rounds)})")
    return ours, max(HEALTH_P99, TIMES_NOTHING * least)


def thousand(server, tally, name):
    """Half of them right, from forty addresses."""
    process = server.process.pid
    # The code that a sign-in runs is in memory from the first one on.
    for password in (ADMIN[2], "not-the-Password-58-otter"):
        server.login(ADMIN[0], password)
    before = idle(process)
    requests = [sign_in(ADMIN[0] if number % 2 else f"nobody{number}", ADMIN[2]) for number in range(AT_ONCE)]
    begun = time.monotonic()
    statuses = all_at_once((server.host, int(server.port)), requests)
    took, threads = time.monotonic() - begun, hash_threads(process)
    most, bound = peak(process), before + threads * HASH + REST
    print(f"  {AT_ONCE} at once, {name}: {dict(sorted(statuses.items()))} in {took:.1f} s; {before / MEGABYTE:.0f} MB before, "
          f"at most {most / MEGABYTE:.0f} MB, bound {bound / MEGABYTE:.0f} MB")
    tally.check(f"{name}: each is answered", [] if set(statuses) <= {200, 401, 429, 503} else [f"{statuses}"])
    tally.check(f"{name}: some sign in", [] if statuses[200] else [f"{statuses}"])
    tally.check(f"{name}: memory", [] if most <= bound else [f"{most / MEGABYTE:.0f} MB, at most {bound / MEGABYTE:.0f} MB"])
    tally.check(f"{name}: and one more", [] if server.login(ADMIN[0], ADMIN[2]).status == 200 else ["it is refused"])


def idle(process):
    """While no hash runs: the server measures one every few seconds at first."""
    return min(pause() or present(process) for _ in range(10))


def pause():
    time.sleep(0.02)


def hash_threads(process):
    return sum(thread.read_text().strip() == "sparekey-hash" for thread in pathlib.Path(f"/proc/{process}/task").glob("*/comm"))


def main():
    tally = Tally()
    with fresh_instance() as instance:
        for name, limits in (("limits off", "off"), ("limits on", "standard")):
            with Server(instance, limits=limits) as server:
                thousand(server, tally, name)
            tally.check(f"{name}: every answer and line of the log", server.broken)
        with Server(instance) as server:
            health(server, tally)
        tally.check("every line of the log", server.broken)
    tally.finish("load")


if __name__ == "__main__":
    main()
