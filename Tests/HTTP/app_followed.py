"""A server without an account of its own that lets a program's people recover: one that is attached while it runs is there at
the next request, one that is removed is gone, and a settings file that cannot be read changes nothing. What a reset could not
tell the program is in the server's log."""

import socket

from trial.program import SQLite, fixture
from trial.server import Server, fresh_instance
from trial.tally import Tally

REQUEST, RESET = "/api/password-reset/request", "/api/password-reset/reset"
NEW, SECRET = "harbour-Violet-31-anchor", "moss-Lantern-71-anchor"


def unused():
    """An address of this machine where nobody answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}/refresh"


class Trial:
    def __init__(self, instance, server, tally):
        self.instance, self.server, self.tally = instance, server, tally
        self.place = instance.folder.parent / "programs"
        self.place.mkdir()
        SQLite(self.place / "cards.db").load(fixture("flashcard-flow"))
        (self.place / "secret").write_text(SECRET + "\n")
        (self.place / "secret").chmod(0o600)
        server.secrets |= {NEW, SECRET}

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def page(self, path):
        answer = self.server.call("GET", path)
        return answer.status, answer.header("location")

    def ask(self):
        return self.server.call("POST", REQUEST, {"username": "ada", "app": "cards"}).status

    def attach(self):
        self.instance.must("apps", "add", "cards", "--database", str(self.place / "cards.db"), "--yes",
                           "--secret", f"jwt-secret={self.place / 'secret'}", "--hook", f"refresh={unused()}")

    def followed(self):
        self.equal("before it is attached", (self.page("/forgot-password/cards")[0], self.ask()), (404, 404))
        self.attach()
        self.equal("its page, while nobody is set up", self.page("/forgot-password/cards"), (200, None))
        self.equal("and the page of own accounts leads to set-up", self.page("/forgot-password"), (303, "/setup"))
        self.equal("and the sign-in", self.page("/login"), (303, "/setup"))
        self.equal("a request", self.ask(), 200)

    def told(self):
        answer = self.server.call("POST", RESET, {
            "username": "ada", "code": self.server.code("ada"), "newPassword": NEW, "app": "cards"})
        self.equal("a reset", answer.status, 200)
        lines = self.server.wait_for(rb"a password was reset in cards, and its hook refresh could not be called: [^\"]*nobody answers")
        self.equal("its hook failed, and the log says so once", len(lines), 1)
        self.equal("and nothing of it in the answer", b"hook" in answer.body, False)

    def broken(self):
        settings = self.instance.folder / "sparekey.yaml"
        whole = settings.read_bytes()
        settings.write_bytes(whole + b"apps: [\n")
        self.equal("a settings file that cannot be read", self.ask(), 200)
        self.server.wait_for(rb"the settings file was changed and cannot be used, the apps stay as they were: ")
        settings.write_bytes(whole)
        self.equal("and is right again", self.ask(), 200)
        self.instance.must("apps", "remove", "cards", "--yes")
        self.equal("once it is removed", (self.page("/forgot-password/cards")[0], self.ask()), (404, 404))
        self.attach()
        self.equal("and attached again", self.ask(), 200)


def main():
    tally = Tally()
    with fresh_instance(settings={"SPAREKEY_POLICY": "basic"}, prepared=False) as instance, Server(instance) as server:
        trial = Trial(instance, server, tally)
        for part in (trial.followed, trial.told, trial.broken):
            part()
    tally.check("every answer and every line of the log", server.broken)
    tally.finish("programs attached while the server runs")


if __name__ == "__main__":
    main()
