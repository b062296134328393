"""What profiles_fixtures.py tries: one account a case, and what a reset of it changes, written by hand from the program's own
source rather than from the profile."""

import dataclasses
import uuid

import judges
from trial.program import MariaDB, PostgreSQL, SQLite

OLD = "meadow-Copper-74-signal"
NEW = "harbour-Violet-31-anchor"
USER_KEYS = """
INSERT INTO oc_appconfig (appid, configkey, configvalue) VALUES ('core', 'encryption_enabled', 'yes'),
    ('encryption', 'useMasterKey', '0');
"""
TOKENS = """
CREATE TABLE authtoken_token (key varchar(40) PRIMARY KEY, created datetime NOT NULL, user_id integer NOT NULL UNIQUE);
INSERT INTO authtoken_token VALUES ('of ada', '2025-12-10', 1), ('of grace', '2025-12-10', 2);
"""
LINKDING = TOKENS + """
CREATE TABLE bookmarks_apitoken (id integer PRIMARY KEY, key varchar(40) NOT NULL UNIQUE, name varchar(128) NOT NULL,
    created datetime NOT NULL, user_id integer NOT NULL);
INSERT INTO bookmarks_apitoken VALUES (1, 'one of ada', 'phone', '2025-12-20', 1), (2, 'another of ada', 'shell', '2025-12-20', 1),
    (3, 'one of grace', 'phone', '2025-12-20', 2);
"""
TRIGGER = """
CREATE TABLE trail (number INTEGER PRIMARY KEY, what TEXT);
CREATE TRIGGER note_password AFTER UPDATE OF password ON users BEGIN
  INSERT INTO trail (what) VALUES ('password of ' || new.username); END;
"""


@dataclasses.dataclass
class Case:
    profile: str
    account: str                 # as it is typed
    table: str
    key: object                  # the account's first column
    columns: str                 # those that a reset changes
    judge: object
    gone: tuple = ()             # rows of other tables, which undo does not bring back
    said: tuple = ()
    more: tuple = ()             # options
    extra: str = ""              # what else the database holds
    others: tuple = ()           # besides SQLite
    kinds: tuple = None          # where SQLite is none of them
    also: tuple = ()             # columns of the account's row, where the password lies in another table

    def runs_on(self, kind):
        return kind in (self.kinds or (SQLite, *self.others))

    def changed(self):
        return {f"{self.table}[{self.key}].{column}" for column in self.columns.split()} | set(self.also)


CASES = [
    Case("django", "ada", "auth_user", 1, "password", judges.django, ("authtoken_token[of ada] gone",), extra=TOKENS),
    Case("django", "ada", "auth_user", 1, "password", judges.django, ("authtoken_token[of ada] gone",
         "bookmarks_apitoken[1] gone", "bookmarks_apitoken[2] gone"), extra=LINKDING),
    Case("django", "GRACE@example.org", "auth_user", 2, "password", judges.django),
    Case("django", "hedy", "auth_user", 3, "password", judges.django),
    Case("django", "barbara@example.org", "auth_user", 4, "password", judges.django, said=("deactivated", "cannot sign in")),
    Case("django", "old", "auth_user", 5, "password", judges.django),
    Case("flashcard-flow", "Ada@Example.org", "users", "u1", "password_hash hkey pbkdf2_hash", judges.flashcard_flow,
         said=("restart it",), others=(PostgreSQL,)),
    Case("flashcard-flow", "Grace", "users", "u2", "password_hash hkey pbkdf2_hash", judges.flashcard_flow),
    Case("gitea", "ADA", "user", 1, "passwd salt updated_unix must_change_password", judges.gitea,
         ("auth_token[t1] gone",), others=(PostgreSQL, MariaDB)),
    Case("gitea", "grace", "user", 2, "passwd salt passwd_hash_algo updated_unix", judges.gitea, ("auth_token[t2] gone",),
         said=("forbidden", "cannot sign in"), more=("--no-force-change",)),
    Case("grafana", "Admin", "user", 1, "password salt updated", judges.grafana,
         ("user_auth_token[1] gone", "login_attempt[1] gone", "login_attempt[2] gone"), others=(PostgreSQL, MariaDB)),
    Case("grafana", "grace@example.org", "user", 2, "password salt updated", judges.grafana,
         ("user_auth_token[2] gone", "login_attempt[3] gone"), said=("disabled", "cannot sign in")),
    Case("listsome", "ADMIN@example.com", "account", 1, "password_hash", judges.listsome,
         ("password_reset_tokens[1] gone",)),
    Case("nexus", "alan", "users", 3, "password must_change_password updated_at reset_token reset_token_expires",
         judges.bcrypt_as("$2b$", 10), ("sessions[2] gone",)),
    Case("nexus", "grace", "users", 2, "password updated_at reset_token reset_token_expires",
         judges.bcrypt_as("$2b$", 10), ("sessions[1] gone",), said=("second factor",)),
    Case("palmr", "ada", "users", "clx0ada", "password updatedAt", judges.bcrypt_as("$2a$", 10),
         ("login_attempts[a1] gone", "password_resets[r1] gone", "trail[1] new"), extra=TRIGGER),
    Case("palmr", "Grace@Example.org", "users", "clx0grace", "password updatedAt", judges.bcrypt_as("$2a$", 10),
         ("login_attempts[a2] gone", "password_resets[r3] gone"), said=("second factor",)),
    Case("proxmox-manager-portal", "ada", "users", "7d0c1c5e-2f3a-4a58-9a37-0a1b2c3d4e5f",
         "password updatedAt requirePasswordChange", judges.bcrypt_as("$2a$", 12), kinds=(PostgreSQL,)),
    Case("proxmox-manager-portal", "Alan@example.org", "users", "5f0a9f5c-0d59-4b38-9c55-665544332211",
         "password updatedAt requirePasswordChange", judges.bcrypt_as("$2a$", 12), said=("deactivated", "cannot sign in"),
         kinds=(PostgreSQL,)),
    Case("nextcloud", "ADA", "oc_users", "Ada", "password", judges.nextcloud, ("oc_authtoken[1] gone",),
         others=(PostgreSQL, MariaDB)),
    Case("nextcloud", "grace@example.org", "oc_users", "grace", "password", judges.nextcloud, ("oc_authtoken[3] gone",),
         said=("second factor",)),
    Case("nextcloud", "alan", "oc_users", "alan", "password", judges.nextcloud, ("oc_preferences[alan] gone",)),
    Case("nextcloud", "hedy", "oc_users", "hedy", "password", judges.nextcloud, said=("disabled", "cannot sign in")),
    Case("wordpress", "ADA", "wp_users", 1, "user_pass user_activation_key", judges.wordpress, ("wp_usermeta[2] gone",),
         kinds=(MariaDB,)),
    Case("wordpress", "grace@example.org", "wp_users", 2, "user_pass", judges.wordpress, ("wp_usermeta[4] gone",),
         kinds=(MariaDB,)),
    Case("wordpress", "alan", "wp_users", 3, "user_pass", judges.wordpress, kinds=(MariaDB,)),
    Case("wordpress", "hedy", "wp_users", 4, "user_pass", judges.wordpress, kinds=(MariaDB,)),
    Case("mediawiki", "ada", "user", 1, "user_password user_token user_touched user_password_expires", judges.mediawiki),
    Case("mediawiki", "Grace@Example.org", "user", 2,
         "user_password user_token user_touched user_newpassword user_newpass_time", judges.mediawiki,
         more=("--no-force-change",)),
    Case("jellyfin", "ADA", "Users", "7D0C1C5E-2F3A-4A58-9A37-0A1B2C3D4E5F", "Password InvalidLoginAttemptCount",
         judges.jellyfin, ("Devices[1] gone",), said=("Restart",)),
    Case("jellyfin", "grace", "Users", "1A0F9F5C-0D59-4B38-9C55-112233445566", "Password", judges.jellyfin),
    Case("jellyfin", "hedy", "Users", "2B0A9F5C-0D59-4B38-9C55-223344556677", "Password InvalidLoginAttemptCount",
         judges.jellyfin, ("Devices[2] gone",), said=("disabled", "cannot sign in")),
    Case("uptime-kuma", "ada", "user", 1, "password", judges.bcrypt_as("$2a$", 10), others=(MariaDB,)),
    Case("uptime-kuma", "grace", "user", 2, "password", judges.bcrypt_as("$2a$", 10), said=("second factor",)),
    Case("uptime-kuma", "alan", "user", 3, "password", judges.bcrypt_as("$2b$", 10), said=("switched off", "cannot sign in")),
    Case("miniflux", "ADA", "users", 1, "password", judges.bcrypt_as("$2a$", 10), ("web_sessions[s1] gone",),
         kinds=(PostgreSQL,)),
    Case("nginx-proxy-manager", "Ada@example.org", "auth", 1, "secret", judges.bcrypt_as("$2b$", 13, "secret"),
         others=(MariaDB,)),
    Case("nginx-proxy-manager", "grace@example.org", "auth", 2, "secret", judges.bcrypt_as("$2b$", 13, "secret"),
         said=("second factor",)),
    Case("nginx-proxy-manager", "alan@example.org", "auth", 3, "secret", judges.bcrypt_as("$2b$", 13, "secret"),
         said=("disabled", "cannot sign in")),
    Case("sonarr", "Ada", "Users", 1, "Password Salt", judges.sonarr, others=(PostgreSQL,)),
    Case("sonarr", "grace", "Users", 2, "Password Salt Iterations", judges.sonarr),
    Case("wikijs", "ADA@example.org", "users", 1, "password mustChangePwd updatedAt", judges.bcrypt_as("$2a$", 12),
         ("userKeys[1] gone",), others=(PostgreSQL, MariaDB)),
    Case("wikijs", "grace@example.org", "users", 3, "password updatedAt", judges.bcrypt_as("$2a$", 12),
         ("userKeys[2] gone",), said=("second factor",), more=("--no-force-change",)),
    Case("wikijs", "alan@example.org", "users", 4, "password mustChangePwd updatedAt", judges.bcrypt_as("$2a$", 12),
         said=("deactivated", "cannot sign in")),
    Case("mealie", "ADA", "users", "2025-12-10 10:00:01", "password login_attemps locked_at", judges.bcrypt_as("$2b$", 12),
         ("long_live_tokens[1] gone", "password_reset_tokens[1] gone")),
    Case("mealie", "Grace@example.org", "users", "2025-12-10 10:00:02", "password", judges.bcrypt_as("$2b$", 12),
         ("long_live_tokens[2] gone", "password_reset_tokens[2] gone")),
    Case("audiobookshelf", "ada", "users", "7d0c1c5e-2f3a-4a58-9a37-0a1b2c3d4e5f", "pash",
         judges.bcrypt_as("$2a$", 10, "pash"), ("sessions[s1] gone",), said=("Restart",)),
    Case("audiobookshelf", "grace@example.org", "users", "1a0f9f5c-0d59-4b38-9c55-112233445566", "pash",
         judges.bcrypt_as("$2a$", 10, "pash"), ("sessions[s2] gone",)),
    Case("audiobookshelf", "alan", "users", "5f0a9f5c-0d59-4b38-9c55-665544332211", "pash",
         judges.bcrypt_as("$2a$", 10, "pash"), said=("switched off", "cannot sign in")),
    Case("immich", "Ada@example.org", "user", uuid.UUID("7d0c1c5e-2f3a-4a58-9a37-0a1b2c3d4e5f"),
         "password shouldChangePassword", judges.bcrypt_as("$2b$", 10),
         ("session[00000000-0000-4000-8000-000000000001] gone",), kinds=(PostgreSQL,)),
    Case("actual-budget", "password", "auth", "password", "extra_data", judges.bcrypt_as("$2b$", 12, "extra_data"),
         ("sessions[0b7c9d2e-44aa-4a58-8d1c-5e2f9c1a7b22] gone",)),
    Case("bookstack", "Ada@example.org", "users", 1, "password remember_token", judges.bcrypt_as("$2y$", 12),
         ("sessions[s2] gone",), kinds=(MariaDB,)),
    Case("bookstack", "grace@example.org", "users", 3, "password", judges.bcrypt_as("$2y$", 12),
         ("sessions[s1] gone", "password_resets[grace@example.org] gone"), kinds=(MariaDB,)),
    Case("snipe-it", "GRACE", "users", 2, "password remember_token reset_password_code", judges.bcrypt_as("$2y$", 10),
         kinds=(MariaDB,)),
    Case("snipe-it", "alan", "users", 3, "password", judges.bcrypt_as("$2y$", 10), said=("cannot sign in",), kinds=(MariaDB,)),
    Case("firefly-iii", "Ada@example.org", "users", 1, "password remember_token", judges.bcrypt_as("$2y$", 12),
         others=(MariaDB,)),
    Case("ghost", "Ada@example.org", "users", "5951f5fca366002ebd5dbef7", "password", judges.bcrypt_as("$2a$", 10),
         others=(MariaDB,)),
    Case("ghost", "grace@example.org", "users", "5951f5fca366002ebd5dbef8", "password", judges.bcrypt_as("$2a$", 10),
         ("sessions[5951f5fca366002ebd5dbe01] gone", "users[5951f5fca366002ebd5dbef8].status")),
    Case("kanboard", "Admin", "users", 1, "password", judges.bcrypt_as("$2y$", 10), others=(PostgreSQL, MariaDB)),
    Case("kanboard", "grace", "users", 2, "password nb_failed_login lock_expiration_date", judges.bcrypt_as("$2y$", 10),
         ("remember_me[1] gone", "password_reset[a token] gone")),
    Case("vikunja", "GRACE", "users", 2, "password", judges.bcrypt_as("$2a$", 11), ("sessions[s1] gone",)),
    Case("vikunja", "alan", "users", 3, "password", judges.bcrypt_as("$2a$", 11)),
    Case("memos", "ada", "user", 1, "password_hash", judges.bcrypt_as("$2a$", 10, "password_hash")),
    Case("open-webui", "Ada@example.org", "auth", "6d1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11", "password",
         judges.bcrypt_as("$2b$", 12)),
    Case("n8n", "Grace@example.org", "user", "0b7c9d2e-44aa-4a58-8d1c-5e2f9c1a7b22", "password",
         judges.bcrypt_as("$2a$", 10), others=(PostgreSQL,)),
    Case("metabase", "Grace@example.org", "core_user", 2, "password password_salt reset_token reset_triggered",
         judges.metabase, ("core_session[s1] gone",), kinds=(PostgreSQL,)),
    Case("odoo", "admin", "res_users", 2, "password", judges.odoo, kinds=(PostgreSQL,)),
    Case("keycloak", "ADA", "credential", "c1", "secret_data",
         judges.keycloak, also=("user_entity[6d1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11].not_before",), said=("caches",),
         kinds=(PostgreSQL,)),
    Case("discourse", "ADA@example.org", "user_passwords", 1, "password_hash password_salt", judges.discourse,
         kinds=(PostgreSQL,)),
    Case("discourse", "Grace", "user_passwords", 2, "password_hash password_salt", judges.discourse,
         ("user_auth_tokens[1] gone",), kinds=(PostgreSQL,)),
    Case("mastodon", "Grace@example.org", "users", 2, "encrypted_password reset_password_token",
         judges.bcrypt_as("$2a$", 10, "encrypted_password"), ("session_activations[1] gone",),
         said=("not confirmed", "cannot sign in"), kinds=(PostgreSQL,)),
    Case("gitlab", "ROOT", "users", 1, "encrypted_password", judges.bcrypt_as("$2a$", 10, "encrypted_password"),
         kinds=(PostgreSQL,)),
    Case("gitlab", "grace@Example.org", "users", 2, "encrypted_password reset_password_token reset_password_sent_at"
         " failed_attempts locked_at password_automatically_set", judges.bcrypt_as("$2a$", 10, "encrypted_password"),
         kinds=(PostgreSQL,)),
    Case("umami", "admin", "user", "6d1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11", "password", judges.bcrypt_as("$2a$", 10),
         kinds=(PostgreSQL,)),
    Case("kavita", "GRACE", "AspNetUsers", 2, "PasswordHash SecurityStamp ConcurrencyStamp AccessFailedCount LockoutEnd",
         judges.kavita),
]


@dataclasses.dataclass
class Refusal:
    """Nothing is written for it."""
    profile: str
    account: str
    status: int
    said: tuple
    kind: type = SQLite
    extra: str = ""
    yes: bool = True             # False: said without --yes, which would lift it


REFUSED = [
    Refusal("django", "alan", 65, ("no usable password", "changepassword")),
    Refusal("gitea", "alan", 65, ("LDAP", "authentication source")),
    Refusal("gitea", "makers", 67, ("makers",)),
    Refusal("grafana", "alan", 65, ("no password", "reset the password there")),
    Refusal("grafana", "sa-build", 67, ("sa-build",)),
    Refusal("palmr", "alan", 65, ("single sign-on", "external provider")),
    Refusal("palmr", "ADA", 67, ("ADA",)),
    Refusal("nextcloud", "grace", 65, ("unreadable for good", "recovery key"), extra=USER_KEYS),
    Refusal("nextcloud", "Grace Hopper", 67, ("uid_lower", "configvalue in oc_preferences")),
    Refusal("mediawiki", "maintenance script", 65, ("program's own",)),
    Refusal("jellyfin", "alan", 65, ("LDAP", "authentication provider")),
    Refusal("miniflux", "alan", 65, ("OpenID Connect", "--yes"), PostgreSQL, yes=False),
    Refusal("nginx-proxy-manager", "hedy@example.org", 67, ("hedy@example.org",)),
    Refusal("wikijs", "hedy@example.org", 67, ("hedy@example.org",)),
    Refusal("wikijs", "guest@example.com", 67, ("guest@example.com",)),
    Refusal("mealie", "alan", 65, ("LDAP", "change_password")),
    Refusal("immich", "alan@example.org", 65, ("OAuth", "--yes"), PostgreSQL, yes=False),
    Refusal("immich", "hedy@example.org", 67, ("hedy@example.org",), PostgreSQL),
    Refusal("vaultwarden", "ada@example.org", 65, ("vault", "master password", "emergency access")),
    Refusal("lldap", "ada", 65, ("OPAQUE", "lldap_set_password")),
    Refusal("outline", "ada@example.org", 65, ("no passwords", "at the provider"), PostgreSQL),
    Refusal("n8n", "alan@example.org", 65, ("no password", "invitation")),
    Refusal("bookstack", "guest@example.com", 67, ("guest@example.com",), MariaDB),
    Refusal("gitlab", "support-bot", 67, ("support-bot",), PostgreSQL),
    Refusal("odoo", "__system__", 67, ("__system__",), PostgreSQL),
    Refusal("discourse", "system", 77, ("no password", "user_passwords"), PostgreSQL),
]
