"""Whoever takes the server's place while it is down learns no secret from a reset, and can do nothing with what was recorded
but have the same account read anew, for a minute (SEC-13)."""

import base64
import hashlib
import hmac
import json
import secrets
import socket
import subprocess
import sys
import time

from trial.impostor import Impostor, whole
from trial.instance import BINARY
from trial.server import SECONDS, Clock, Server, fresh_instance
from trial.tally import Tally

GRACE = ("grace", "grace@example.org", "harbour-Violet-31-anchor")
NEW, NEWER, NEWEST = "meadow-Copper-74-signal", "window-Saffron-19-ladder", "orchard-Indigo-62-kettle"
PATH = "/api/admin/refresh-user"
STRANGER = 4243
# Another user's process that listens at a path in a folder it could not enter: the strongest squatter of a socket.
LISTEN = """import os, socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
os.setresuid(4243, 4243, 4243)
listener.listen()
print("listening", flush=True)
connection, _ = listener.accept()
connection.settimeout(120)
received = b""
while piece := connection.recv(4096):
    received += piece
print(len(received), flush=True)
"""


def secrets_of(instance):
    """Every secret that there is in this instance, by name, as bytes."""
    key = bytes.fromhex((instance.folder / "instance.key").read_text())
    found = {"instance key": key, "bearer secret": instance.settings["SPAREKEY_SECRET"].encode()}
    extracted = hmac.digest(bytes(32), key, "sha256")
    for purpose in ("token", "code", "seal", "sync", "audit", "csrf", "refresh", "check", "witness", "throttle", "device"):
        found[f"sub-key {purpose}"] = hmac.digest(extracted, f"sparekey/1/{purpose}".encode() + b"\x01", "sha256")
    for password in (GRACE[2], NEW, NEWER, NEWEST):
        sync_key = hashlib.sha1(f"grace:{password}".encode())
        mac = hmac.digest(found["sub-key sync"], sync_key.hexdigest().encode(), "sha256")
        found |= {f"password {password}": password.encode(), f"sync key of {password}": sync_key.digest(),
                  f"stored sync key of {password}": mac}
    return found


def leaks(received, instance):
    lower = received.lower()
    return [f"{name} ({form})" for name, secret in secrets_of(instance).items() for form, needle, where in (
        ("raw", secret, received), ("hex", secret.hex().encode(), lower),
        ("Base64", base64.b64encode(secret).rstrip(b"=")[:-1], received),
        ("Base64 (URL)", base64.urlsafe_b64encode(secret).rstrip(b"=")[:-1], received)) if needle in where]


def recorded(impostor, instance):
    """Something was said, it was the call, and no secret was in it."""
    problems = [] if PATH.encode() in impostor.received else [f"the call did not come: {impostor.received!r}"]
    return problems + leaks(impostor.received, instance)


def finds(instance):
    """The search itself: it finds every secret in every form."""
    missed = [f"{name} ({form})" for name, secret in secrets_of(instance).items() for form, text in (
        ("raw", secret), ("hex", secret.hex().upper().encode()), ("Base64", base64.b64encode(secret)),
        ("Base64 (URL)", base64.urlsafe_b64encode(secret))) if not leaks(b"x: " + text + b"\r\n", instance)]
    return missed


class Squatters:
    def __init__(self, tally, instance):
        self.tally, self.instance = tally, instance

    def reset(self, password, url=None):
        settings = {"SPAREKEY_SERVER_URL": url} if url else {}
        done = subprocess.run(
            [BINARY, "reset-password", "grace", "--no-force-change", "--password-stdin"],
            env={**self.instance.environment(), **settings}, cwd="/", input=password + "\n", capture_output=True, text=True,
            timeout=SECONDS)
        if done.returncode:
            raise RuntimeError(f"the reset ended with {done.returncode}: {done.stderr}")
        return done.stderr

    def port(self, server):
        """The address of a server that is down, whatever the squatter answers. Undo makes the same call. The call, as recorded."""
        squatted = socket.create_server(("127.0.0.1", int(server.port)))
        with Impostor(whole("200 OK"), squatted) as impostor:
            said = self.reset(NEW, server.address)
            self.tally.check("a squatter of the port", recorded(impostor, self.instance))
            impostor.received = b""
            number = said.split("reset=")[1].split()[0]
            self.instance.settings["SPAREKEY_SERVER_URL"] = server.address
            self.instance.must("undo", number)
            self.tally.check("a squatter of the port, at undo", recorded(impostor, self.instance))
            impostor.received = b""
            # A wish for more: a challenge that asks for other credentials is not answered.
            impostor._answer = lambda each: each.sendall(whole("401 Unauthorized", "WWW-Authenticate: Basic\r\n"))
            said = self.reset(NEW)
            self.tally.check("a squatter that asks for a password", recorded(impostor, self.instance) + (
                [] if "did not accept this instance's key" in said else [said]))
            del self.instance.settings["SPAREKEY_SERVER_URL"]
            return impostor.received

    def path(self):
        """The socket's path: of the own user, who could read the key file anyway, and of another."""
        path = self.instance.folder / "sparekey.sock"
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()
        with Impostor(whole("200 OK"), listener) as impostor:
            self.reset(NEWER)
            self.tally.check("a squatter of the socket", recorded(impostor, self.instance))
        path.unlink()
        stranger = subprocess.Popen([sys.executable, "-c", LISTEN, str(path)], stdout=subprocess.PIPE, text=True)
        stranger.stdout.readline()
        said = self.reset(NEWEST)
        received = stranger.communicate(timeout=SECONDS)[0].strip()
        self.tally.check("another user's socket", ([] if received == "0" else [f"{received} bytes were sent"]) + (
            [] if f"runs as another user ({STRANGER})" in said and "could not be told" in said else [said]))
        path.unlink()

    def replay(self, call):
        """What a recorded call is good for: the same refresh at this instance, within a minute. `call` is as it was sent."""
        head, body = call.split(b"\r\n\r\n", 1)
        header = next(line.split(b": ", 1)[1].decode() for line in head.split(b"\r\n") if line.lower().startswith(b"authorization"))
        signed = {"Authorization": header}
        stamp = header.split(" ")[1].split(":")[0]
        clock = Clock(self.instance.folder)
        # A slow machine has used up the minute by now: the server's clock stands where the call was made.
        clock.set(int(stamp) - int(time.time()))
        with Server(self.instance, clock=clock) as server:
            ada = server.sql("SELECT id FROM account WHERE username = 'ada'")[0][0]
            before = self.state(server)
            same = server.call("POST", PATH, body, headers=signed).status
            self.equal("played again at once it refreshes again", (same, self.state(server)), (200, before))
            other = json.dumps({"userId": ada})
            self.equal("not for another account", server.call("POST", PATH, other, headers=signed).status, 401)
            self.equal("not with a body that means the same", server.call("POST", PATH, body + b" ", headers=signed).status, 401)
            for method, path in (("GET", "/api/users"), ("GET", "/api/audit"), ("GET", "/metrics"), ("GET", "/api/sync/whoami")):
                self.equal(f"not for {path}", server.call(method, path, headers=signed).status, 401)
            moved = {"Authorization": header.replace(stamp, str(int(stamp) + 60))}
            self.equal("not under another time", server.call("POST", PATH, body, headers=moved).status, 401)
            clock.set(3600)
            self.equal("not after its minute", server.call("POST", PATH, body, headers=signed).status, 401)
            self.equal("nothing came of all that", self.state(server), before)
        self.tally.check("the server that was played to", server.broken)
        with fresh_instance(settings=self.instance.settings) as other, Server(other) as server:
            self.equal("not at another instance", server.call("POST", PATH, body, headers=signed).status, 401)

    def state(self, server):
        """What stands in the database, and whose key lives."""
        key = hashlib.sha1(f"grace:{NEWEST}".encode()).hexdigest()
        tables = [server.sql(f"SELECT * FROM {table} ORDER BY 1") for table in ("account", "sync_credential", "session", "audit")]
        return tables, server.call("GET", "/api/sync/whoami", token=key).status

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])


def main():
    tally = Tally()
    settings = {"SPAREKEY_SYNC_KEYS": "true", "SPAREKEY_SECRET": secrets.token_hex(32)}
    with fresh_instance(settings=settings) as instance:
        instance.add(*GRACE, "--no-force-change")
        tally.check("the search finds what there is", finds(instance))
        with Server(instance) as server:
            server.call("POST", "/api/sync/host-key", {"username": "grace", "password": GRACE[2]})
        squatters = Squatters(tally, instance)
        call = squatters.port(server)
        squatters.path()
        squatters.replay(call)
    tally.finish("squatters")


if __name__ == "__main__":
    main()
