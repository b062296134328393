-- Ghost, MySQL: ghost/core/core/server/data/schema/schema.js of TryGhost/Ghost at 0025b329569a0e8a90468f8c1ef19fee14a03467; the
-- types are those that SQLite takes too
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE `users` (
    `id` VARCHAR(24) NOT NULL PRIMARY KEY,
    `name` VARCHAR(191) NOT NULL,
    `slug` VARCHAR(191) NOT NULL UNIQUE,
    `password` VARCHAR(60) NOT NULL,
    `email` VARCHAR(191) NOT NULL UNIQUE,
    `profile_image` VARCHAR(2000) NULL,
    `website` VARCHAR(2000) NULL,
    `status` VARCHAR(50) NOT NULL DEFAULT 'active',
    `locale` VARCHAR(6) NULL,
    `visibility` VARCHAR(50) NOT NULL DEFAULT 'public',
    `last_seen` DATETIME NULL,
    `comment_notifications` TINYINT(1) NOT NULL DEFAULT 1,
    `created_at` DATETIME NOT NULL,
    `updated_at` DATETIME NULL
);
CREATE TABLE `sessions` (`id` VARCHAR(24) NOT NULL PRIMARY KEY, `session_id` VARCHAR(32) NOT NULL UNIQUE, `user_id` VARCHAR(24) NOT NULL, `session_data` VARCHAR(2000) NOT NULL, `created_at` DATETIME NOT NULL, `updated_at` DATETIME NULL);
CREATE TABLE `brute` (`key` VARCHAR(191) NOT NULL PRIMARY KEY, `firstRequest` BIGINT NOT NULL, `lastRequest` BIGINT NOT NULL, `lifetime` BIGINT NOT NULL, `count` INTEGER NOT NULL);
CREATE TABLE `roles` (`id` VARCHAR(24) NOT NULL PRIMARY KEY, `name` VARCHAR(50) NOT NULL UNIQUE, `description` VARCHAR(2000) NULL, `created_at` DATETIME NOT NULL);
CREATE TABLE `roles_users` (`id` VARCHAR(24) NOT NULL PRIMARY KEY, `role_id` VARCHAR(24) NOT NULL, `user_id` VARCHAR(24) NOT NULL);
CREATE TABLE `invites` (`id` VARCHAR(24) NOT NULL PRIMARY KEY, `role_id` VARCHAR(24) NOT NULL, `status` VARCHAR(50) NOT NULL DEFAULT 'pending', `token` VARCHAR(191) NOT NULL UNIQUE, `email` VARCHAR(191) NOT NULL UNIQUE, `expires` BIGINT NOT NULL);
CREATE TABLE `members` (`id` VARCHAR(24) NOT NULL PRIMARY KEY, `uuid` VARCHAR(36) NOT NULL UNIQUE, `email` VARCHAR(191) NOT NULL UNIQUE, `status` VARCHAR(50) NOT NULL DEFAULT 'free', `name` VARCHAR(191) NULL, `note` VARCHAR(2000) NULL);
CREATE TABLE `posts` (`id` VARCHAR(24) NOT NULL PRIMARY KEY, `title` VARCHAR(2000) NOT NULL, `slug` VARCHAR(191) NOT NULL, `status` VARCHAR(50) NOT NULL DEFAULT 'draft');

INSERT INTO `users` (`id`, `name`, `slug`, `password`, `email`, `status`, `created_at`) VALUES
    ('5951f5fca366002ebd5dbef7', 'Ada Lovelace', 'ada', '$2a$10$u5W6BaksBRuTF13AZL7Yz.7R1VsgxhmYDYO5iANfZcT1nebM7pPKO', 'ada@example.org', 'active', '2025-12-10 10:00:00'),
    ('5951f5fca366002ebd5dbef8', 'Grace Hopper', 'grace', '$2a$10$/2BX6ckEAkN8Jtkp2Qpi3OxiH5UtWBxIPa2XGtkz3YOW.lq3qFrdm', 'grace@example.org', 'locked', '2025-12-10 10:00:00');
INSERT INTO `sessions` VALUES ('5951f5fca366002ebd5dbe01', 's', '5951f5fca366002ebd5dbef8', '{}', '2025-12-10 10:00:00', NULL);
INSERT INTO `roles` VALUES ('r1', 'Owner', 'Blog Owner', '2025-12-10 10:00:00');
INSERT INTO `roles_users` VALUES ('ru1', 'r1', '5951f5fca366002ebd5dbef7');
INSERT INTO `members` VALUES ('m1', '6d1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11', 'reader@example.org', 'free', 'A reader', NULL);
INSERT INTO `posts` VALUES ('p1', 'A post', 'a-post', 'published');
