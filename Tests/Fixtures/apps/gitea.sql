-- Gitea, SQLite: models/user/user.go at 06c5f30fc49870eb6d3b8922cfd85e9d5ac003b6, models/user/email_address.go at
-- 9b94b4ff249460c52f3a61eaec1383bffce20357 and models/auth/auth_token.go at 207dc75978451d9f9cde3c8fbf812df16c1cce13 of go-gitea/gitea
-- Written anew from that schema: the tables that a reset meets, and three accounts whose password is
-- meadow-Copper-74-signal

CREATE TABLE `user` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `lower_name` TEXT NOT NULL,
    `name` TEXT NOT NULL,
    `full_name` TEXT NULL,
    `email` TEXT NOT NULL,
    `keep_email_private` INTEGER NULL,
    `email_notifications_preference` TEXT DEFAULT 'enabled' NOT NULL,
    `passwd` TEXT NOT NULL,
    `passwd_hash_algo` TEXT DEFAULT 'argon2' NOT NULL,
    `must_change_password` INTEGER DEFAULT 0 NOT NULL,
    `login_type` INTEGER NULL,
    `login_source` INTEGER DEFAULT 0 NOT NULL,
    `login_name` TEXT NULL,
    `type` INTEGER NULL,
    `location` TEXT NULL,
    `website` TEXT NULL,
    `rands` TEXT NULL,
    `salt` TEXT NULL,
    `language` TEXT NULL,
    `description` TEXT NULL,
    `created_unix` INTEGER NULL,
    `updated_unix` INTEGER NULL,
    `last_login_unix` INTEGER NULL,
    `last_repo_visibility` INTEGER NULL,
    `max_repo_creation` INTEGER DEFAULT -1 NOT NULL,
    `is_active` INTEGER NULL,
    `is_admin` INTEGER NULL,
    `is_restricted` INTEGER DEFAULT 0 NOT NULL,
    `allow_git_hook` INTEGER NULL,
    `allow_import_local` INTEGER NULL,
    `allow_create_organization` INTEGER DEFAULT 1 NULL,
    `prohibit_login` INTEGER DEFAULT 0 NOT NULL,
    `avatar` TEXT NOT NULL,
    `avatar_email` TEXT NOT NULL,
    `use_custom_avatar` INTEGER NULL,
    `num_followers` INTEGER NULL,
    `num_following` INTEGER DEFAULT 0 NOT NULL,
    `num_stars` INTEGER NULL,
    `num_repos` INTEGER NULL,
    `num_teams` INTEGER NULL,
    `num_members` INTEGER NULL,
    `visibility` INTEGER DEFAULT 0 NOT NULL,
    `repo_admin_change_team_access` INTEGER DEFAULT 0 NOT NULL,
    `diff_view_style` TEXT DEFAULT '' NOT NULL,
    `theme` TEXT DEFAULT '' NOT NULL,
    `keep_activity_private` INTEGER DEFAULT 0 NOT NULL
);
CREATE UNIQUE INDEX `UQE_user_lower_name` ON `user` (`lower_name`);
CREATE UNIQUE INDEX `UQE_user_name` ON `user` (`name`);

CREATE TABLE `email_address` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `uid` INTEGER NOT NULL,
    `email` TEXT NOT NULL,
    `lower_email` TEXT NOT NULL,
    `is_activated` INTEGER NULL,
    `is_primary` INTEGER DEFAULT 0 NOT NULL
);

CREATE TABLE `repository` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `owner_id` INTEGER NULL, `lower_name` TEXT NOT NULL);

CREATE TABLE `auth_token` (
    `id` TEXT PRIMARY KEY NOT NULL,
    `token_hash` TEXT NULL,
    `user_id` INTEGER NULL,
    `expires_unix` INTEGER NULL
);
CREATE INDEX `IDX_auth_token_user_id` ON `auth_token` (`user_id`);

INSERT INTO `user` (`id`, `lower_name`, `name`, `full_name`, `email`, `passwd`, `passwd_hash_algo`, `salt`, `must_change_password`, `login_type`, `type`, `is_active`, `is_admin`, `prohibit_login`, `avatar`, `avatar_email`, `created_unix`, `updated_unix`) VALUES
    (1, 'ada', 'Ada', 'Ada Lovelace', 'ada@example.org', 'c07570e857373494335cb6d49695db04c649fed955730f68bdc8ee51fe8608ffba296200f5c1c90db295baa78a833a812354', 'pbkdf2$50000$50', 'ae469edb3226a893136bfb3e5acdc1db', 0, 0, 0, 1, 1, 0, '', 'ada@example.org', 1765360000, 1765360000),
    -- From before the algorithm had numbers, with a salt of ten characters.
    (2, 'grace', 'grace', '', 'grace@example.org', '9fe87b9941bfbc7a1a34361c05854839e01776afadd2d9a0b5d957eacce98de8513f79610106b4db2ca4809a96da6ddc291d', 'pbkdf2', 'Zo9KvWdyEx', 0, 1, 0, 1, 0, 1, '', 'grace@example.org', 1765360000, 1765360000),
    (3, 'alan', 'alan', '', 'alan@example.org', '', '', '', 0, 2, 0, 1, 0, 0, '', 'alan@example.org', 1765360000, 1765360000),
    (4, 'makers', 'makers', '', '', '', '', '', 0, 0, 1, 1, 0, 0, '', '', 1765360000, 1765360000);
INSERT INTO `auth_token` VALUES ('t1', 'hash', 1, 1767360000), ('t2', 'hash', 2, 1767360000);
