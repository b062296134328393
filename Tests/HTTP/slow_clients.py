"""2,000 clients that dribble heads or bodies, and some that never read: honest requests are served meanwhile, and all of the
slow ones are closed in time. Once from 40 addresses, once from a single one, with the descriptors that a service gets."""

import asyncio
import concurrent.futures
import contextlib
import http.client
import multiprocessing
import os
import resource
import socket
import time

from trial.cost import waited
from trial.instance import ADMIN
from trial.server import Server, fresh_instance
from trial.tally import Tally

CLIENTS, DEAF, ASKED = 2000, 20, 200
CLOSED_WITHIN, TRIES = 30, 3
# While the crowd arrives, the deaf have a burst of requests answered; unoptimised code stalls for part of a second then.
HONEST_P95, HONEST_P99 = 0.25, 3
# ConnectionBook.perAddress
PER_ADDRESS = 512
HEAD = b"POST /api/auth/login HTTP/1.1\r\nHost: files.example.org\r\nContent-Type: application/json\r\n"
QUESTION = b"GET /healthz HTTP/1.1\r\nHost: files.example.org\r\n\r\n"


class Crowd:
    """Slow clients; `lives` holds how many seconds the server bore each."""

    def __init__(self, server):
        self.address = (server.host, int(server.port))
        self.open = 0
        self.lives, self.refused = [], 0

    async def dribble(self, number, source):
        """Odd ones never end their head, even ones send a byte of a body at a time."""
        try:
            reader, writer = await asyncio.open_connection(*self.address, local_addr=(source, 0))
        except OSError:
            self.refused += 1
            return
        self.open += 1
        begun = time.monotonic()
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            writer.write(HEAD + (b"" if number % 2 else b"Content-Length: 60000\r\n\r\n"))
            feeding = asyncio.create_task(self.feed(writer, number))
            while await reader.read(4096):
                pass
            feeding.cancel()
        self.lives.append(time.monotonic() - begun)
        writer.close()

    async def feed(self, writer, number):
        with contextlib.suppress(OSError):
            while True:
                await asyncio.sleep(1.5)
                writer.write(b"X: y\r\n" if number % 2 else b" ")
                await writer.drain()

    async def deaf(self, source):
        """Asks and asks and never reads an answer: the server's writes stop, and the connection must end all the same."""
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)
        connection.bind((source, 0))
        loop, begun = asyncio.get_running_loop(), time.monotonic()
        with contextlib.suppress(OSError), contextlib.closing(connection):
            await loop.sock_connect(connection, self.address)
            self.open += 1
            while True:
                await loop.sock_sendall(connection, QUESTION * 100)
        self.lives.append(time.monotonic() - begun)


def honest(address, count):
    """Latencies of /healthz on new connections, as a monitor asks; in a process of its own, which no crowd slows down."""
    found = []
    for _ in range(count):
        begun = time.monotonic()
        connection = http.client.HTTPConnection(*address, timeout=4 * CLOSED_WITHIN, source_address=("127.0.0.250", 0))
        with contextlib.closing(connection):
            connection.request("GET", "/healthz")
            answered = connection.getresponse().status == 200
        found.append(time.monotonic() - begun if answered else 99)
    return sorted(found)


async def besieged(server, tally, name, sources, monitor):
    """What is held against seconds is measured again if need be, with a fresh crowd: a server that serves nobody, or lets go of
    nobody, does so each time."""
    for _ in range(TRIES):
        found = await siege(server, name, sources, monitor)
        if not any(found.values()):
            break
    for title, problems in found.items():
        tally.check(f"{name}: {title}", problems)


async def siege(server, name, sources, monitor):
    """Problems by check."""
    loop, address = asyncio.get_running_loop(), (server.host, int(server.port))
    before = await loop.run_in_executor(monitor, honest, address, ASKED)
    crowd, processes = Crowd(server), (server.process.pid, os.getpid())
    starved, begun = [waited(process) for process in processes], time.monotonic()
    clients = [asyncio.create_task(crowd.dribble(number, sources[number % len(sources)])) for number in range(CLIENTS)]
    clients += [asyncio.create_task(crowd.deaf("127.0.0.99")) for _ in range(DEAF)]
    # Until all are in, or the server has had the time for it.
    await until(lambda: crowd.open + crowd.refused == CLIENTS + DEAF, 120)
    held = crowd.open - len(crowd.lives)
    during = await loop.run_in_executor(monitor, honest, address, ASKED)
    signed_in = await asyncio.to_thread(server.login, ADMIN[0], ADMIN[2], source="127.0.0.251")
    found = {"all got in": [] if crowd.open == CLIENTS + DEAF else [f"{crowd.open} of {CLIENTS + DEAF}"]}
    # A busy machine shows in what an answer took before.
    is_quick = at(during, 95) < max(HONEST_P95, 10 * at(before, 95)) and at(during, 99) < max(HONEST_P99, 50 * at(before, 95))
    found["honest requests are answered"] = [] if is_quick else [
        f"p95 {at(during, 95):.3f} s, p99 {at(during, 99):.3f} s, before {at(before, 99):.3f} s"]
    found["people sign in"] = [] if signed_in.status == 200 else [f"{signed_in.status}"]
    if len(sources) == 1:
        await until(lambda: crowd.open - len(crowd.lives) <= PER_ADDRESS + DEAF, 15)
        left = crowd.open - len(crowd.lives)
        found["the oldest gave way"] = [] if left <= PER_ADDRESS + DEAF else [f"{left} are held"]
    else:
        await asyncio.wait(clients, timeout=max(0, begun + 4 * CLOSED_WITHIN - time.monotonic()))
        left = sum(not client.done() for client in clients)
        # The time for which the machine gave server and crowd no processor is nobody's patience.
        late = sum(max(seconds - once.get(thread, 0) for thread, seconds in waited(process).items())
                   for process, once in zip(processes, starved))
        found[f"all are closed within {CLOSED_WITHIN} s"] = [] if not left and max(crowd.lives) < CLOSED_WITHIN + late else [
            f"{left} were not, the longest life was {max(crowd.lives, default=0):.1f} s, {late:.1f} s of it without a processor"]
        print(f"{name}: {late:.1f} s without a processor")
    for client in clients:
        client.cancel()
    waits = [f"p{part} {at(before, part) * 1000:.1f} → {at(during, part) * 1000:.1f} ms" for part in (50, 95, 99)]
    print(f"{name}: {held} held at once; /healthz {', '.join(waits)}; lives {min(crowd.lives):.1f} to {max(crowd.lives):.1f} s")
    return found


async def until(condition, seconds):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(0.05)


def at(latencies, percent):
    return latencies[min(len(latencies) - 1, len(latencies) * percent // 100)]


def main():
    tally = Tally()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    many = [f"127.0.1.{number}" for number in range(1, 41)]
    # What systemd gives a service: 1,024 to begin with, more for the asking.
    fresh = multiprocessing.get_context("spawn")
    with fresh_instance() as instance, Server(instance, prefix=("prlimit", "--nofile=1024:20000")) as server, \
            concurrent.futures.ProcessPoolExecutor(1, mp_context=fresh) as monitor:
        asyncio.run(besieged(server, tally, "from 40 addresses", many, monitor))
        asyncio.run(besieged(server, tally, "from one address", ["127.0.0.2"], monitor))
    tally.check("every answer and every line of the log", server.broken)
    tally.finish("slow clients")


if __name__ == "__main__":
    main()
