"""What a failed walk looked like, for whoever reads the log of a machine that they cannot look at: where each person was, a
picture, the page and the console. Nothing that was shown once, and no secret."""

import functools
import itertools
import os
import pathlib
import re
import sys
import tempfile

from playwright.sync_api import Error

# Characters of a page.
MOST = 2_000
COUNT = itertools.count(1)
SHOWN_ONCE = ".secret, .code"
# The page without what was typed, shown once or sent along, on as few lines as it has words in them.
PAGE = """(shown) => {
  const page = document.body.cloneNode(true);
  page.querySelectorAll(shown).forEach((each) => each.replaceChildren("***"));
  page.querySelectorAll("input").forEach((each) => each.removeAttribute("value"));
  page.querySelectorAll("script, svg").forEach((each) => each.remove());
  return (page.querySelector("dialog[open]") ?? page.querySelector("main") ?? page).outerHTML.replace(/\\s+/g, " ");
}"""


def hidden(text, secrets):
    """Without the secrets, and without what looks like a code or a token."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return re.sub(r"\b\d{3}[ -]?\d{3}\b|[0-9A-Za-z_-]{32,}", "***", text)


@functools.cache
def folder():
    return pathlib.Path(os.environ.get("SPAREKEY_SCREENSHOTS") or tempfile.mkdtemp(prefix="sparekey-failed-"))


def picture(page, number):
    path = folder() / f"failed-{os.getpid()}-{next(COUNT)}-{number}.png"
    page.screenshot(path=path, full_page=True, mask=[page.locator(SHOWN_ONCE)], timeout=10_000)
    return path


def tell(people):
    """Writes to standard error what each of them sees."""
    for number, person in enumerate(people, 1):
        secrets = person.server.secrets
        lines = [f"person {number} is at {person.path}"]
        try:
            lines += [f"picture: {picture(person.page, number)}", f"page: {person.page.evaluate(PAGE, SHOWN_ONCE)[:MOST]}"]
        except (Error, OSError) as error:
            lines.append(f"no picture: {str(error)[:200]}")
        lines += [f"console: {said[:300]}" for said in person.said[-10:]]
        print("".join(f"    {hidden(line, secrets)}\n" for line in lines), end="", file=sys.stderr)
