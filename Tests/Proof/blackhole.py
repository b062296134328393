"""A network that drops everything between server and PostgreSQL, over TCP: commands end with 69 and requests with 503 in bounded
time, at the first connection and at connections that stood; what needs no database is answered; and when the network is back all
goes on without a restart. Run under dev/with-postgres, as root: the network is one of its own, with a cable that is pulled.

    blackhole.py
"""

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
import urllib.parse

from trial import cluster
from trial.instance import Instance, discard, fresh_folder
from trial.server import Server
from trial.stored import Stored
from trial.tally import Tally

OLD, NEW = "harbour-Violet-31-anchor", "meadow-Copper-74-signal"
HERE, THERE, PORT = "10.9.9.1", "10.9.9.2", 5432
# Connecting is given up after 5 s, a silent connection after 15 s, a place in the pool after 10 s; what comes on top is the
# machine's.
BOUND = 100
PROXY = """import asyncio, sys
async def pump(reader, writer):
    try:
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
async def serve(reader, writer):
    inner = await asyncio.open_unix_connection(sys.argv[1])
    await asyncio.gather(pump(reader, inner[1]), pump(inner[0], writer))
async def main():
    server = await asyncio.start_server(serve, sys.argv[2], int(sys.argv[3]))
    print("ready", flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


class Cable:
    """Another network that PostgreSQL's socket is reached from, and the cable to it."""

    def __init__(self, socket):
        run = lambda *words: subprocess.run(words, check=True, capture_output=True)
        run("ip", "link", "set", "lo", "up")
        # It ends with the pipe, and so with this script, whatever ends that.
        self.holder = subprocess.Popen(["unshare", "-n", "sh", "-c", "echo ready; exec cat"], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE)
        self.holder.stdout.readline()
        self.there = ("nsenter", "-t", str(self.holder.pid), "-n")
        run("ip", "link", "add", "near", "type", "veth", "peer", "name", "far")
        run("ip", "link", "set", "far", "netns", str(self.holder.pid))
        run("ip", "address", "add", f"{HERE}/24", "dev", "near")
        run(*self.there, "ip", "address", "add", f"{THERE}/24", "dev", "far")
        # Known for good: with the cable pulled, packets must vanish, not be refused by a neighbour that nobody finds.
        run("ip", "link", "set", "near", "up")
        run(*self.there, "ip", "link", "set", "far", "up")
        shown = run(*self.there, "ip", "-brief", "link", "show", "far").stdout.decode()
        address = re.search(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", shown)[0]
        run("ip", "neighbour", "replace", THERE, "lladdr", address, "dev", "near")
        self.proxy = subprocess.Popen([*self.there, sys.executable, "-c", PROXY, socket, THERE, str(PORT)],
                                      stdout=subprocess.PIPE)
        self.proxy.stdout.readline()

    def pull(self):
        """The far address goes, so that what arrives is nobody's and is dropped without a word."""
        subprocess.run([*self.there, "ip", "address", "del", f"{THERE}/24", "dev", "far"], check=True)

    def plug(self):
        subprocess.run([*self.there, "ip", "address", "add", f"{THERE}/24", "dev", "far"], check=True)

    def close(self):
        for process in (self.proxy, self.holder):
            process.kill()
            process.wait()


class Trial:
    def __init__(self, tally, server):
        self.tally, self.server, self.longest = tally, server, 0.0

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def timed(self, name, act, wanted):
        begun = time.monotonic()
        found = act()
        took = time.monotonic() - begun
        self.longest = max(self.longest, took)
        self.equal(name, found, wanted)
        self.equal(f"{name}, in time", took < BOUND or f"{took:.1f} s", True)

    def outage(self, *call, **more):
        before = len(self.server.broken)
        answer = self.server.call(*call, **more)
        self.server.broken[before:] = [each for each in self.server.broken[before:]
                                       if "status 503" not in each and "/readyz" not in each]
        return answer.status

    def silent(self, round_number, token):
        """Eight requests at once, as many as there are connections, then commands."""
        body = {"username": "kim", "password": OLD}
        calls = [("GET", "/api/users", None, token), ("POST", "/api/auth/login", body, None)] * 4
        statuses, threads = [], []
        begun = time.monotonic()
        for call in calls:
            threads.append(threading.Thread(target=lambda call=call: statuses.append(self.outage(*call))))
            threads[-1].start()
        self.timed("the server lives meanwhile", lambda: self.server.call("GET", "/healthz").status, 200)
        for thread in threads:
            thread.join()
        took = time.monotonic() - begun
        self.longest = max(self.longest, took)
        self.equal(f"round {round_number}: requests of before", sorted(set(statuses)), [503])
        self.equal(f"round {round_number}: in time", took < BOUND or f"{took:.1f} s", True)
        self.timed("a request afterwards", lambda: self.outage("GET", "/api/users", token=token), 503)
        self.timed("it is not ready", lambda: self.outage("GET", "/readyz"), 503)
        self.timed("a reset", lambda: self.server.instance.reset("kim", NEW)[0], 69)


def main():
    if "SPAREKEY_PROOF_NETWORK" not in os.environ:
        os.environ["SPAREKEY_PROOF_NETWORK"] = "own"
        os.execvp("unshare", ["unshare", "-n", sys.executable, *sys.argv])
    # The limit of one answer here is BOUND, and is asserted: the client must be more patient than that.
    from trial import server as serving
    serving.SECONDS = 2 * BOUND
    tally, database = Tally(), cluster.new_database()
    parts = urllib.parse.urlsplit(database)
    folder = urllib.parse.parse_qs(parts.query)["host"][0]
    url = f"postgres://postgres@{THERE}:{PORT}{parts.path}?sslmode=disable"
    home = fresh_folder()
    with contextlib.closing(Cable(f"{folder}/.s.PGSQL.{PORT}")) as cable:
        (home / "data").mkdir(mode=0o700)
        instance = Instance(home / "data", url)
        instance.set_up()
        instance.add("kim", "kim@example.org", OLD, "--no-force-change")
        with Server(instance) as server:
            trial = Trial(tally, server)
            token = server.token()
            for number in range(2):
                cable.pull()
                trial.silent(number, token)
                cable.plug()
                trial.timed("back: requests", lambda: [trial.outage("GET", "/api/users", token=token) for _ in range(10)][-1], 200)
                trial.equal("back: the old password signs in", server.login("kim", OLD).status, 200)
            trial.equal("back: a reset", instance.reset("kim", NEW)[0], 0)
            trial.equal("back: the new password signs in", server.login("kim", NEW).status, 200)
        instance.database = database
        tally.check("the database is whole", Stored(instance).integrity() + Stored(instance).unsettled())
    discard(home)
    tally.check("every answer and every line of the log", server.broken)
    tally.finish(f"a network that drops everything: the longest wait {trial.longest:.1f} s")


if __name__ == "__main__":
    main()
