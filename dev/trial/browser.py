"""A person at a browser: Debian's chromium by playwright, held to what every page must keep to.

    with Browsers() as browsers, browsers.person(server) as ada:
        ada.sign_in("ada", PASSWORD)
        ada.page.click(...)

Each page that a person comes to is judged at once: headers, accessibility in light and dark, nothing from another origin,
nothing on the console. `Browsers.broken` holds what was wrong; check it at the end."""

import contextlib
import importlib.resources
import os
import pathlib
import urllib.parse

from playwright.sync_api import Error, sync_playwright
from trial import tally, witness

CHROMIUM = "/usr/bin/chromium"
AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
POLICY = ("default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
          "base-uri 'none'; frame-ancestors 'none'")
HEADERS = {"content-security-policy": POLICY, "referrer-policy": "no-referrer", "x-content-type-options": "nosniff",
           "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin"}
NARROW, WIDE = {"width": 320, "height": 720}, {"width": 1280, "height": 900}
# Milliseconds for anything that a person waits for: the machine may be slow and busy.
PATIENCE = 120_000
# Where screenshots go, for somebody to look at; none are made without it.
SHOTS = os.environ.get("SPAREKEY_SCREENSHOTS")


class Browsers:
    """One chromium, and a fresh profile of it for each person."""

    def __init__(self):
        self.broken, self.people, self.told = [], [], None

    def __enter__(self):
        tally.witnesses.append(self._tell)
        self.playwright = sync_playwright().start()
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.chromium = self.playwright.chromium.launch(executable_path=CHROMIUM, args=arguments, timeout=PATIENCE)
        return self

    def __exit__(self, *_):
        tally.witnesses.remove(self._tell)
        self.chromium.close()
        self.playwright.stop()

    @contextlib.contextmanager
    def person(self, server, scripts=True, **options):
        """A fresh profile, at 1280 px; `scripts=False` is a browser without JavaScript."""
        context = self.chromium.new_context(base_url=server.address, java_script_enabled=scripts, viewport=WIDE,
                                            reduced_motion="reduce", **options)
        context.set_default_timeout(PATIENCE)
        self.people.append(Person(context, server, self.broken, scripts))
        try:
            yield self.people[-1]
        except Exception as error:
            if error is not self.told:
                self._tell()
            self.told = error
            raise
        finally:
            self.people.pop()
            context.close()

    def _tell(self):
        witness.tell(self.people)


class Person:
    def __init__(self, context, server, broken, scripts):
        self.context, self.server, self.broken, self.scripts = context, server, broken, scripts
        self.page = context.new_page()
        self.said = []
        self.page.on("response", self._response)
        self.page.on("request", self._request)
        self.page.on("console", lambda message: self._console(message))
        self.page.on("pageerror", lambda error: self._failed(error))

    @property
    def path(self):
        return urllib.parse.urlsplit(self.page.url).path

    @property
    def text(self):
        return self.page.inner_text("body")

    def open(self, path):
        """Goes there and judges what came; returns the status."""
        return self.page.goto(path).status

    def fill(self, **fields):
        """Types into the fields of those labels' ids, `_` standing for `-`."""
        for name, value in fields.items():
            self.page.fill(f"#{name.replace('_', '-')}", value)

    def press(self, text):
        """The first button or link of that text; waits for the page that follows."""
        with self.page.expect_navigation():
            self.page.locator("button, a", has_text=text).first.click()

    def sign_in(self, name, password):
        self.server.secrets.add(password)
        self.open("/login")
        self.fill(username=name, password=password)
        self.press("Sign in")

    def cookies(self):
        return {cookie["name"]: cookie for cookie in self.context.cookies()}

    def look(self, name):
        """Axe in light and dark, no sideways scrolling at 320 px, and screenshots where they are asked for."""
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            for width, size in ((320, NARROW), (1280, WIDE)):
                self.page.set_viewport_size(size)
                if SHOTS:
                    self.page.screenshot(path=pathlib.Path(SHOTS, f"{name}-{scheme}-{width}.png"), full_page=True)
                if self.scripts:
                    self._judge(f"{name}, {scheme}, {width} px")

    def _judge(self, where):
        # By the debugger's own world: the page's policy forbids scripts of strangers, ours too.
        self.page.evaluate(AXE + "; undefined")
        judged = self.page.evaluate("axe.run(document)")
        found = judged["violations"]
        if len(judged["passes"]) < 10:
            self.broken.append(f"{where}: axe judged almost nothing")
        self.broken += [f"{where}: {each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]
        if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            self.broken.append(f"{where}: it scrolls sideways")

    def _request(self, request):
        if not request.url.startswith((self.server.address + "/", "data:")):
            self.broken.append(f"a request left the origin: {request.url}")

    def _response(self, response):
        path, headers = urllib.parse.urlsplit(response.url).path, response.headers
        wanted = dict(HEADERS)
        if path.startswith("/assets/"):
            wanted |= {"cache-control": "public, max-age=31536000, immutable",
                       "content-security-policy": "default-src 'none'; frame-ancestors 'none'"}
        else:
            wanted |= {"cache-control": "no-store"}
            if not headers.get("content-type", "").startswith("text/html"):
                del wanted["content-security-policy"]
        self.broken += [f"{path}: {name} is {headers.get(name)!r}" for name, value in wanted.items()
                        if headers.get(name) != value]
        if "content-disposition" in headers:
            return  # chromium tells no more of a download
        try:
            cookies = response.header_values("set-cookie")
        except Error:
            return  # the person has closed the page meanwhile
        for line in cookies:
            if not all(part in line for part in ("; HttpOnly", "; SameSite=Lax", "; Path=/")):
                self.broken.append(f"{path}: a cookie without its attributes: {line.split('=')[0]}")

    def _failed(self, error):
        self.said.append(f"failed: {error}")
        self.broken.append(f"a script failed at {self.path}: {error}")

    def _console(self, message):
        self.said.append(f"{message.type}: {message.text}")
        # Chromium notes refusals that the person was meant to meet.
        if message.type in ("error", "warning") and "the server responded with a status of" not in message.text:
            self.broken.append(f"the console at {self.path}: {message.text}")
