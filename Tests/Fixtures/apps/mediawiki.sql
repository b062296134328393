-- MediaWiki, SQLite: maintenance/sqlite/tables-generated.sql of the Debian package mediawiki 1:1.39.17-1+deb12u2
-- Written anew from that schema: the tables that a reset meets, and three accounts whose password is meadow-Copper-74-signal,
-- the fourth is one of the program's own

CREATE TABLE `user` (
    user_id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_name BLOB DEFAULT '' NOT NULL,
    user_real_name BLOB DEFAULT '' NOT NULL,
    user_password BLOB NOT NULL, user_newpassword BLOB NOT NULL,
    user_newpass_time BLOB DEFAULT NULL,
    user_email CLOB NOT NULL, user_touched BLOB NOT NULL,
    user_token BLOB DEFAULT '' NOT NULL,
    user_email_authenticated BLOB DEFAULT NULL,
    user_email_token BLOB DEFAULT NULL,
    user_email_token_expires BLOB DEFAULT NULL,
    user_registration BLOB DEFAULT NULL,
    user_editcount INTEGER UNSIGNED DEFAULT NULL,
    user_password_expires BLOB DEFAULT NULL
);
CREATE UNIQUE INDEX user_name ON `user` (user_name);

CREATE TABLE user_groups (
    ug_user INTEGER UNSIGNED DEFAULT 0 NOT NULL,
    ug_group BLOB DEFAULT '' NOT NULL,
    ug_expiry BLOB DEFAULT NULL,
    PRIMARY KEY (ug_user, ug_group)
);

CREATE TABLE user_properties (up_user INTEGER UNSIGNED NOT NULL, up_property BLOB NOT NULL, up_value BLOB DEFAULT NULL, PRIMARY KEY (up_user, up_property));
CREATE TABLE site_stats (ss_row_id INTEGER UNSIGNED NOT NULL, ss_users BIGINT UNSIGNED DEFAULT NULL, PRIMARY KEY (ss_row_id));

INSERT INTO `user` (user_name, user_real_name, user_password, user_newpassword, user_newpass_time, user_email, user_touched, user_token) VALUES
    ('Ada', 'Ada Lovelace', ':pbkdf2:sha512:30000:64:0g1io3zXV125lWjxlhLdXA==:Qj4odbs9eQ8XpPXd+tlpvSO+gjU/i8/g5J1H7k/b+pQtY2tB/Z/GA3LBSv+9sS6BFVNIyO+hJIrWYGjR4M9vAg==', '', NULL, 'Ada@example.org', '20251210100000', '0123456789abcdef0123456789abcdef'),
    ('Grace Hopper', '', ':pbkdf2:sha256:30000:64:0xj176i/6hH4uDqO/6r02Q==:6T7KtqdFT8q04JV6laeOz7+5P3L5Jwqckr1qmav3oVqD3JKsCyvBoF16L9R883UjCtuLYqJZ6Gs7p61cyyv9ZA==', ':pbkdf2:sha512:30000:64:c715f2O8zwVU4TinU8vmsQ==:oA69LvoiFosDwShgB1T+l/lQ3YNv5DPuHR6erslZY+/vfm7s2x/BiiUzo0MJ0eVfC8FdEmzEjDzDILhEzkHVGQ==', '20251210100000', 'grace@example.org', '20251210100000', '123456789abcdef0123456789abcdef0'),
    ('Alan', '', ':pbkdf2:sha512:30000:64:AKR6FTh9pYD8ozqLg7N3HQ==:msJniX2StyqvyabS18rZr1pteS3ofZoynL57z8AXNNQQgPfgRdhAe/yq4doqtXxS70hlClJCPGEH+R8t1L7YtQ==', '', NULL, '', '20251210100000', '23456789abcdef0123456789abcdef01'),
    ('Maintenance script', '', '', '', NULL, '', '20251210100000', '*** INVALID ***');
INSERT INTO user_groups (ug_user, ug_group) VALUES (1, 'sysop');
INSERT INTO user_groups (ug_user, ug_group) VALUES (2, 'bot');
