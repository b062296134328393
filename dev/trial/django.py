"""A real Django site: what `django-admin startproject` makes, served by its own `runserver`, entered by its own login."""

import re
import subprocess
import sys

from trial import visitor
from trial.program import MariaDB, PostgreSQL

HASHERS = {
    "pbkdf2_sha256": "PBKDF2PasswordHasher", "argon2": "Argon2PasswordHasher",
    "bcrypt_sha256": "BCryptSHA256PasswordHasher", "scrypt": "ScryptPasswordHasher",
}
SETTINGS = """
import os
from mysite.settings import *

DATABASES = {{"default": {database!r}}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers." + name for name in os.environ["TRIAL_HASHERS"].split(",")]
"""
PYMYSQL = "import pymysql\npymysql.install_as_MySQLdb()\n"


class Site:
    """The site in `folder`, over `program`, migrated."""

    def __init__(self, folder, program):
        self.folder = folder
        self._django(["startproject", "mysite", str(folder)])
        settings = SETTINGS.format(database=_settings(program))
        (folder / "trial_settings.py").write_text((PYMYSQL if isinstance(program, MariaDB) else "") + settings)
        self.manage("migrate", "--verbosity", "0")

    def manage(self, *arguments, hashers=tuple(HASHERS), **variables):
        return self._django(arguments, self.environment(hashers) | variables)

    def environment(self, hashers):
        return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(self.folder), "DJANGO_SETTINGS_MODULE": "trial_settings",
                "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1",
                "TRIAL_HASHERS": ",".join(HASHERS[name] for name in hashers)}

    def _django(self, arguments, environment=None):
        done = subprocess.run([sys.executable, "-m", "django", *arguments], env=environment or {"PATH": "/usr/bin:/bin"},
                              capture_output=True, text=True, cwd=self.folder, timeout=120)
        if done.returncode:
            raise RuntimeError(f"django {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    def superuser(self, username, email, password):
        self.manage("createsuperuser", "--noinput", "--username", username, "--email", email,
                    DJANGO_SUPERUSER_PASSWORD=password)

    def people(self, people):
        """Further accounts that may enter the admin, as (username, e-mail, password or None, hasher, active)."""
        self.manage("shell", "--no-imports", "--command", f"""
from django.contrib.auth.models import User
from django.contrib.auth.hashers import make_password
for username, email, password, hasher, active in {people!r}:
    User.objects.create(username=username, email=email, is_staff=True, is_superuser=True, is_active=active,
                        password=make_password(password, hasher=hasher))
""")


class Running:
    """The site's own server on a port that the kernel chooses; its log goes to a file beside the site."""

    def __init__(self, site, hashers=tuple(HASHERS)):
        self.log = open(site.folder / "runserver.log", "ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "django", "runserver", "--noreload", "127.0.0.1:0"], cwd=site.folder,
            env=site.environment(hashers), stdout=subprocess.PIPE, stderr=self.log, text=True, start_new_session=True)
        self.url = self._listening()

    def _listening(self):
        for line in self.process.stdout:
            if found := re.search(r"at (http://127\.0\.0\.1:\d+)/", line):
                return found[1]
        raise RuntimeError(f"runserver ended with {self.process.wait()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()


class Visitor(visitor.Visitor):
    """Somebody at the site's own login."""

    def sign_in(self, username, password):
        """Whether the site's own login lets somebody in: 302 is in, 200 the form once more."""
        _, page = self.call("/admin/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        status, page = self.call("/admin/login/", {
            "csrfmiddlewaretoken": token, "username": username, "password": password, "next": "/admin/"})
        if status not in (200, 302):
            raise RuntimeError(f"the login answered {status}: {page[:400]}")
        return status == 302

    def is_signed_in(self):
        return self.call("/admin/")[0] == 200


def _settings(program):
    if isinstance(program, PostgreSQL):
        return {"ENGINE": "django.db.backends.postgresql", "NAME": program.database, "USER": "postgres",
                "HOST": program.socket()["host"][0]}
    if isinstance(program, MariaDB):
        return {"ENGINE": "django.db.backends.mysql", "NAME": program.database, "USER": "root",
                "HOST": program.socket()["socket"][0], "OPTIONS": {"charset": "utf8mb4"}}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(program.path)}
