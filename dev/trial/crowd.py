"""Many callers at once, each request on a connection of its own, from processes that no other part of a test slows down."""

import asyncio
import collections
import concurrent.futures
import contextlib
import http.client
import itertools
import multiprocessing
import socket
import time

SECONDS = 300
FRESH = multiprocessing.get_context("spawn")
NOTHING = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


async def exchange(address, request, source=None):
    """The status of the answer; 0 where there was none."""
    try:
        reader, writer = await asyncio.open_connection(*address, local_addr=source and (source, 0))
    except OSError:
        return 0
    try:
        writer.write(request)
        answer = await asyncio.wait_for(reader.read(), SECONDS)
        return int(answer[9:12] or 0)
    except (OSError, TimeoutError):
        return 0
    finally:
        writer.close()


async def _keep_calling(address, request, callers, pipe):
    statuses, isOver = collections.Counter(), asyncio.Event()

    async def caller():
        while not isOver.is_set():
            statuses[await exchange(address, request)] += 1

    tasks = [asyncio.create_task(caller()) for _ in range(callers)]
    # Until as many answers have come as there are callers: the line has been full by then.
    while statuses.total() < callers:
        await asyncio.sleep(0.02)
    pipe.send("under way")
    while not pipe.poll():
        await asyncio.sleep(0.02)
    isOver.set()
    await asyncio.gather(*tasks)
    pipe.send(statuses)


def _calling(*arguments):
    asyncio.run(_keep_calling(*arguments))


@contextlib.contextmanager
def calling(address, request, callers):
    """So many callers send the same request again and again; yields a counter of statuses that is filled at the end."""
    here, there = FRESH.Pipe()
    process = FRESH.Process(target=_calling, args=(address, request, callers, there), daemon=True)
    process.start()
    statuses = collections.Counter()
    here.recv()
    yield statuses
    here.send("enough")
    statuses.update(here.recv())
    process.join()


async def _all_at_once(address, requests):
    sources = itertools.cycle(f"127.0.2.{number}" for number in range(1, 41))
    return collections.Counter(await asyncio.gather(*(exchange(address, one, source) for one, source in zip(requests, sources))))


def all_at_once(address, requests):
    """Sends them all before any is answered, from forty addresses; a counter of statuses."""
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=FRESH) as pool:
        return pool.submit(_at_once, address, requests).result()


def _at_once(address, requests):
    return asyncio.run(_all_at_once(address, requests))


def healths(addresses, count, limit=SECONDS):
    """Seconds until each of the servers answers /healthz, in turn; one sorted list a server. Ends early at the limit."""
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=FRESH) as pool:
        return pool.submit(_healths, addresses, count, limit).result()


def _healths(addresses, count, limit):
    found, end = [[] for _ in addresses], time.monotonic() + limit
    for _ in range(count):
        if time.monotonic() > end:
            break
        for address, times in zip(addresses, found):
            begun = time.perf_counter()
            connection = http.client.HTTPConnection(*address, timeout=SECONDS)
            with contextlib.closing(connection):
                connection.request("GET", "/healthz")
                if connection.getresponse().status != 200:
                    raise RuntimeError("/healthz is not answered")
            times.append(time.perf_counter() - begun)
    return [sorted(times) for times in found]


def p99(times):
    return times[min(len(times) - 1, len(times) * 99 // 100)]


@contextlib.contextmanager
def no_op_server():
    """A process that answers anything with two letters and does nothing else; yields its address."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    process = FRESH.Process(target=_answer, args=(listener,), daemon=True)
    process.start()
    try:
        yield listener.getsockname()
    finally:
        process.kill()
        process.join()
        listener.close()


def _answer(listener):
    while True:
        connection, _ = listener.accept()
        with contextlib.suppress(OSError), contextlib.closing(connection):
            if connection.recv(65536):
                connection.sendall(NOTHING)
