"""With `server_url` a command tells a server elsewhere of a reset; whatever goes wrong there is a warning, and the reset stands
(FLF-2, FLF-3)."""

import contextlib
import json
import os
import socket
import subprocess
import time

from trial.impostor import Impostor, certificate, dribble, flood, silence, whole
from trial.instance import BINARY
from trial.server import FAKETIME, Server, fresh_instance
from trial.stored import Stored
from trial.tally import Tally

GRACE = ("grace", "grace@example.org", "harbour-Violet-31-anchor")
# How often, in all, a call may be made again that a busy machine has made late.
REPEATS = 5
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
WARNINGS = {
    "failed": ["could not be told", "The password was reset and sign-in works now", "sync works within 10 seconds if"],
    "database": ["it uses another database", "The password was reset in this one", "point the server at it and restart it"],
    "key": ["did not accept this instance's key", "The password was reset in this database", "start that server with"],
}
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
# How it answers, which warning that draws, and the words for the cause.
ANSWERS = {
    "an error": (whole("500 Internal Server Error"), "failed", "answered 500"),
    "overloaded": (whole("503 Service Unavailable"), "failed", "answered 503"),
    "another success": (whole("204 No Content").replace(b"Content-Length: 2\r\n", b"")[:-2], "failed", "answered 204"),
    "not allowed": (whole("403 Forbidden"), "failed", "answered 403"),
    "another key": (whole("401 Unauthorized"), "key", ""),
    "another database": (whole("404 Not Found"), "database", ""),
    "silence": (silence, "failed", "within 2 seconds"),
    "a head dribbled for ever": (dribble(b"HTTP/1.1 200 OK\r\nX: "), "failed", "within 2 seconds"),
    "a body dribbled for ever": (dribble(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"), "failed", "within 2 seconds"),
    "chunks dribbled for ever": (dribble(CHUNKED + b"ffff\r\n"), "failed", "within 2 seconds"),
    "a body without end": (dribble(b"HTTP/1.1 200 OK\r\n\r\n"), "failed", "within 2 seconds"),
    "a wait without end": (lambda each: (each.sendall(b"HTTP/1.1 100 Continue\r\n\r\n"), silence(each)), "failed",
                           "within 2 seconds"),
    "a flood": (flood, "failed", "answers more than it should"),
    "half an answer": (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "failed", "is not understood"),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", "failed", "is not understood"),
    "nothing": (b"", "failed", "without an answer"),
}


class ByAddress:
    def __init__(self, tally, instance):
        self.tally, self.instance, self.count, self.repeated = tally, instance, 0, 0

    def reset(self, url, trusted=None):
        """Resets with `server_url`; the password, and what the command answered. `trusted` are this machine's authorities."""
        self.count += 1
        password = f"meadow-Copper-{self.count:03}-signal"
        command = [BINARY, "reset-password", "grace", "--no-force-change", "--password-stdin", "--json"]
        if trusted:
            command = ["unshare", "-m", "sh", "-c", 'mount --bind "$0" "$1" && shift && exec "$@"', trusted, AUTHORITIES, *command]
        done = subprocess.run(command, env={**self.instance.environment(), "SPAREKEY_SERVER_URL": url}, cwd="/",
                              input=password + "\n", capture_output=True, text=True, timeout=300)
        return password, done

    def warned(self, name, url, kind, why="", trusted=None):
        """A warning that says what works and what does not yet, status 0, and the new password stands."""
        password, done = self.reset(url, trusted)
        # A machine that had no time for two seconds is no answer.
        while "within 2 seconds" in done.stderr and why != "within 2 seconds" and self.repeated < REPEATS:
            self.repeated += 1
            password, done = self.reset(url, trusted)
        problems = [f"it ended with {done.returncode}: {done.stderr}"] if done.returncode else []
        told = json.loads(done.stdout) if not problems else {"refreshed": None, "warnings": []}
        problems += [] if told["refreshed"] is False else [f"refreshed is {told['refreshed']}"]
        problems += [f"no '{words}' in: {done.stderr}" for words in [*WARNINGS[kind], why] if words not in done.stderr]
        problems += [] if any(WARNINGS[kind][0] in each for each in told["warnings"]) else ["the document does not warn"]
        self.tally.check(name, problems + self.stands(password))

    def refreshed(self, name, url, trusted=None):
        password, done = self.reset(url, trusted)
        while "within 2 seconds" in done.stderr and self.repeated < REPEATS:
            self.repeated += 1
            password, done = self.reset(url, trusted)
        said = "In-memory credentials refreshed: sync works immediately" in done.stderr
        self.tally.check(name, ([] if done.returncode == 0 and said and json.loads(done.stdout)["refreshed"] is True
                                else [f"{done.returncode}: {done.stderr}"]) + self.stands(password))

    def stands(self, password):
        works, problems = Stored(self.instance).working("grace", [password])
        return problems + ([] if works else ["the new password does not work"])

    def answers(self):
        for name, (answer, kind, why) in ANSWERS.items():
            with Impostor(answer) as impostor:
                before = self.count
                self.warned(name, f"http://127.0.0.1:{impostor.port}", kind, why)
                self.tally.check(f"{name}: called once", [] if impostor.callers == self.count - before else [
                    f"{impostor.callers} times"])

    def in_time(self):
        """A caller that is kept waiting gives up after two seconds, not before, and not long after."""
        for _ in range(REPEATS):
            silent, at_once = self.seconds(silence), self.seconds(whole("200 OK"))
            if silent - at_once < 4 + at_once:
                break
        self.tally.check("2 seconds are waited", [] if 2 < silent < 4 + 2 * at_once else [f"{silent:.2f} s, else {at_once:.2f} s"])

    def seconds(self, answer):
        """How long a reset takes that is answered so."""
        with Impostor(answer) as impostor:
            begun = time.monotonic()
            self.reset(f"http://127.0.0.1:{impostor.port}")
            return time.monotonic() - begun

    def redirects(self):
        for status in ("301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"):
            with Impostor(whole("200 OK")) as there:
                with Impostor(whole(status, f"Location: http://127.0.0.1:{there.port}/\r\n")) as here:
                    self.warned(status, f"http://127.0.0.1:{here.port}", "failed", "sends callers elsewhere")
                self.tally.check(f"{status} is not followed", ["it was"] if there.callers else [])

    def nobody(self):
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            self.warned("refused", f"http://127.0.0.1:{bound.getsockname()[1]}", "failed", "nobody answers at")
        self.warned("a name that nobody has", "https://sparekey.invalid", "failed")

    def settings(self):
        """A reset is not begun with an address that the call could be read on the way to."""
        for url in ("http://192.0.2.7:8080", "http://sparekey.example.org", "http://localhost.example.org", "sparekey"):
            before = Stored(self.instance).account("grace")
            _, done = self.reset(url)
            said = "server_url: expected https://, or http:// to this machine itself" in done.stderr and '"hint"' in done.stderr
            unchanged = Stored(self.instance).account("grace") == before
            self.tally.check(f"{url} is refused", [] if done.returncode == 78 and said and unchanged else [done.stderr])

    def real(self):
        """The server itself, at its address and not by its socket; on another database; of another instance."""
        with Server(self.instance) as server:
            (self.instance.folder / "sparekey.sock").unlink()
            self.refreshed("by address", server.address)
            self.refreshed("by name", f"http://localhost:{server.port}/")
            self.warned("TLS where there is none", f"https://127.0.0.1:{server.port}", "failed", "no encrypted connection")
        self.tally.check("the server itself", server.broken)
        with Server(self.instance, settings={"SPAREKEY_DATABASE": str(self.instance.folder / "other.db")}) as server:
            self.warned("a server on another database", server.address, "database")
        with fresh_instance(settings={"SPAREKEY_SYNC_KEYS": "true"}) as other, Server(other) as server:
            self.warned("another instance's server", server.address, "key")
        with Server(self.instance), Impostor(whole("500 Internal Server Error")) as impostor:
            self.warned("the socket is not asked", f"http://127.0.0.1:{impostor.port}", "failed", "answered 500")

    def certificates(self, folder):
        good = certificate(folder, "good", "IP:127.0.0.1,DNS:localhost")
        with Server(self.instance, {"SPAREKEY_TLS_CERTIFICATE": good[0], "SPAREKEY_TLS_KEY": good[1]}) as server:
            self.refreshed("a trusted certificate, by address", server.address, trusted=good[0])
            self.refreshed("a trusted certificate, by name", f"https://localhost:{server.port}", trusted=good[0])
            self.warned("one that nobody vouches for", server.address, "failed", "does not trust the certificate")
        past = {**os.environ, "LD_PRELOAD": FAKETIME, "FAKETIME": "2020-01-01 00:00:00"}
        for name, names, environment, why in (
                ("of another name", "DNS:files.example.org", None, "is for another name"),
                ("of another address", "IP:127.0.0.2", None, "is for another name"),
                ("expired", "IP:127.0.0.1", past, "does not trust the certificate")):
            bad = certificate(folder, name.replace(" ", "-"), names, environment)
            with Impostor(whole("200 OK"), certificate=bad) as impostor:
                self.warned(f"a trusted certificate, {name}", f"https://127.0.0.1:{impostor.port}", "failed", why, trusted=bad[0])
            self.tally.check(f"{name}: nothing was sent", [repr(impostor.received)] if impostor.received else [])


def main():
    tally = Tally()
    with contextlib.ExitStack() as stack:
        instance = stack.enter_context(fresh_instance(settings={"SPAREKEY_SYNC_KEYS": "true"}))
        instance.add(*GRACE, "--no-force-change")
        case = ByAddress(tally, instance)
        case.answers()
        case.in_time()
        case.redirects()
        case.nobody()
        case.settings()
        case.real()
        case.certificates(instance.folder.parent)
    tally.finish("server_url")


if __name__ == "__main__":
    main()
