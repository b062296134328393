"""Real MediaWiki and real WordPress, running, and their own logins: the new password enters and the old does not, the
session from before has ended, and undo turns it round. MediaWiki on SQLite; WordPress on MariaDB where it is at hand
(dev/with-mariadb), and there a second one whose tables begin otherwise."""

import shutil

from trial.instance import discard, fresh_folder
from trial.operator import Operator
from trial.php import APPS, Served, php
from trial.program import MariaDB, SQLite, expect
from trial.tally import Tally
from trial.visitor import Visitor

OLD = "harbour-Violet-31-anchor"
NEW = "meadow-Copper-74-signal"


class Wiki:
    """Made by MediaWiki's own installer; Ada runs it."""

    name, account, options = "MediaWiki", "ada", ()
    perhaps = {"user[1].user_touched"}

    def __init__(self, folder):
        self.folder = folder
        for part in ("data", "settings"):
            (folder / part).mkdir()
        php(APPS / "mediawiki/maintenance/install.php", "--dbtype", "sqlite", "--dbname", "wiki", "--dbpath", folder / "data",
            "--confpath", folder / "settings", "--pass", OLD, "--server", "http://127.0.0.1", "--scriptpath", "", "Trial", "Ada",
            folder=folder)
        self.program = SQLite(folder / "data/wiki.sqlite")

    def served(self):
        return Served(APPS / "mediawiki", self.folder, MW_CONFIG_FILE=str(self.folder / "settings/LocalSettings.php"))

    def sign_in(self, visitor, password):
        """PASS is in, FAIL is not, UI wants a new password first."""
        token = visitor.json("/api.php?action=query&meta=tokens&type=login&format=json")["query"]["tokens"]["logintoken"]
        return visitor.json("/api.php", {
            "action": "clientlogin", "format": "json", "loginreturnurl": "http://127.0.0.1/", "logintoken": token,
            "username": "Ada", "password": password})["clientlogin"]["status"]

    def is_signed_in(self, visitor):
        return visitor.json("/api.php?action=query&meta=userinfo&format=json")["query"]["userinfo"]["name"] == "Ada"

    def changed(self, undone=False):
        columns = "user_password user_token" + ("" if undone else " user_password_expires")
        return {f"user[1].{column}" for column in columns.split()}

    def gone(self):
        return set()

    def close(self):
        pass


class Blog:
    """Made by WordPress's own installer; ada runs it. `beside` is another one, whose database it shares."""

    account = "ADA"
    perhaps = ()
    CONFIGURATION = """<?php
define('DB_NAME', '{name}');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('AUTH_KEY', 'a');
define('SECURE_AUTH_KEY', 'b');
define('LOGGED_IN_KEY', 'c');
define('NONCE_KEY', 'd');
define('AUTH_SALT', 'e');
define('SECURE_AUTH_SALT', 'f');
define('LOGGED_IN_SALT', 'g');
define('NONCE_SALT', 'h');
$address = 'http://' . ($_SERVER['HTTP_HOST'] ?? '127.0.0.1');
define('WP_HOME', $address);
define('WP_SITEURL', $address);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
$table_prefix = '{prefix}';
require_once __DIR__ . '/wp-settings.php';
"""
    INSTALLER = """<?php
define('WP_INSTALLING', true);
require __DIR__ . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
function wp_mail() { return true; }
wp_install('Trial', 'ada', 'ada@example.org', true, '', '%s');
"""

    def __init__(self, folder, beside=None):
        self.folder = folder
        self.program = beside.program if beside else MariaDB("wordpress_trial")
        self.prefix = "blog7_" if beside else "wp_"
        self.name = "the other WordPress" if beside else "WordPress"
        self.options = ("--profile", f"wordpress:{self.prefix}") if beside else ()
        root = folder / "blog"
        # Its files find each other by their own place, links followed: all but the library have to lie here.
        shutil.copytree(APPS / "wordpress", root, ignore=shutil.ignore_patterns("wp-includes", "wp-config.php"), symlinks=True)
        (root / "wp-includes").symlink_to(APPS / "wordpress/wp-includes")
        socket = self.program.socket()["socket"][0]
        (root / "wp-config.php").write_text(self.CONFIGURATION.format(
            name=self.program.database, socket=socket, prefix=self.prefix))
        (root / "trial-install.php").write_text(self.INSTALLER % OLD)
        php(root / "trial-install.php", folder=root)
        self.root = root

    def served(self):
        return Served(self.root, self.folder)

    def sign_in(self, visitor, password):
        """302 is in, 200 the form once more."""
        visitor.call("/wp-login.php")
        status, page = visitor.call("/wp-login.php", {"log": "ada", "pwd": password, "testcookie": "1"})
        if status not in (200, 302):
            raise RuntimeError(f"the login answered {status}: {page[:400]}")
        return "PASS" if status == 302 else "FAIL"

    def is_signed_in(self, visitor):
        return visitor.call("/wp-admin/profile.php")[0] == 200

    def changed(self, undone=False):
        return {f"{self.prefix}users[1].user_pass"}

    def gone(self):
        table = f"{self.prefix}usermeta"
        row = self.program.rows(f"SELECT umeta_id FROM {table} WHERE user_id = 1 AND meta_key = 'session_tokens'")[0]
        return {f"{table}[{row['umeta_id']}] gone"}

    def close(self):
        self.program.remove()


def there_and_back(app, server, operator, tally):
    early = Visitor(server)
    tally.check(f"{app.name}: the old password enters", entering(app, early, OLD) + signed_in(app, early, True))
    before, gone = app.program.dump(), app.gone()
    answer = operator.reset(app.program.address, app.account, NEW, "--json", "--no-force-change", *app.options)
    after = app.program.dump()
    tally.check(f"{app.name}: reset", answer.expect(0) + expect(before, after, app.changed(undone=True) | gone, app.perhaps))
    if answer.status:
        return
    tally.check(f"{app.name}: the earlier session has ended", signed_in(app, early, False))
    late = Visitor(server)
    tally.check(f"{app.name}: the new password enters", entering(app, late, NEW) + signed_in(app, late, True))
    tally.check(f"{app.name}: the old one does not", entering(app, Visitor(server), OLD, "FAIL"))
    undone = operator.sparekey("undo", str(answer.document()["reset"]))
    tally.check(f"{app.name}: undo", undo_problems(app, undone, late, server))


def undo_problems(app, undone, late, server):
    """WordPress 6.8 and later write the hash anew at the first sign-in, and then undo refuses; this one does not."""
    problems = undone.expect(0) + signed_in(app, late, False)
    return problems + entering(app, Visitor(server), OLD) + entering(app, Visitor(server), NEW, "FAIL")


def must_change(app, server, operator, tally):
    """MediaWiki's own "change it first": the right password leads to the form for a new one, and no further."""
    answer = operator.reset(app.program.address, app.account, NEW, "--force-change")
    visitor = Visitor(server)
    tally.check(f"{app.name}: a password to be changed first", answer.expect(0) + entering(app, visitor, NEW, "UI")
                + signed_in(app, visitor, False))


def beside(first, server, place, operator, tally):
    """Two in one database: neither is guessed, and who is signed in to the one notices nothing of the other's reset."""
    second, visitor = Blog(place, first), Visitor(server)
    tally.check("WordPress beside another: somebody is signed in", entering(first, visitor, OLD))
    with second.served() as other:
        tally.check("two WordPress in one database", operator.reset(first.program.address, first.account, NEW).refused(
            65, "wordpress:blog7_", "--profile"))
        shown = operator.sparekey("reset-password", "--database", first.program.address, "ada", "--generate", "--dry-run",
                                  *second.options)
        tally.check(f"{second.name}: ada is its administrator", shown.expect(0) + (
            [] if "Admin: Yes" in shown.out else [shown.out]))
        there_and_back(second, other, operator, tally)
    tally.check("WordPress beside another: still signed in", signed_in(first, visitor, True))


def entering(app, visitor, password, wanted="PASS"):
    found = app.sign_in(visitor, password)
    return [] if found == wanted else [f"{password}: {found}, not {wanted}"]


def signed_in(app, visitor, wanted):
    return [] if app.is_signed_in(visitor) is wanted else ["somebody is signed in" if not wanted else "nobody is signed in"]


def main():
    tally = Tally()
    for kind in [Wiki] + ([Blog] if MariaDB.server() else []):
        folder = fresh_folder()
        place = folder / "program"
        place.mkdir()
        app = kind(place)
        try:
            with app.served() as server:
                there_and_back(app, server, Operator(folder / "data"), tally)
                if kind is Wiki:
                    must_change(app, server, Operator(folder / "data"), tally)
                else:
                    (folder / "other").mkdir()
                    beside(app, server, folder / "other", Operator(folder / "data"), tally)
        finally:
            app.close()
            discard(folder)
    tally.finish("real MediaWiki and WordPress")


if __name__ == "__main__":
    main()
