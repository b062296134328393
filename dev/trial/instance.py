"""An instance of the built program: a data folder of its own, and a database in it or on PostgreSQL."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("SPAREKEY_BINARY", str(ROOT / ".build/debug/sparekey"))
ADMIN = ("ada", "ada@example.org", "quartz-Lantern-58-otter")


def fresh_folder(prefix="sparekey-"):
    """A new 0700 folder for a test; the caller removes it with `discard`."""
    return pathlib.Path(tempfile.mkdtemp(prefix=prefix))


def discard(folder):
    shutil.rmtree(folder, ignore_errors=True)


class Instance:
    def __init__(self, folder, database=None, settings=None):
        self.folder = pathlib.Path(folder)
        self.database = database
        self.settings = dict(settings or {})

    @property
    def sqlite_file(self):
        return self.folder / "sparekey.db"

    def environment(self):
        """Only what the tests mean to set: nothing of the caller's own SPAREKEY_… or DATABASE_URL gets in."""
        chosen = {"PATH": "/usr/bin:/bin", "SPAREKEY_DATA": str(self.folder), **self.settings}
        if self.database:
            chosen["SPAREKEY_DATABASE"] = self.database
        return chosen

    def start(self, *arguments, password=None, **options):
        """Starts the program without a terminal; the password, if any, is its standard input."""
        process = subprocess.Popen(
            [BINARY, *arguments], env=self.environment(), cwd="/", start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        try:
            process.stdin.write(((password + "\n") if password is not None else "").encode())
            process.stdin.close()
        except BrokenPipeError:
            pass
        process.stdin = None
        return process

    def run(self, *arguments, password=None):
        """Runs to the end; returns status, stdout and stderr as text."""
        process = self.start(*arguments, password=password)
        out, err = process.communicate(timeout=300)
        return process.returncode, out.decode(), err.decode()

    def must(self, *arguments, password=None):
        status, out, err = self.run(*arguments, password=password)
        if status != 0:
            raise RuntimeError(f"sparekey {' '.join(arguments)} ended with {status}:\n{err}")
        return out, err

    def set_up(self):
        """The first administrator, `ADMIN`."""
        username, email, password = ADMIN
        self.must("setup", "--email", email, "--username", username, "--display-name", "Ada Lovelace",
                  "--domain", "files.example.org", "--password-stdin", password=password)

    def add(self, username, email, password, *more):
        self.must("users", "add", "--email", email, "--username", username, "--display-name",
                  username.capitalize(), "--password-stdin", *more, password=password)

    def reset(self, username, password):
        return self.run("reset-password", username, "--password-stdin", password=password)

    def copy(self, folder):
        """A copy of the data folder for one trial; modes are kept, since the program refuses a key others can read."""
        shutil.copytree(self.folder, folder, symlinks=True, copy_function=shutil.copy2)
        os.chmod(folder, 0o700)
        return Instance(folder, self.database, self.settings)


def killed(status):
    return status == -signal.SIGKILL
