"""Programs in PHP, served by PHP's own server on a port that the kernel chooses, and a visitor with cookies. dev/install has
unpacked their Debian packages into .build-apps rather than installed them: that would bring a web server that starts."""

import http.cookiejar
import json
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from trial.instance import ROOT

APPS = ROOT / ".build-apps/usr/share"


def php(*arguments, folder, **variables):
    done = subprocess.run(["php", *map(str, arguments)], env={"PATH": "/usr/bin:/bin", **variables}, cwd=folder,
                          capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise RuntimeError(f"php {arguments[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


class Served:
    """`root` is what is served; its log goes to a file in `folder`."""

    def __init__(self, root, folder, **variables):
        self.log = open(folder / "php.log", "ab+")
        self.process = subprocess.Popen(
            ["php", "-S", "127.0.0.1:0", "-t", str(root)], cwd=folder, env={"PATH": "/usr/bin:/bin", **variables},
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.url = self._listening()
        # It says every call, and would wait for somebody to read it.
        self.reader = subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=self.log)
        self.process.stderr.close()

    def _listening(self):
        for line in self.process.stderr:
            if found := re.search(r"\((http://127\.0\.0\.1:\d+)\) started", line):
                return found[1]
        raise RuntimeError(f"php -S ended with {self.process.wait()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.reader.wait()
        self.log.close()


class Visitor:
    """A browser that keeps cookies and follows no redirect."""

    def __init__(self, server):
        self.url = server.url
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies), _NoRedirect())

    def call(self, path, form=None):
        """Status and text; a form is posted."""
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.opener.open(self.url + path, data, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()

    def json(self, path, form=None):
        status, text = self.call(path, form)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}: {text[:400]}")
        return json.loads(text)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None
