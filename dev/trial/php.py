"""Programs in PHP, served by PHP's own server on a port that the kernel chooses. dev/install has
unpacked their Debian packages into .build-apps rather than installed them: that would bring a web server that starts."""

import re
import subprocess

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
            # A file that a trial changes is read anew at once.
            ["php", "-d", "opcache.revalidate_freq=0", "-S", "127.0.0.1:0", "-t", str(root)], cwd=folder, env={"PATH": "/usr/bin:/bin", **variables},
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
