"""Anki's own sync server, running: it takes a password whose hash `sparekey hash make` made, as Docs/by-hand.md says, and
refuses the one before; other people's devices notice nothing of it."""

import contextlib
import os
import re
import subprocess
import sys

from anki.collection import Collection
from anki.errors import SyncError

from trial.instance import discard, fresh_folder
from trial.operator import Operator
from trial.tally import Tally

OLD = "harbour-Violet-31-anchor"
NEW = "meadow-Copper-74-signal"
FIRST = "lantern-Copper-12-grace"


class Server:
    """Its accounts are variables, which it reads once."""

    def __init__(self, folder, users):
        folder.mkdir()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "anki.syncserver"], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, start_new_session=True,
            env={"PATH": "/usr/bin:/bin", "SYNC_HOST": "127.0.0.1", "SYNC_PORT": "0", "SYNC_BASE": str(folder),
                 "PASSWORDS_HASHED": "1", "NO_COLOR": "1"} | {
                     f"SYNC_USER{number}": f"{name}:{stored}" for number, (name, stored) in enumerate(users.items(), 1)})
        self.url = self._listening()

    def _listening(self):
        said = []
        for line in self.process.stdout:
            said.append(line)
            if found := re.search(r"listening.*?(127\.0\.0\.1:\d+)", re.sub(r"\x1b\[[0-9;]*m", "", line)):
                return f"http://{found[1]}/"
        raise RuntimeError(f"the server ended with {self.process.wait()}:\n{''.join(said)}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


def made(operator, password):
    answer = operator.sparekey("hash", "make", "--format", "pbkdf2-sha256", "--password-stdin", password=password)
    if answer.status:
        raise RuntimeError(f"hash make ended with {answer.status}: {answer.err}")
    return answer.out.strip()


def key(device, server, name, password):
    """What a device keeps once it is in, by Anki's own client; nothing where it is refused."""
    try:
        return device.sync_login(name, password, server.url).hkey
    except SyncError as error:
        if "incorrect" not in str(error):
            raise
        return None


def main():
    os.environ["NO_PROXY"] = "127.0.0.1"
    tally, folder = Tally(), fresh_folder()
    operator = Operator(folder / "data")
    try:
        with contextlib.closing(Collection(str(folder / "device.anki2"))) as device:
            grace = made(operator, FIRST)
            with Server(folder / "before", {"grace": grace, "ada": made(operator, OLD)}) as server:
                kept = key(device, server, "grace", FIRST)
                tally.check("before", [] if key(device, server, "ada", OLD) and kept else ["the right password is refused"])
            with Server(folder / "after", {"grace": grace, "ada": made(operator, NEW)}) as server:
                tally.check("the new password enters", [] if key(device, server, "ada", NEW) else ["it is refused"])
                tally.check("the old one does not", ["it does"] if key(device, server, "ada", OLD) else [])
                tally.check("another's devices notice nothing", [] if kept and key(device, server, "grace", FIRST) == kept else [
                    "their key is another one"])
    finally:
        discard(folder)
    tally.finish("Anki's own sync server")


if __name__ == "__main__":
    main()
