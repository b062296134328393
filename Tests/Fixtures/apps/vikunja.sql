-- Vikunja, SQLite: pkg/user/user.go, token.go and totp.go, pkg/models/sessions.go and link_sharing.go of go-vikunja/vikunja at
-- 762dc4ebe6f3fbff15d90a0a119f0c6a4720e033
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE `users` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `name` TEXT NULL,
    `username` VARCHAR(250) NOT NULL UNIQUE,
    `password` VARCHAR(250) NULL,
    `email` VARCHAR(250) NULL,
    `pending_email` VARCHAR(250) NULL,
    `status` INTEGER DEFAULT 0,
    `is_admin` INTEGER NOT NULL DEFAULT 0,
    `avatar_provider` VARCHAR(255) NULL,
    `issuer` TEXT NULL,
    `subject` TEXT NULL,
    `email_reminders_enabled` INTEGER DEFAULT 1,
    `bot_owner_id` BIGINT NULL,
    `deletion_scheduled_at` DATETIME NULL,
    `created` DATETIME NOT NULL,
    `updated` DATETIME NOT NULL
);
CREATE TABLE `user_tokens` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `user_id` INTEGER NOT NULL, `token` VARCHAR(450) NOT NULL, `kind` INTEGER NOT NULL, `created` DATETIME NOT NULL);
CREATE TABLE `sessions` (
    `id` VARCHAR(36) NOT NULL PRIMARY KEY,
    `user_id` BIGINT NOT NULL,
    `token_hash` VARCHAR(64) NOT NULL UNIQUE,
    `device_info` TEXT NULL,
    `ip_address` VARCHAR(100) NULL,
    `is_long_session` INTEGER NOT NULL DEFAULT 0,
    `last_active` DATETIME NOT NULL,
    `created` DATETIME NOT NULL
);
CREATE TABLE `totp` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `user_id` BIGINT NOT NULL, `secret` TEXT NOT NULL, `enabled` INTEGER NULL, `url` TEXT NULL);
CREATE TABLE `link_shares` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `hash` VARCHAR(40) NOT NULL UNIQUE,
    `name` TEXT NULL,
    `project_id` BIGINT NOT NULL,
    `permission` BIGINT NOT NULL DEFAULT 0,
    `sharing_type` BIGINT NOT NULL DEFAULT 0,
    `password` TEXT NULL,
    `shared_by_id` BIGINT NOT NULL
);
CREATE TABLE `projects` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `title` VARCHAR(250) NOT NULL, `owner_id` BIGINT NOT NULL);

INSERT INTO `users` (`id`, `name`, `username`, `password`, `email`, `status`, `is_admin`, `created`, `updated`) VALUES
    (1, 'Ada Lovelace', 'ada', '$2a$11$L3PS..D.RJmCjglyVjTF0Oad5rNchDvBaLTDFJDjir2/eQhfIX6j.', 'ada@example.org', 0, 1, '2025-12-10 10:00:00', '2025-12-10 10:00:00'),
    (2, '', 'grace', '$2a$11$b/1Edb1YIQCU70KK07bVHuD/yubrQbKOanLvVFzp4068PlWMmDqe.', 'grace@example.org', 0, 0, '2025-12-10 10:00:00', '2025-12-10 10:00:00'),
    (3, '', 'alan', NULL, 'alan@example.org', 0, 0, '2025-12-10 10:00:00', '2025-12-10 10:00:00');
INSERT INTO `sessions` VALUES ('s1', 2, 'h', 'x', '127.0.0.1', 0, '2025-12-10 10:00:00', '2025-12-10 10:00:00');
INSERT INTO `link_shares` VALUES (1, 'aBcDeF', 'for the printer', 1, 0, 2, '$2a$11$jRN0HwEJhpnCd/3Ra6ZLsuAOp83tGOSIWJ/DhEy3h5EQczLz1ZlCq', 1);
INSERT INTO `projects` VALUES (1, 'Inbox', 1);
