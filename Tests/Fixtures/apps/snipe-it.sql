-- Snipe-IT, MySQL: database/migrations of snipe/snipe-it at 5aa5c48018f25ae5eb8671bc278469e85d0ac054; the types are those that
-- SQLite takes too
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE `users` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `email` VARCHAR(191) NULL,
    `password` VARCHAR(191) NOT NULL,
    `permissions` VARCHAR(2000) NULL,
    `activated` TINYINT(1) NOT NULL DEFAULT 0,
    `created_by` INTEGER NULL,
    `activation_code` VARCHAR(191) NULL,
    `activated_at` DATETIME NULL,
    `last_login` DATETIME NULL,
    `persist_code` VARCHAR(191) NULL,
    `reset_password_code` VARCHAR(191) NULL,
    `first_name` VARCHAR(191) NULL,
    `last_name` VARCHAR(191) NULL,
    `created_at` DATETIME NULL,
    `updated_at` DATETIME NULL,
    `deleted_at` DATETIME NULL,
    `employee_num` VARCHAR(255) NULL,
    `username` VARCHAR(191) NULL,
    `remember_token` VARCHAR(255) NULL,
    `ldap_import` TINYINT(1) NOT NULL DEFAULT 0,
    `locale` VARCHAR(10) NULL,
    `two_factor_secret` VARCHAR(32) NULL,
    `two_factor_enrolled` TINYINT(1) NOT NULL DEFAULT 0,
    `two_factor_optin` TINYINT(1) NOT NULL DEFAULT 0,
    `scim_externalid` VARCHAR(191) NULL
);
CREATE TABLE `password_resets` (`email` VARCHAR(191) NOT NULL, `token` VARCHAR(191) NOT NULL, `created_at` DATETIME NULL);
CREATE TABLE `login_attempts` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `username` VARCHAR(191) NULL, `remote_ip` VARCHAR(45) NULL, `user_agent` VARCHAR(255) NULL, `successful` TINYINT(1) NULL);
CREATE TABLE `throttle` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `user_id` INTEGER NULL, `ip_address` VARCHAR(191) NULL, `attempts` INTEGER NOT NULL DEFAULT 0, `banned` TINYINT(1) NOT NULL DEFAULT 0);
CREATE TABLE `accessories_users` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `accessory_id` INTEGER NULL, `assigned_to` INTEGER NULL, `note` VARCHAR(255) NULL);
CREATE TABLE `assets` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `name` VARCHAR(191) NULL, `asset_tag` VARCHAR(191) NULL, `created_by` INTEGER NULL);

INSERT INTO `users` (`id`, `email`, `password`, `permissions`, `activated`, `first_name`, `last_name`, `username`, `remember_token`, `reset_password_code`) VALUES
    (1, 'ada@example.org', '$2y$10$vEusZ.mFnOLDy6sC/.QzB.bm7yaU7C/VlG7XAukE5weAX2jsVA5Cu', '{"superuser":"1"}', 1, 'Ada', 'Lovelace', 'ada', NULL, NULL),
    (2, 'grace@example.org', '$2y$10$R2EJAsp15tCXo6sLE0K7zOfZcOemtwz0MfmSi4KNF8yz5r2WOu/w.', NULL, 1, 'Grace', 'Hopper', 'grace', 'a token', 'a code'),
    (3, NULL, '*** NO PASSWORD ***', NULL, 0, 'Alan', 'Turing', 'alan', NULL, NULL);
INSERT INTO `login_attempts` VALUES (1, 'grace', '127.0.0.1', 'x', 0);
INSERT INTO `assets` VALUES (1, 'A laptop', 'A1', 1);
