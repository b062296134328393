-- Kanboard, SQLite: app/Schema/Sql/postgres.sql of kanboard/kanboard at 2cba210dbad4e110d4efdec97d71a38b5df48dad, which has the
-- same tables and columns
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE `users` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `username` VARCHAR(255) NOT NULL UNIQUE,
    `password` VARCHAR(255) NULL,
    `is_ldap_user` INTEGER DEFAULT 0,
    `name` VARCHAR(255) NULL,
    `email` VARCHAR(255) NULL,
    `google_id` VARCHAR(255) NULL,
    `notifications_enabled` INTEGER DEFAULT 0,
    `timezone` VARCHAR(50) NULL,
    `disable_login_form` INTEGER DEFAULT 0,
    `twofactor_activated` INTEGER DEFAULT 0,
    `twofactor_secret` VARCHAR(16) NULL,
    `token` VARCHAR(255) DEFAULT '',
    `nb_failed_login` INTEGER DEFAULT 0,
    `lock_expiration_date` INTEGER DEFAULT 0,
    `role` VARCHAR(25) NOT NULL DEFAULT 'app-user',
    `is_active` INTEGER DEFAULT 1,
    `api_access_token` VARCHAR(255) NULL
);
CREATE TABLE `remember_me` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `user_id` INTEGER NULL,
    `ip` VARCHAR(45) NULL,
    `user_agent` VARCHAR(255) NULL,
    `token` VARCHAR(255) NULL,
    `sequence` VARCHAR(255) NULL,
    `expiration` INTEGER NULL,
    `date_creation` INTEGER NULL
);
CREATE TABLE `password_reset` (
    `token` VARCHAR(80) NOT NULL PRIMARY KEY,
    `user_id` INTEGER NOT NULL,
    `date_expiration` INTEGER NOT NULL,
    `date_creation` INTEGER NOT NULL,
    `ip` VARCHAR(45) NOT NULL,
    `user_agent` VARCHAR(255) NOT NULL,
    `is_active` INTEGER NOT NULL
);
CREATE TABLE `sessions` (`id` VARCHAR(255) NOT NULL PRIMARY KEY, `expire_at` INTEGER NOT NULL, `data` VARCHAR(255) DEFAULT '');
CREATE TABLE `last_logins` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `auth_type` VARCHAR(25) NULL, `user_id` INTEGER NULL, `ip` VARCHAR(45) NULL);
CREATE TABLE `projects` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `name` VARCHAR(255) NOT NULL, `is_active` INTEGER DEFAULT 1, `token` VARCHAR(255) NULL, `email` VARCHAR(255) NULL, `owner_id` INTEGER DEFAULT 0);
CREATE TABLE `schema_version` (`version` INTEGER DEFAULT 0);

INSERT INTO `users` (`id`, `username`, `password`, `name`, `email`, `nb_failed_login`, `lock_expiration_date`, `role`, `is_active`) VALUES
    (1, 'admin', '$2y$10$4lAu5oaHM46TiQekuw3hIuH3Fpq4jtp7sL4udFqX9qI1JIQZg5ir.', 'Ada', 'ada@example.org', 0, 0, 'app-admin', 1),
    (2, 'grace', '$2y$10$ywWn678a/c4NgV0lXR0DL.am4IPL.TsZrU73H9pZ9q86K87OpPvLa', 'Grace', 'grace@example.org', 6, 1900000000, 'app-user', 1);
INSERT INTO `remember_me` VALUES (1, 2, '127.0.0.1', 'x', 'a token', 's', 1900000000, 1765360000);
INSERT INTO `password_reset` VALUES ('a token', 2, 1900000000, 1765360000, '127.0.0.1', 'x', 1);
INSERT INTO `projects` VALUES (1, 'A project', 1, 'a token', NULL, 1);
INSERT INTO `last_logins` VALUES (1, 'Database', 1, '127.0.0.1');
