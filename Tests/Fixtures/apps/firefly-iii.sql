-- Firefly III, MySQL: database/migrations of firefly-iii/firefly-iii at a95b82b14cb01b6e40491f2a94c53b47b71766e7; the types are
-- those that SQLite takes too
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE `users` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `objectguid` VARCHAR(36) NULL,
    `created_at` DATETIME NULL,
    `updated_at` DATETIME NULL,
    `email` VARCHAR(255) NOT NULL,
    `password` VARCHAR(60) NOT NULL,
    `remember_token` VARCHAR(100) NULL,
    `reset` VARCHAR(32) NULL,
    `blocked` TINYINT(1) NOT NULL DEFAULT 0,
    `blocked_code` VARCHAR(25) NULL,
    `mfa_secret` VARCHAR(50) NULL,
    `domain` VARCHAR(255) NULL,
    `user_group_id` INTEGER NULL
);
CREATE TABLE `accounts` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `user_id` INTEGER NOT NULL,
    `account_type_id` INTEGER NOT NULL,
    `name` VARCHAR(1024) NOT NULL,
    `virtual_balance` VARCHAR(32) NULL,
    `iban` VARCHAR(255) NULL,
    `active` TINYINT(1) NOT NULL DEFAULT 1,
    `encrypted` TINYINT(1) NOT NULL DEFAULT 0
);
CREATE TABLE `password_resets` (`email` VARCHAR(255) NOT NULL, `token` VARCHAR(255) NOT NULL, `created_at` DATETIME NULL);
CREATE TABLE `sessions` (`id` VARCHAR(191) NOT NULL UNIQUE, `user_id` INTEGER NULL, `ip_address` VARCHAR(45) NULL, `user_agent` VARCHAR(255) NULL, `payload` VARCHAR(255) NOT NULL, `last_activity` INTEGER NOT NULL);
CREATE TABLE `oauth_access_tokens` (`id` VARCHAR(100) NOT NULL PRIMARY KEY, `user_id` INTEGER NULL, `client_id` INTEGER NOT NULL, `name` VARCHAR(255) NULL, `revoked` TINYINT(1) NOT NULL);
CREATE TABLE `roles` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `name` VARCHAR(191) NOT NULL UNIQUE);
CREATE TABLE `role_user` (`user_id` INTEGER NOT NULL, `role_id` INTEGER NOT NULL, PRIMARY KEY (`user_id`, `role_id`));

INSERT INTO `users` (`id`, `created_at`, `email`, `password`, `remember_token`, `blocked`) VALUES
    (1, '2025-12-10 10:00:00', 'ada@example.org', '$2y$12$VRfFsDbj3a17IZtqy8lbnuvHAmI/bQxQEzsfRQHHZmqSziL3cJk/.', 'a token', 0);
INSERT INTO `accounts` VALUES (1, 1, 3, 'Checking account', NULL, 'NL00', 1, 0), (2, 1, 4, 'Shop', NULL, NULL, 1, 0);
INSERT INTO `roles` VALUES (1, 'owner');
INSERT INTO `role_user` VALUES (1, 1);
