"""DokuWiki itself, from its Debian package, as somebody has set it up who keeps accounts in the program's own file."""

import shutil

from trial.php import APPS, Served
from trial.visitor import Visitor

PLACES = ("attic", "cache", "index", "locks", "log", "media", "media_attic", "media_meta", "meta", "pages", "tmp")
SETTINGS = """<?php
$conf['title'] = 'Trial';
$conf['savedir'] = '{data}';
$conf['useacl'] = 1;
$conf['superuser'] = '@admin';
$conf['auth_security_timeout'] = {seconds};
"""
USERS = """<?php
$config_cascade = array('plainauth.users' => array('default' => '{file}'));
"""


class DokuWiki:
    """`file` holds the accounts. Everything else is a copy below `folder`: what is written lies there, and Debian's own places
    are none of it."""

    def __init__(self, folder, file):
        self.file, self.root = file, folder / "wiki"
        kept = APPS.parents[1]
        shutil.copytree(APPS / "dokuwiki", self.root, ignore=shutil.ignore_patterns("preload.php", "plugins", "tpl"), symlinks=True)
        for part in ("plugins", "tpl"):
            shutil.copytree(kept / "var/lib/dokuwiki/lib" / part, self.root / "lib" / part)
        for name in ("autoload_static.php", "autoload_psr4.php"):
            autoload = self.root / "vendor/composer" / name
            autoload.write_text(autoload.read_text().replace("/usr/share/", f"{APPS}/"))
        for part in PLACES:
            (self.root / "data" / part).mkdir(parents=True)
        (self.root / "data/pages/start.txt").write_text("====== Trial ======\n")
        shutil.copytree(kept / "etc/dokuwiki", self.root / "conf", ignore=shutil.ignore_patterns("*.auth.php"))
        (self.root / "conf/acl.auth.php").write_text("*\t@ALL\t1\n*\t@user\t8\n")
        (self.root / "inc/preload.php").write_text(USERS.format(file=file))
        self.trusts(900)
        self.served = Served(self.root, folder)
        self.url = self.served.url

    def trusts(self, seconds):
        """How old a session is before its password is asked of the file again; 900 unless the settings say otherwise."""
        (self.root / "conf/local.php").write_text(SETTINGS.format(data=self.root / "data", seconds=seconds))

    def enters(self, account, password):
        return self.signs_in(Visitor(self), account, password)

    def signs_in(self, visitor, account, password):
        """What the form says has to be what the next page says."""
        visitor.call("/doku.php?do=login")
        status, page = visitor.call("/doku.php", {"do": "login", "id": "start", "u": account, "p": password})
        if status not in (200, 302, 403) or (status != 403) is not self.is_signed_in(visitor):
            raise RuntimeError(f"the login answered {status}: {page[:400]}")
        return status != 403

    def is_signed_in(self, visitor):
        status, page = visitor.call("/doku.php?id=start")
        if status != 200 or "Trial" not in page:
            raise RuntimeError(f"the start page answered {status}: {page[:400]}")
        return "do=logout" in page

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.served.__exit__()
