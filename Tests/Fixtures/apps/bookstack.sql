-- BookStack, MySQL: database/migrations of BookStackApp/BookStack at 6f1c54d018f7d55301eb4c31055b04769f5924d7; the types are
-- those that SQLite takes too
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE `users` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `name` VARCHAR(191) NOT NULL,
    `email` VARCHAR(191) NOT NULL UNIQUE,
    `password` VARCHAR(60) NOT NULL,
    `remember_token` VARCHAR(100) NULL,
    `created_at` DATETIME NULL,
    `updated_at` DATETIME NULL,
    `email_confirmed` TINYINT(1) NOT NULL DEFAULT 1,
    `image_id` INTEGER NOT NULL DEFAULT 0,
    `external_auth_id` VARCHAR(191) NOT NULL,
    `system_name` VARCHAR(191) NULL,
    `slug` VARCHAR(180) NOT NULL UNIQUE
);
CREATE TABLE `password_resets` (`email` VARCHAR(191) NOT NULL, `token` VARCHAR(191) NOT NULL, `created_at` DATETIME NULL);
CREATE TABLE `sessions` (
    `id` VARCHAR(191) NOT NULL UNIQUE,
    `user_id` INTEGER NULL,
    `ip_address` VARCHAR(45) NULL,
    `user_agent` VARCHAR(255) NULL,
    `payload` VARCHAR(255) NOT NULL,
    `last_activity` INTEGER NOT NULL
);
CREATE TABLE `api_tokens` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `name` VARCHAR(191) NOT NULL,
    `token_id` VARCHAR(191) NOT NULL UNIQUE,
    `secret` VARCHAR(191) NOT NULL,
    `user_id` INTEGER NOT NULL,
    `expires_at` DATE NOT NULL
);
CREATE TABLE `mfa_values` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `user_id` INTEGER NOT NULL, `method` VARCHAR(20) NOT NULL, `value` VARCHAR(255) NOT NULL);
CREATE TABLE `user_invites` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `user_id` INTEGER NOT NULL, `token` VARCHAR(191) NOT NULL);
CREATE TABLE `email_confirmations` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `user_id` INTEGER NOT NULL, `token` VARCHAR(191) NOT NULL);
CREATE TABLE `books` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `name` VARCHAR(191) NOT NULL, `slug` VARCHAR(191) NOT NULL, `created_by` INTEGER NULL);

INSERT INTO `users` (`id`, `name`, `email`, `password`, `remember_token`, `created_at`, `updated_at`, `external_auth_id`, `system_name`, `slug`) VALUES
    (1, 'Ada Lovelace', 'ada@example.org', '$2y$12$mU3xWEbCM4oQJJQaZVM9quacaRD0TP9zAqmbliLbLXYC..7KfFAOy', 'n5Qe0fVt1yN6m0aD', '2025-12-10 10:00:00', '2025-12-10 10:00:00', '', NULL, 'ada-lovelace'),
    (2, 'Guest', 'guest@example.com', '', NULL, '2025-12-10 10:00:00', '2025-12-10 10:00:00', '', 'public', 'guest'),
    (3, 'Grace Hopper', 'grace@example.org', '$2y$12$zB0EVobNbA1te.K4S8BdN.IejpcUJYL7cNHgTBSMgmjM5REGOPqD.', NULL, '2025-12-10 10:00:00', '2025-12-10 10:00:00', '', NULL, 'grace-hopper');
INSERT INTO `api_tokens` VALUES (1, 'backup', 'rJp0mXq3', '$2y$10$xa.9jSzFuxK8Gur7LQ3QkuWo6lDmBwsJlfBw4w0.RrC4He86ftLvW', 1, '2030-01-01');
INSERT INTO `password_resets` VALUES ('grace@example.org', 'a token', '2025-12-10 10:00:00');
INSERT INTO `sessions` VALUES ('s1', 3, '127.0.0.1', 'x', 'y', 1765360000), ('s2', 1, '127.0.0.1', 'x', 'y', 1765360000);
INSERT INTO `books` VALUES (1, 'A book', 'a-book', 1);
