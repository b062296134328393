"""A machine of its own for the length of a test: /var/lib/sparekey, port 8080 and all processes are private, so that commands
run as a page of Docs/ prints them. Needs root, as the transcripts in a bare root do."""

import os
import re
import shutil

from trial.instance import BINARY, discard, fresh_folder
from trial.terminal import KEYS, Terminal

DATA = "/var/lib/sparekey"
LOG = "/var/log/sparekey.log"
# What a machine has around the program and a test has not: a service manager, its journal, a container, another host.
AROUND = f"""
systemctl() {{
    if [ "$1" = stop ]; then
        kill "$server" && while kill -0 "$server" 2> /dev/null; do :; done
    else
        : > {LOG}
        sparekey serve < /dev/null >> {LOG} 2>&1 & server=$!
        disown "$server"
        until grep -q '"message":"listening"' {LOG}; do kill -0 "$server" || return; done
    fi
}}
journalctl() {{ cat {LOG}; }}
docker() {{
    case "$1" in
        exec) shift; while [ "${{1#-}}" != "$1" ]; do shift; done; shift; "$@" ;;
        logs) cat {LOG} ;;
    esac
}}
ssh() {{ while [ "${{1#-}}" != "$1" ]; do shift; done; shift; "$@"; }}
logger() {{ cat >> /var/log/syslog; }}
"""
ENTER = f"""
set -e
for place in /var/lib /var/log /mnt /srv /etc/sparekey; do
    [ ! -d "$place" ] || mount -t tmpfs none "$place"
done
mount -t proc none /proc
[ ! -d data ] || cp -a data {DATA}
ip link set lo up
exec bash --noprofile --noediting --rcfile shell
"""
PROMPT = r"\x02(\d+)\x03$"


class Machine:
    """A shell on it, which stays from command to command. `data` is copied to /var/lib/sparekey; None leaves nothing there."""

    def __init__(self, data=None, settings=None):
        self.home = fresh_folder()
        if data:
            shutil.copytree(data, self.home / "data")
        (self.home / "bin").mkdir()
        (self.home / "bin/sparekey").symlink_to(BINARY)
        (self.home / "enter").write_text(ENTER)
        (self.home / "shell").write_text("PS1=$'\\x02$?\\x03'\nunset HISTFILE\nset +m\n" + AROUND)
        environment = {"HOME": str(self.home), "LANG": "C.UTF-8", "TERM": "xterm", "NO_COLOR": "1",
                       "PATH": f"{self.home}/bin:/usr/sbin:/usr/bin:/sbin:/bin", **(settings or {})}
        enter = f"cd {self.home}; exec unshare --mount --net --pid --fork --kill-child bash enter"
        self.terminal = Terminal(["bash", "-c", enter], environment)
        self.problems = self.terminal.see(PROMPT)

    def run(self, command, typed=()):
        """Returns status, what the terminal showed, and problems. `typed` are pairs: what is waited for at the end of the
        screen, and what is then typed."""
        (self.home / "command").write_text(command + "\n")
        begun = len(self.terminal.screen)
        self.terminal.press(f". {self.home}/command\r")
        for prompt, text in typed:
            if problems := self.terminal.see(prompt + "$"):
                return None, self._shown(begun), problems
            self.terminal.press(KEYS.get(text, text + "\r"))
        problems = self.terminal.see(PROMPT)
        ended = re.search(PROMPT, self.terminal.screen)
        return ended and int(ended[1]), self._shown(begun), problems

    def _shown(self, begun):
        """The lines below the command: no colours, no prompt after them, and of a line of progress what stands there last."""
        _, _, text = re.sub(r"\x02\d+\x03$", "", self.terminal.screen[begun:]).partition("\n")
        text = re.sub(r"\x1b\[[0-9;]*m", "", text.replace("\r\n", "\n"))
        return re.sub(r"[^\n]*\r(?=[^\n\r])", "", text).splitlines()

    def close(self):
        self.terminal.kill()
        self.terminal.finish()
        self.terminal.close()
        discard(self.home)


def at_terminal(text):
    """A template as a regular expression: `…` stands for anything within the line."""
    return ".*".join(map(re.escape, text.split("…")))
