"""A program that has taken a server's address: it keeps every byte that it is sent, and answers as it likes."""

import contextlib
import socket
import ssl
import subprocess
import threading
import time

SECONDS = 120


def whole(status, more=""):
    """A whole answer with nothing in it but a status and, if need be, headers."""
    return f"HTTP/1.1 {status}\r\n{more}Content-Length: 2\r\nConnection: close\r\n\r\n{{}}".encode()


def silence(connection):
    """Never answers; waits until the caller has had enough."""
    while connection.recv(4096):
        pass


def dribble(begin):
    """Begins an answer and then sends one byte after the other for as long as somebody listens."""
    def answer(connection):
        connection.sendall(begin)
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)
    return answer


def flood(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


class Impostor:
    """`answer` is bytes to send after the request, or a function of the connection. `listener` is a socket that listens."""

    def __init__(self, answer, listener=None, certificate=None):
        self.received, self.callers = b"", 0
        self._answer = answer if callable(answer) else lambda connection: connection.sendall(answer)
        self._listener = listener or socket.create_server(("127.0.0.1", 0))
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if certificate else None
        if certificate:
            self._tls.load_cert_chain(*certificate)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def port(self):
        return self._listener.getsockname()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(SECONDS)
        self._listener.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.callers += 1
            with contextlib.suppress(OSError), connection:
                connection.settimeout(SECONDS)
                self._meet(self._tls.wrap_socket(connection, server_side=True) if self._tls else connection)

    def _meet(self, connection):
        while not self.received.endswith(b"}") and (piece := connection.recv(65536)):
            self.received += piece
        self._answer(connection)


def certificate(folder, name, names, environment=None):
    """A certificate that vouches for itself, and its key, as two paths."""
    paths = [str(folder / f"{name}.{kind}.pem") for kind in ("certificate", "key")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-keyout", paths[1], "-out", paths[0], "-subj", "/CN=sparekey", "-addext", f"subjectAltName={names}"],
                   check=True, capture_output=True, env=environment)
    return paths
