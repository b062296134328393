"""The private PostgreSQL of dev/with-postgres: a database for each test, and a second connection that ends others."""

import os
import pathlib
import secrets
import signal
import subprocess
import time
import urllib.parse

from trial.stored import psql

SECONDS = 120


def address():
    found = os.environ.get("SPAREKEY_TEST_POSTGRES")
    if not found:
        raise SystemExit("error: no test cluster\nhint: run this under dev/with-postgres")
    return found


def new_database():
    """The URL of a new, empty database on the test cluster."""
    name = f"trial_{secrets.token_hex(4)}"
    psql(address(), f"CREATE DATABASE {name}")
    parts = urllib.parse.urlsplit(address())
    # urlunsplit drops the empty host of postgres:///name?host=/socket, which libpq needs.
    return f"postgres://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")


def name_of(database):
    return urllib.parse.urlsplit(database).path.lstrip("/")


def terminate_soon(database, delay):
    """Starts a session that waits for a backend of `database`, lets it live for `delay` seconds, and terminates it."""
    script = f"""
    DO $$
    DECLARE victim integer; patience timestamptz := clock_timestamp() + interval '60 s';
    BEGIN
      LOOP
        PERFORM pg_stat_clear_snapshot();
        SELECT pid INTO victim FROM pg_stat_activity
          WHERE datname = '{name_of(database)}' AND backend_type = 'client backend' LIMIT 1;
        EXIT WHEN victim IS NOT NULL OR clock_timestamp() > patience;
        PERFORM pg_sleep(0.0005);
      END LOOP;
      PERFORM pg_sleep({delay:.6f});
      RAISE NOTICE 'ended %', (SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = '{name_of(database)}' AND backend_type = 'client backend');
    END $$;"""
    session = subprocess.Popen(["psql", "-XAtq", "-d", address()], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    session.stdin.write("SELECT 'ready';\n")
    session.stdin.flush()
    session.stdout.readline()
    session.stdin.write(script + "\n")
    session.stdin.close()
    session.stdin = None
    return session


def backends(database):
    found = psql(address(), f"SELECT pid FROM pg_stat_activity WHERE datname = '{name_of(database)}' "
                 "AND backend_type = 'client backend'")
    return [int(line) for line in found.split()]


def wait_until_gone(database):
    """Whoever was told to end has not ended yet; asks until nobody is connected to `database` any more."""
    deadline = time.monotonic() + SECONDS
    while backends(database):
        if time.monotonic() > deadline:
            raise RuntimeError("sessions that were terminated go on")
        time.sleep(0.01)


def wait_until_up(killed=None):
    """After a killed backend the cluster restarts itself; asks until it answers. Before the first process has taken note of
    the death of `killed` it answers as if nothing were, and ends everybody a moment later."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            if killed is None or not pathlib.Path(f"/proc/{killed}").exists():
                psql(address(), "SELECT 1")
                return
        except subprocess.CalledProcessError:
            pass
        time.sleep(0.05)
    raise RuntimeError("the cluster did not come back")


def _control(*words):
    """pg_ctl on the test cluster, as the user it runs as."""
    folder = pathlib.Path(os.environ["SPAREKEY_TEST_POSTGRES_DATA"])
    program = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: float(path.parts[4]))
    person = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    return subprocess.run([*person, str(program), f"--pgdata={folder}", "--silent", *words], cwd=folder.parent, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def crash(outright=False):
    """Ends the whole cluster without a word to anybody: by SIGQUIT to each process, or by SIGKILL to the first one, whose
    children notice and end."""
    folder = pathlib.Path(os.environ["SPAREKEY_TEST_POSTGRES_DATA"])
    if not outright:
        return _control("--mode=immediate", "stop")
    first = int((folder / "postmaster.pid").read_text().split()[0])
    os.kill(first, signal.SIGKILL)
    return True


def start_again():
    """Starts the cluster after a crash; when it answered. Children of a killed one may still hold its memory: then again."""
    folder = pathlib.Path(os.environ["SPAREKEY_TEST_POSTGRES_DATA"])
    deadline = time.monotonic() + SECONDS
    while not _control(f"--log={folder.parent / 'server.log'}", "--wait", "start"):
        if time.monotonic() > deadline:
            raise RuntimeError("the cluster does not start again")
        time.sleep(0.02)
    wait_until_up()
    return time.monotonic()
