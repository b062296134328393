"""The pages of self-service and of the first start from outside a browser: refused forms, one answer for every name, links of
the older kind, tokens that are over, and many set-ups at once."""

import re
import sys
import threading

from pages import HTML, Client
from trial.instance import ADMIN
from trial.server import Clock, Server, fresh_instance
from trial.tally import Tally

NAME, EMAIL, PASSWORD = ADMIN
OLD, NEW = "harbour-Violet-31-anchor", "plume-Walnut-77-harbor"
BOTH = {"new-password": NEW, "confirm-password": NEW}
PLAIN = {"SPAREKEY_PUBLIC_URL": "http://127.0.0.1"}
SETUP_LINK = rb"/setup#([0-9a-f]{64})\n"
ACCOUNT = {"email": EMAIL, "username": NAME, "display-name": "Ada", "domain": "files.example.org"}
RACERS = 64


class Trial:
    def __init__(self, server, tally):
        self.server, self.tally, self.instance = server, tally, server.instance
        server.secrets |= {OLD, NEW, PASSWORD}

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def add(self, name):
        self.instance.add(name, f"{name}@example.org", OLD, "--no-force-change")

    def token(self, name):
        token = re.search(r"\b[0-9a-f]{64}\b", self.instance.must("generate-reset-token", name, "--yes")[0])[0]
        self.server.secrets.add(token)
        return token

    def visitor(self, path):
        client = Client(self.server)
        client.get(path)
        return client

    def place(self, answer):
        return answer.status, answer.header("location")

    def forms(self):
        """SEC-5: no form without its token, or from elsewhere."""
        for path, fields in (("/forgot-password", {"username": NAME}), ("/forgot-password/code", {"username": NAME} | BOTH),
                             ("/reset-password/token", {"token": "0" * 64}), ("/reset-password", BOTH),
                             ("/setup/token", {"token": "0" * 64}), ("/setup", ACCOUNT | BOTH)):
            client = self.visitor("/login")
            self.equal(f"{path} without a token", client.post(path, csrf=None, **fields).status, 403)
            self.equal(f"{path} from elsewhere", client.post(path, headers={"Origin": "https://evil.example"}, **fields).status,
                       403)

    def names(self):
        """NEX-4: status, headers and body are the same for every name but the name itself."""
        self.add("kim")
        answers = set()
        for name in ("kim", "nul", "k@e", "", "kim\0", "x" * 5000):
            client = self.visitor("/forgot-password")
            answer = client.post("/forgot-password", username=name)
            kept = len(client.cookies.get("sparekey-forgot", "")) if len(name) == 3 else None
            answers.add((self.place(answer), kept, len(answer.body)) if len(name) == 3 else (self.place(answer), None, 0))
            page = client.get("/forgot-password/code").body.decode()
            self.equal(f"{name[:9]!r} is kept", f'value="{name}"' in page if len(name) == 3 else True, True)
        self.equal("one answer", len(answers), 2)
        code = self.server.code("kim")
        client = self.visitor("/forgot-password/code")
        wrong = "000000" if code != "000000" else "000001"
        pages = {re.sub(b"kim|nul", b"NAME", client.post("/forgot-password/code", username=name, code=wrong, **BOTH).body)
                 for name in ("kim", "nul")}
        self.equal("one refusal", len(pages), 1)
        for fields, status in ((BOTH | {"confirm-password": NEW[1:]}, 422), ({"new-password": "", "confirm-password": ""}, 422),
                               (BOTH, 303)):
            answer = client.post("/forgot-password/code", username="kim", code=f"{code[:3]}-{code[3:]} ", **fields)
            self.equal(f"{fields['confirm-password'][:3]!r}", answer.status, status)
        self.equal("once", client.post("/forgot-password/code", username="kim", code=code, **BOTH).status, 400)
        self.equal("and nobody is signed in", "sparekey" in client.cookies, False)

    def links(self):
        """SEC-14: `?token=` leads on at once, consumes nothing, and what is kept of it tells nothing."""
        self.add("lee")
        token = self.token("lee")
        client = Client(self.server)
        for method in ("HEAD", "GET", "GET"):
            answer = client.send(method, f"/reset-password?token={token}", headers=HTML)
            self.equal(f"{method} leads on", self.place(answer), (303, "/reset-password/new"))
        self.equal("sealed", token in client.cookies["sparekey-reset"], False)
        line = next(line for line in client.set if line.startswith("sparekey-reset="))
        self.equal("for minutes, not for scripts", [part for part in ("; HttpOnly", "; Max-Age=900", "; Path=/")
                                                    if part not in line], [])
        page = client.get("/reset-password/new").body.decode()
        self.equal("the page names the account, not the token", ("new password for lee<" in page, token in page), (True, False))
        step = re.search(r'name="step" value="([^"]*)"', page)[1]
        kept = client.cookies["sparekey-reset"]
        other_start = f"{int(kept[:2], 16) ^ 1:02x}"
        for mangled in ("", "0", kept[:-2], kept[2:], other_start + kept[2:], "z" * 200, kept * 3):
            client.cookies["sparekey-reset"] = mangled
            self.equal("a mangled cookie", client.post("/reset-password", step=step, **BOTH).status, 400)
            self.equal("has no step", self.place(client.get("/reset-password/new")), (303, "/reset-password"))
        other = Client(self.server)
        other.get("/login")
        other.cookies["sparekey-set-up"] = kept
        self.equal("nor does it open another", other.post("/setup", **ACCOUNT, **BOTH).status, 400)
        client.cookies["sparekey-reset"] = kept
        for fields, status in (({"new-password": "", "confirm-password": ""}, 422), (BOTH | {"confirm-password": ""}, 422),
                               (BOTH, 303)):
            answer = client.post("/reset-password", step=step, **fields)
            self.equal("the form", (answer.status, answer.header("location")), (status, "/login?done=password-reset" if status ==
                                                                               303 else None))
        client.cookies["sparekey-reset"] = kept
        bodies = {client.post("/reset-password", step=step, **BOTH).body}
        for text in (token, "0" * 64, token[:-1], "", "x" * 400, "#", "\0"):
            client = self.visitor("/reset-password")
            answer = client.post("/reset-password/token", token=text)
            self.equal(f"{text[:6]!r} is over", answer.status, 400)
            bodies.add(answer.body)
        self.equal("one page", len(bodies), 1)
        self.equal("the new one works", self.server.login("lee", NEW).status, 200)

    def another(self):
        """A stranger's link that is opened in between: nobody's password is set by a form that was shown for another."""
        names = ("ned", "mallory")
        for name in names:
            self.add(name)
        own, theirs = (self.token(name) for name in names)
        for opened in ("?token=", "#"):
            client = self.visitor("/reset-password")
            self.equal("one's own", client.post("/reset-password/token", token=own).status, 303)
            page = client.get("/reset-password/new").body.decode()
            self.equal("names its account", "new password for ned<" in page, True)
            step = re.search(r'name="step" value="([^"]*)"', page)[1]
            if opened == "#":
                client.post("/reset-password/token", token=theirs)
            else:
                client.get(f"/reset-password?token={theirs}")
            for sent in (step, None, "", "0" * 64):
                answer = client.post("/reset-password", step=sent, **BOTH)
                found = answer.status, b"new password for mallory<" in answer.body, b"Another link was opened" in answer.body
                self.equal(f"{opened}: the form of before", found, (409, True, True))
            self.equal("changed nothing", [self.server.login(name, OLD).status for name in names], [200, 200])
            step = re.search(rb'name="step" value="([^"]*)"', client.get("/reset-password/new").body)[1].decode()
            self.equal("a refused password", client.post("/reset-password", step=step, **BOTH | {"new-password": "x"}).status, 422)
        self.equal("who goes on does so knowingly", client.post("/reset-password", step=step, **BOTH).status, 303)
        self.equal("theirs", [self.server.login(name, NEW).status for name in names], [401, 200])
        client = Client(self.server)
        client.get(f"/reset-password?token=proved%0Aboss%0A{own}")
        self.equal("no name is made up", client.get("/reset-password/new").status, 400)
        client.get(f"/reset-password?token={own}%0Aboss")
        self.equal("in no place", client.get("/reset-password/new").status, 400)

    def over(self, clock):
        """A step that took too long, and a link after its hour."""
        self.add("max")
        token = self.token("max")
        client = self.visitor("/reset-password")
        self.equal("on", client.post("/reset-password/token", token=token).status, 303)
        clock.set(16 * 60)
        self.equal("after 16 minutes it starts again", self.place(client.get("/reset-password/new")), (303, "/reset-password"))
        self.equal("and goes on", client.post("/reset-password/token", token=token).status, 303)
        clock.set(61 * 60)
        client = self.visitor("/reset-password")
        self.equal("after an hour", client.post("/reset-password/token", token=token).status, 400)


def set_up(tally, postgres):
    broken, tokens = [], []
    with fresh_instance(postgres, settings=PLAIN, prepared=False) as instance:
        clock = Clock(instance.folder.parent)
        for number in range(2):
            clock.set(0)
            with Server(instance, clock=clock) as server:
                trial = Trial(server, tally)
                tokens.append(server.wait_for(SETUP_LINK)[0].decode())
                tally.check("not in the log", [] if tokens[-1].encode() not in b"".join(server.lines) else ["it is"])
                rows = repr(server.sql("SELECT * FROM sparekey_meta"))
                tally.check("not in the database", [] if tokens[-1] not in rows else ["it is"])
                if number:
                    trial.equal("void after a restart", begin(server, tokens[0])[1], 400)
                client, status = begin(server, tokens[-1])
                trial.equal("the printed one", status, 303)
                clock.set(61 * 60)
                trial.equal("void after an hour", begin(server, tokens[-1])[1], 400)
                clock.set(0)
                if number:
                    race(trial, server, tokens[-1])
            broken += server.broken
        with Server(instance) as server:
            trial = Trial(server, tally)
            trial.equal("no link any more", re.findall(SETUP_LINK, b"".join(server.box)), [])
            server.sql("DELETE FROM account")
            broken += server.broken
        with Server(instance) as server:
            trial.equal("nor where an account was", re.findall(SETUP_LINK, b"".join(server.box)), [])
        broken += server.broken
    with fresh_instance(postgres, settings=PLAIN, prepared=False) as instance:
        with Server(instance) as server:
            token = server.wait_for(SETUP_LINK)[0].decode()
            client, _ = begin(server, token)
            instance.set_up()
            answer = client.post("/setup", **ACCOUNT, **BOTH)
            tally.check("void as soon as an account exists", [] if answer.status == 400 else [f"{answer.status}"])
        broken += server.broken
        for settings in ({"SPAREKEY_CODE_DELIVERY": "inbox"},):
            with fresh_instance(postgres, settings=PLAIN | settings, prepared=False) as other, Server(other) as server:
                tally.check("no link where codes are not shown", re.findall(SETUP_LINK, b"".join(server.box)))
            broken += server.broken
    return broken


def begin(server, token):
    client = Client(server)
    client.get("/setup")
    return client, client.post("/setup/token", token=token).status


def race(trial, server, token):
    """Many browsers that hold the link send the form at once."""
    clients = [begin(server, token)[0] for _ in range(RACERS)]
    gate, answers = threading.Barrier(RACERS), []

    def post(number, client):
        gate.wait()
        answers.append(client.post("/setup", **ACCOUNT | {"username": f"ada{number}", "email": f"a{number}@example.org"},
                                   **BOTH).status)

    racers = [threading.Thread(target=post, args=pair) for pair in enumerate(clients)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    # On a busy machine some are told to come again: they made no account either.
    server.broken = [line for line in server.broken if not line.endswith("POST /setup: status 503")]
    trial.equal("one set-up of many", (len(answers), set(answers) - {303, 400, 503}), (RACERS, set()))
    trial.equal("one administrator", (answers.count(303), len(server.sql("SELECT id FROM account"))), (1, 1))


def main():
    tally = Tally()
    postgres = "--postgres" in sys.argv
    broken = []
    with fresh_instance(postgres, settings=PLAIN) as instance:
        clock = Clock(instance.folder.parent)
        with Server(instance, clock=clock) as server:
            trial = Trial(server, tally)
            for step in (trial.forms, trial.names, trial.links, trial.another):
                step()
            trial.over(clock)
        broken += server.broken
    broken += set_up(tally, postgres)
    tally.check("every answer and every line of the log", broken)
    tally.finish(f"self-service, {'PostgreSQL' if postgres else 'SQLite'}")


if __name__ == "__main__":
    main()
