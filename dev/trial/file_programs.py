"""Programs that keep their accounts in a file, running, each with its own sign-in: Radicale, nginx and Dovecot. They listen on
loopback or on a socket in their folder, touch nothing of the system's, and are ended by their own process."""

import base64
import http.client
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys


class Program:
    """`file` holds the accounts; everything else of the program is in `folder`."""

    def __init__(self, folder, file):
        self.folder, self.file = folder, file
        self.process = subprocess.Popen(
            self.command(), cwd=folder, env={"PATH": "/usr/sbin:/usr/bin:/bin", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        self.ready = self._started()

    def _started(self):
        said = []
        for line in self.process.stdout:
            said.append(line)
            if found := re.search(self.greeting, line):
                return found
        raise RuntimeError(f"{type(self).__name__} ended with {self.process.wait()}:\n{''.join(said)}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        # What it still says has somebody to take it, or it might wait for that.
        self.process.communicate(timeout=60)


class _Web(Program):
    method, path, admitted = "GET", "/", 200

    def enters(self, username, password):
        pair = base64.b64encode(f"{username}:{password}".encode()).decode()
        connection = self._connection()
        try:
            connection.request(self.method, self.path, headers={"Authorization": f"Basic {pair}"})
            status = connection.getresponse().status
        finally:
            connection.close()
        if status not in (self.admitted, 401):
            raise RuntimeError(f"{type(self).__name__} answered {status}")
        return status == self.admitted


class Radicale(_Web):
    greeting = r"Listening on '?127\.0\.0\.1:(\d+)"
    method, admitted = "PROPFIND", 207

    def command(self):
        (self.folder / "config").write_text(f"""
[server]
hosts = 127.0.0.1:0
[auth]
type = htpasswd
htpasswd_filename = {self.file}
htpasswd_encryption = autodetect
delay = 0
[storage]
filesystem_folder = {self.folder}/collections
""")
        return [sys.executable, "-m", "radicale", "--config", str(self.folder / "config")]

    def _connection(self):
        return http.client.HTTPConnection("127.0.0.1", int(self.ready[1]), timeout=60)


class Nginx(_Web):
    greeting = r"nginx/\d"

    def command(self):
        (self.folder / "index.html").write_text("in\n")
        places = "".join(f"  {kind}_temp_path {self.folder}/temporary;\n" for kind in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(f"""
daemon off; master_process off; pid {self.folder}/pid; error_log stderr notice;
events {{}}
http {{
  access_log off;
{places}  server {{
    listen unix:{self.folder}/socket;
    root {self.folder};
    location / {{ auth_basic "here"; auth_basic_user_file {self.file}; }}
  }}
}}
""")
        return [_program("nginx"), "-e", "stderr", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def _connection(self):
        connection = http.client.HTTPConnection("localhost", timeout=60)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(60)
        connection.sock.connect(str(self.folder / "socket"))
        return connection


class Dovecot(Program):
    greeting = r"starting up"

    def command(self):
        me = pwd.getpwuid(os.getuid()).pw_name
        # Root may not be the user of what talks to strangers; somebody else has no other user to be.
        users = "" if os.getuid() == 0 else (
            f"default_internal_user = {me}\ndefault_internal_group = {me}\ndefault_login_user = {me}\n"
            "service anvil {\n  chroot =\n}\n")
        (self.folder / "dovecot.conf").write_text(f"""
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = /dev/stderr
protocols =
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0 secs
{users}service auth {{
  user = {me}
}}
passdb {{
  driver = passwd-file
  args = {self.file}
}}
userdb {{
  driver = static
  args = uid=4242 gid=4242 home=/nowhere
}}
""")
        return [_program("dovecot"), "-F", "-c", str(self.folder / "dovecot.conf")]

    def enters(self, username, password):
        done = subprocess.run(
            [_program("doveadm"), "-c", str(self.folder / "dovecot.conf"), "auth", "test", "-a",
             str(self.folder / "run/auth-client"), username, password], capture_output=True, text=True, timeout=60)
        if done.returncode not in (0, 77):
            raise RuntimeError(f"doveadm ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.returncode == 0


def _program(name):
    """A server's programs are not on everybody's path."""
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if not found:
        raise RuntimeError(f"{name} is not here; dev/install test installs it")
    return found
