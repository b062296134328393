-- Memos, SQLite: store/migration/sqlite/LATEST.sql of usememos/memos at 76a762924306e782871204f131f4033be5e8e41a
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE `system_setting` (`name` TEXT NOT NULL UNIQUE, `value` TEXT NOT NULL, `description` TEXT NOT NULL DEFAULT '');
CREATE TABLE `user` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT,
    `created_ts` BIGINT NOT NULL DEFAULT 0,
    `updated_ts` BIGINT NOT NULL DEFAULT 0,
    `row_status` TEXT NOT NULL DEFAULT 'NORMAL',
    `username` TEXT NOT NULL UNIQUE,
    `role` TEXT NOT NULL DEFAULT 'USER',
    `email` TEXT NOT NULL DEFAULT '',
    `nickname` TEXT NOT NULL DEFAULT '',
    `password_hash` TEXT NOT NULL,
    `avatar_url` TEXT NOT NULL DEFAULT '',
    `description` TEXT NOT NULL DEFAULT ''
);
CREATE TABLE `user_setting` (`user_id` INTEGER NOT NULL, `key` TEXT NOT NULL, `value` TEXT NOT NULL, UNIQUE (`user_id`, `key`));
CREATE TABLE `memo` (`id` INTEGER PRIMARY KEY AUTOINCREMENT, `uid` TEXT NOT NULL UNIQUE, `creator_id` INTEGER NOT NULL, `row_status` TEXT NOT NULL DEFAULT 'NORMAL', `content` TEXT NOT NULL DEFAULT '', `visibility` TEXT NOT NULL DEFAULT 'PRIVATE');
CREATE TABLE `idp` (`id` INTEGER PRIMARY KEY AUTOINCREMENT, `name` TEXT NOT NULL, `type` TEXT NOT NULL, `identifier_filter` TEXT NOT NULL DEFAULT '');

INSERT INTO `user` (`id`, `created_ts`, `updated_ts`, `row_status`, `username`, `role`, `email`, `nickname`, `password_hash`) VALUES
    (1, 1765360000, 1765360000, 'NORMAL', 'ada', 'ADMIN', 'ada@example.org', 'Ada', '$2a$10$k6AsGgxtdFfw/R7QSMRXjeThA81dkYnnX03/LJnzAWjaF0A.jHJt2'),
    (2, 1765360000, 1765360000, 'NORMAL', 'grace', 'USER', '', 'Grace', '$2a$10$s3it5Wg/n/pZFIfUtfbRtOvESbMZaJ18bV2DxRTUF4twA3KfGioHS');
INSERT INTO `memo` VALUES (1, 'a', 1, 'NORMAL', 'a memo', 'PRIVATE');
INSERT INTO `user_setting` VALUES (2, 'GENERAL', '{}');
