"""Where a session is played: a data folder on this machine, or in a root that holds nothing but the program."""

import os
import pathlib
import re
import shutil
import stat
import subprocess

from trial.instance import BINARY, Instance, discard, fresh_folder

NOBODY = 4242


class Stage:
    """The machine as it is, with a minimal environment."""

    def __init__(self, session):
        self.folder = fresh_folder()
        self.instance = Instance(self.folder / "data", settings=session.settings)
        self.instance.folder.mkdir(mode=0o700)
        self._people(session.accounts)

    def _people(self, accounts):
        for position, (username, email, password, *more) in enumerate(accounts):
            if position:
                self.instance.add(username, email, password, "--no-force-change", *more)
            else:
                self.instance.must(
                    "setup", "--email", email, "--username", username, "--display-name", username.capitalize(),
                    "--domain", "files.example.org", "--password-stdin", password=password)

    def command(self, arguments):
        environment = {"HOME": str(self.folder), "LANG": "C.UTF-8", "TERM": "xterm", **self.instance.environment()}
        return [BINARY, *arguments], environment

    def shell(self):
        """The environment of somebody at a shell, who has the program on the PATH."""
        environment = self.instance.environment()
        return {**environment, "PATH": f"{pathlib.Path(BINARY).parent}:{environment['PATH']}"}

    def close(self):
        discard(self.folder)


class BareRoot(Stage):
    """A root of its own: the binary, the libraries that ldd names, a data folder; /proc, and three devices unless the
    session wants none. All else belongs to somebody else, the uid has no name, and the environment names the data folder."""

    def __init__(self, session):
        super().__init__(session)
        self.root = self.folder / "root"
        for library in [BINARY, *libraries()]:
            target = self.root / ("sparekey" if library == BINARY else library.lstrip("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, target)
        (self.root / "dev").mkdir()
        self.proc = self.root / "proc"
        self.proc.mkdir()
        # Always there: without it libdispatch, under Swift's concurrency, ends the process now and then.
        subprocess.run(["mount", "-t", "proc", "proc", str(self.proc)], check=True)
        if session.root != "root no devices":
            for name, minor in (("tty", os.makedev(5, 0)), ("null", os.makedev(1, 3)), ("urandom", os.makedev(1, 9))):
                os.mknod(self.root / "dev" / name, stat.S_IFCHR, minor)
                os.chmod(self.root / "dev" / name, 0o666)
        os.chmod(self.folder, 0o755)
        self._hand_over(self.instance.folder)

    def _hand_over(self, data):
        for path in [data, *data.rglob("*")]:
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        self.instance.folder = data.rename(self.root / "data")

    def command(self, arguments):
        settings = {**self.instance.settings, "SPAREKEY_DATA": "/data"}
        return ["/usr/sbin/chroot", f"--userspec={NOBODY}:{NOBODY}", str(self.root), "/sparekey", *arguments], settings

    def close(self):
        if os.path.ismount(self.proc):
            subprocess.run(["umount", str(self.proc)], check=True)
        super().close()


def libraries():
    listed = subprocess.run(["ldd", BINARY], capture_output=True, text=True, check=True).stdout
    return [path for path in re.findall(r"(/\S+) \(0x", listed) if pathlib.Path(path).exists()]
