"""Requests whose last bytes arrive at the same moment."""

import contextlib
import itertools
import json
import socket

from trial.server import SECONDS, Answer


def at_once(servers, path, bodies):
    """Opens a connection for each body, to the servers in turn, sends all of each request but the last byte, then every
    last byte in one loop."""
    with contextlib.ExitStack() as stack:
        waiting = []
        for server, body in zip(itertools.cycle(servers), bodies):
            data = json.dumps(body).encode()
            head = f"POST {path} HTTP/1.1\r\nHost: {server.host}\r\nContent-Type: application/json\r\nConnection: close\r\n" \
                f"Content-Length: {len(data)}\r\n\r\n"
            connection = stack.enter_context(socket.create_connection((server.host, int(server.port)), timeout=SECONDS))
            connection.sendall(head.encode() + data[:-1])
            waiting.append((connection, data[-1:]))
        for connection, last in waiting:
            connection.send(last)
        return [_answer(connection) for connection, _ in waiting]


def _answer(connection):
    received = b""
    while piece := connection.recv(65536):
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    first, *fields = head.decode().split("\r\n")
    return Answer(int(first.split()[1]), [tuple(field.split(": ", 1)) for field in fields], body)
