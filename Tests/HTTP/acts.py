"""What administrators may do to others, and for how long: the budget of their acts, sessions that end while a body is held
back, links whose issuer is none any more, forms that work once, and what counts as use."""

import contextlib
import json
import re
import socket
import sys
import threading
import urllib.parse

from pages import FORM, Client
from trial.instance import ADMIN
from trial.server import SECONDS, Server, fresh_instance
from trial.tally import Tally

NAME, _, PASSWORD = ADMIN
OLD, NEW = "harbour-Violet-31-anchor", "plume-Walnut-77-harbor"
ASK = {"SPAREKEY_CODE_DELIVERY": "inbox", "SPAREKEY_APPROVAL": "one", "SPAREKEY_PUBLIC_URL": "http://127.0.0.1"}
JSON = {"Content-Type": "application/json"}
RACERS = 12
SPENT = "UPDATE throttle SET count = 300 WHERE count = 1"


class Held:
    """A request whose body is held back: the head and its first byte are sent, the rest is not."""

    def __init__(self, server, method, path, body, headers):
        self.rest = body[1:].encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: {server.host}:{server.port}", f"Content-Length: {len(body)}",
                 "Connection: close", *(f"{name}: {value}" for name, value in headers.items())]
        self.connection = socket.create_connection((server.host, int(server.port)), timeout=SECONDS)
        self.connection.sendall("\r\n".join([*lines, "", body[0]]).encode())

    def status(self):
        """Sends the rest; the status of the answer."""
        received = b""
        with contextlib.closing(self.connection):
            self.connection.sendall(self.rest)
            while piece := self.connection.recv(65536):
                received += piece
        return int(received.split(b" ", 2)[1])


class Acts:
    def __init__(self, server, tally):
        self.server, self.tally, self.instance = server, tally, server.instance
        self.ids = {name: key for name, key in server.sql("SELECT username, id FROM account")}

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def page(self, name=NAME, password=PASSWORD):
        """A browser that is signed in and holds the token of its forms."""
        client = Client(self.server)
        client.sign_in(name, password)
        client.get("/account")
        return client

    def account(self, name, columns="role, active, display_name"):
        return self.server.sql(f"SELECT {columns} FROM account WHERE username = '{name}'")

    def ask(self, name, number):
        self.server.call("POST", "/api/password-reset/request", {"username": name})
        self.server.wait_for(rb"requests approve %d\n" % number)

    def links(self):
        """A link ends with the right of who made it; a promotion later does not bring it back."""
        eve, ada, kim = self.server.token("eve", OLD), self.server.token(), self.ids["kim"]
        for change in ({"role": "user"}, {"active": False}):
            link = self.server.call("POST", f"/api/users/{kim}/reset-password", {"link": True}, token=eve).json["data"]
            self.server.secrets.add(link["token"])
            self.equal("changed", self.server.call("PATCH", f"/api/users/{self.ids['eve']}", change, token=ada).status, 200)
            wanted = self.server.call("POST", "/reset-password", {"token": "0" * 64, "new_password": NEW}).same()
            for _ in range(2):
                answer = self.server.call("POST", "/reset-password", {"token": link["token"], "new_password": NEW})
                self.equal(f"{change}: refused like any other", answer.same(), wanted)
                self.server.sql("UPDATE account SET role = 'admin', active = 1 WHERE username = 'eve'")
        self.equal("the old password stays", self.server.login("kim", OLD).status, 200)

    def made(self):
        return int(self.server.sql("SELECT (SELECT count(*) FROM audit WHERE row LIKE '%token.issued%') + "
                                   "(SELECT count(*) FROM reset WHERE state = 'done')")[0][0])



def main():
    tally = Tally()
    with fresh_instance("--postgres" in sys.argv, settings=ASK) as instance:
        for name, more in (("kim", ()), ("eve", ("--admin",))):
            instance.add(name, f"{name}@example.org", OLD, "--no-force-change", *more)
        with Server(instance, settings=ASK) as server:
            acts = Acts(server, tally)
            acts.kim = acts.account("kim")
            for step in (acts.links,):
                step()
    tally.check("every answer and every line of the log", server.broken)
    tally.finish("administrators' acts")


if __name__ == "__main__":
    sys.exit(main())
