-- Actual Budget, SQLite (account.sqlite): packages/sync-server/migrations/1718889148000-openid.js at
-- 0e13e9e8f4fd754defbe899b98a9dbf83b89628a and 1719409568000-multiuser.js at 7ea9778185cc2865b3e411e99954b1e7f19253a0 of actualbudget/actual
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE `auth` (`method` TEXT PRIMARY KEY, `display_name` TEXT, `extra_data` TEXT, `active` INTEGER);
CREATE TABLE `sessions` (`token` TEXT PRIMARY KEY, `expires_at` INTEGER, `user_id` TEXT, `auth_method` TEXT);
CREATE TABLE `users` (
    `id` TEXT PRIMARY KEY,
    `user_name` TEXT,
    `display_name` TEXT,
    `role` TEXT,
    `enabled` INTEGER NOT NULL DEFAULT 1,
    `owner` INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE `user_access` (`user_id` TEXT, `file_id` TEXT, PRIMARY KEY (`user_id`, `file_id`));
CREATE TABLE `files` (`id` TEXT PRIMARY KEY, `group_id` TEXT, `sync_version` SMALLINT, `encrypt_salt` TEXT, `encrypt_test` TEXT, `name` TEXT, `owner` TEXT);
CREATE TABLE `secrets` (`name` TEXT PRIMARY KEY, `value` TEXT);
CREATE TABLE `pending_openid_requests` (`state` TEXT PRIMARY KEY, `code_verifier` TEXT, `return_url` TEXT, `expiry_time` INTEGER);

INSERT INTO `auth` VALUES ('password', 'Password', '$2b$12$wzIHPGOPJQ7MWUYF98DrCO/2Qm8BsJtntc8X2nFyX10WRCLidgNym', 1);
INSERT INTO `users` VALUES ('6d1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11', '', '', 'ADMIN', 1, 1);
INSERT INTO `sessions` VALUES ('0b7c9d2e-44aa-4a58-8d1c-5e2f9c1a7b22', -1, '6d1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11', 'password');
