"""Start and stop: a request in flight is answered, nothing is left that blocks the next start, addresses, certificates, a
database that goes away and comes back; and the Unix socket, which only the owner reaches."""

import concurrent.futures
import contextlib
import http.client
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time

from trial import cluster
from trial.instance import ADMIN, BINARY
from trial.server import SECONDS, Server, fresh_instance
from trial.slow_hash import slow_hash, used_seconds, wait_until_used
from trial.stored import psql
from trial.tally import Tally

STRANGER = 4243
# RecoveryServer.maximumGracefulShutdownDuration, less a moment
GRACE = 9.5
LOCAL = """import socket, sys
connection = socket.socket(socket.AF_UNIX)
connection.settimeout(60)
connection.connect(sys.argv[1])
connection.sendall(b"GET /identity HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n")
print(connection.recv(4096).decode().split("\\r\\n")[0])
"""


class Lifecycle:
    def __init__(self, tally):
        self.tally, self.broken = tally, []

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def refused(self, name, instance, status, words, **settings):
        """`serve` ends at once with that status, and says why."""
        process = subprocess.run([BINARY, "serve"],
                                 env={**instance.environment(), "SPAREKEY_LISTEN": "127.0.0.1:0", **settings},
                                 stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, cwd="/")
        said = all(each in process.stderr for each in (words, "error: ", "hint: "))
        self.tally.check(name, [] if said and process.returncode == status else [f"{process.returncode}, {process.stderr.strip()[-300:]}"])

    def stop_in_flight(self, instance):
        """SIGTERM in the middle of a sign-in: it is answered, idle connections hold nothing up, and the end is 0."""
        # Its threads give way to others: a busy machine makes much of a second.
        made, seconds = slow_hash(ADMIN[2], least=0.25)
        with Server(instance) as server, socket.create_connection((server.host, int(server.port))) as idle, \
                socket.create_connection((server.host, int(server.port))) as half:
            server.sql(f"UPDATE account SET password_hash = '{made}' WHERE username = '{ADMIN[0]}'")
            idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            idle.recv(4096)
            half.sendall(b"GET /healthz HT")
            answers = []
            thread = threading.Thread(target=lambda: answers.append(server.login(ADMIN[0], ADMIN[2])))
            before = used_seconds(server.process.pid)
            thread.start()
            wait_until_used(server.process.pid, before + seconds / 2, thread)
            begun = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            thread.join()
            self.equal("a request in flight is answered", [answer.status for answer in answers], [200])
            self.equal("the end is 0", server.process.wait(SECONDS), 0)
            took = time.monotonic() - begun
            self.tally.check("idle connections hold nothing up", [] if took < GRACE else [f"{took:.1f} s"])
            # Not by the port, which somebody else may have been given by now.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.process.pid, 0)
                self.tally.check("nothing of it is left", ["a process is"])
        self.broken += server.broken

    def starts(self, instance):
        with Server(instance) as server:
            self.refused("a second server on the folder is 75", instance, 75, "running on this data folder")
            with fresh_instance() as other:
                self.refused("an address in use is 69", other, 69, "cannot listen on",
                             SPAREKEY_LISTEN=f"127.0.0.1:{server.port}")
                self.refused("an address of another machine is 69", other, 69, "cannot listen on",
                             SPAREKEY_LISTEN="192.0.2.1:8080")
                self.refused("an address that is none is 78", other, 78, "SPAREKEY_LISTEN", SPAREKEY_LISTEN="nonsense")
                (other.folder / "sparekey.sock").mkdir()
                self.refused("a folder in the socket's place is 69", other, 69, "something else than a socket")
            self.equal("the first one still answers", server.call("GET", "/readyz").status, 200)
            server.process.kill()
            server.process.wait()
        self.equal("the socket is still there after a kill", (instance.folder / "sparekey.sock").exists(), True)
        with Server(instance) as server:
            self.equal("and does not block the next start", server.call("GET", "/readyz").status, 200)
            server.process.send_signal(signal.SIGINT)
            self.equal("SIGINT ends it with 0", server.process.wait(SECONDS), 0)
        self.broken += server.broken

    def unprepared(self):
        """Before `setup`: it runs, says what to do, and signs nobody in; afterwards it needs no restart."""
        with fresh_instance(prepared=False) as instance, Server(instance) as server:
            self.equal("it says what to do", b"sparekey setup" in b"".join(server.lines + server.box), True)
            self.equal("it is ready", server.call("GET", "/readyz").status, 200)
            self.equal("nobody signs in", server.login(ADMIN[0], ADMIN[2]).status, 401)
            instance.set_up()
            self.equal("after the set-up somebody does", server.login(ADMIN[0], ADMIN[2]).status, 200)
        self.broken += server.broken

    def local_socket(self, instance):
        """SEC-16's neighbour: the data folder's owner and root, and nobody else, whatever the modes are."""
        path = instance.folder / "sparekey.sock"
        with Server(instance) as server:
            self.equal("the owner is answered in the end", self.is_open(path), True)
            self.equal("the socket's mode", stat.S_IMODE(path.stat().st_mode), 0o600)
            self.equal("a stranger is kept out by the modes", self.ask(path, STRANGER), "")
            folders = [path, path.parent, path.parent.parent]
            modes = [stat.S_IMODE(each.stat().st_mode) for each in folders]
            for each in folders:
                each.chmod(0o777)
            self.equal("and by the kernel's word on who they are", self.ask(path, STRANGER), "")
            for each, mode in zip(folders, modes, strict=True):
                each.chmod(mode)
            self.equal("the owner is still answered", self.ask(path), "HTTP/1.1 200 OK")
            self.equal("the network does not reach the socket's calls", server.call("GET", "/identity").status, 404)
        self.broken += server.broken

    def is_open(self, path):
        """The socket opens beside the network's address, whose line in the log says nothing of it."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if path.exists() and self.ask(path) == "HTTP/1.1 200 OK":
                return True
        return False

    def owned_by_another(self, instance):
        """SEC-16: started by root on somebody's folder, all that it makes is theirs."""
        for path in [instance.folder, *instance.folder.iterdir()]:
            os.chown(path, STRANGER, STRANGER)
        instance.folder.parent.chmod(0o711)
        with Server(instance) as server:
            self.equal("root reaches the socket", self.is_open(instance.folder / "sparekey.sock"), True)
            self.equal("so does the owner", self.ask(instance.folder / "sparekey.sock", STRANGER), "HTTP/1.1 200 OK")
            self.equal("another does not", self.ask(instance.folder / "sparekey.sock", STRANGER + 1), "")
            self.equal("people sign in", server.login(ADMIN[0], ADMIN[2]).status, 200)
            self.equal("all files are the owner's", {path.stat().st_uid for path in instance.folder.iterdir()}, {STRANGER})
        self.broken += server.broken

    def ask(self, path, uid=None):
        """The first line of the socket's answer, empty where there is none."""
        person = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"] if uid else []
        done = subprocess.run([*person, "/usr/bin/python3", "-c", LOCAL, str(path)], capture_output=True, text=True,
                              timeout=SECONDS)
        return done.stdout.strip()

    def certificates(self, instance):
        certificate, key, other = (instance.folder.parent / name for name in ("cert.pem", "key.pem", "other.pem"))
        for path in (other, key):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-days", "2", "-keyout", str(path),
                            "-out", str(certificate), "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
                           check=True, capture_output=True)
        names = {"SPAREKEY_TLS_CERTIFICATE": str(certificate), "SPAREKEY_TLS_KEY": str(key)}
        self.refused("a certificate that is not there is 78", instance, 78, "certificate",
                     **{**names, "SPAREKEY_TLS_CERTIFICATE": "/nonexistent"})
        self.refused("a key of another certificate is 78", instance, 78, "certificate",
                     **{**names, "SPAREKEY_TLS_KEY": str(other)})
        self.refused("a key alone is 78", instance, 78, "tls.certificate", SPAREKEY_TLS_KEY=str(key))
        broken = "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n"
        (instance.folder.parent / "broken.pem").write_text(broken)
        self.refused("a broken certificate is 78", instance, 78, "certificate",
                     **{**names, "SPAREKEY_TLS_CERTIFICATE": str(instance.folder.parent / "broken.pem")})
        return names

    @contextlib.contextmanager
    def tls(self):
        """A server with TLS, and a connection that never begins the handshake and whose end comes after 15 seconds."""
        with fresh_instance() as instance:
            names = self.certificates(instance)
            with Server(instance, names) as server, socket.create_connection((server.host, int(server.port))) as silent:
                silent.settimeout(SECONDS)
                with concurrent.futures.ThreadPoolExecutor(1) as pool:
                    ending = pool.submit(seconds_until_closed, silent)
                    self.handshakes(server, names["SPAREKEY_TLS_CERTIFICATE"])
                    yield
                took = ending.result()
                self.tally.check("who never begins the handshake is closed", [] if took < 60 else [f"after {took:.0f} s"])
            self.broken += server.broken

    def handshakes(self, server, certificate):
        self.equal("the log says https", server.address.startswith("https://127.0.0.1:"), True)
        trusting = ssl.create_default_context(cafile=str(certificate))
        with contextlib.closing(http.client.HTTPSConnection(server.host, int(server.port), timeout=SECONDS,
                                                            context=trusting)) as connection:
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            self.equal("TLS by the certificate", (answer.status, answer.read()), (200, b"ok\n"))
            self.equal("it tells browsers to stay with https", answer.getheader("strict-transport-security") is not None,
                       True)
        plain = server.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        self.equal("plain HTTP gets no answer", b"200" in plain, False)
        old = subprocess.run(["openssl", "s_client", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0", "-connect",
                              f"{server.host}:{server.port}"],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS)
        self.equal("TLS 1.1 is refused", (old.returncode != 0, "alert protocol version" in old.stderr), (True, True))

    def database_away(self):
        """PostgreSQL closes its door: 503 with Retry-After, and all is well when it opens again, without a restart."""
        with fresh_instance(True) as instance, Server(instance) as server:
            token, name = server.token(), cluster.name_of(instance.database)
            door = "UPDATE pg_database SET datallowconn = {} WHERE datname = '{}'"
            psql(cluster.address(), door.format("false", name))
            psql(cluster.address(), f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            cluster.wait_until_gone(instance.database)
            for method, path, body in (("GET", "/api/users", None),
                                       ("POST", "/api/auth/login", {"username": "ada", "password": ADMIN[2]})):
                for _ in range(10):
                    answer = self.call_outage(server, method, path, body, token)
                self.equal(f"{path} while the database is away",
                           (answer.status, int(answer.header("retry-after") or 0) > 0), (503, True))
            self.equal("it is not ready", self.call_outage(server, "GET", "/readyz", None, None).status, 503)
            self.equal("it lives", server.call("GET", "/healthz").status, 200)
            psql(cluster.address(), door.format("true", name))
            deadline = time.monotonic() + SECONDS
            while (status := self.call_outage(server, "GET", "/api/users", None, token).status) == 503:
                if time.monotonic() > deadline:
                    break
            self.equal("it recovers by itself", status, 200)
        self.broken += server.broken

    def call_outage(self, server, *call):
        """A call for which 503 is the right answer: only the other things that every answer must be are held against it."""
        before = len(server.broken)
        answer = server.call(call[0], call[1], call[2], call[3])
        # /readyz says one word, whatever it is.
        server.broken[before:] = [problem for problem in server.broken[before:]
                                  if "status 503" not in problem and "/readyz" not in problem]
        return answer


def seconds_until_closed(connection):
    """Until the server closes it without a word."""
    begun = time.monotonic()
    if connection.recv(1) != b"":
        raise RuntimeError("the server said something")
    return time.monotonic() - begun


def main():
    tally = Tally()
    trial = Lifecycle(tally)
    if "--postgres" in sys.argv:
        trial.database_away()
    else:
        with trial.tls():
            for step in (trial.stop_in_flight, trial.starts, trial.local_socket, trial.owned_by_another):
                with fresh_instance() as instance:
                    step(instance)
            trial.unprepared()
    tally.check("every answer and every line of the log", trial.broken)
    tally.finish(f"start and stop, {'PostgreSQL' if '--postgres' in sys.argv else 'SQLite'}")


if __name__ == "__main__":
    main()
