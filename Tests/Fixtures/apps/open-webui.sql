-- Open WebUI, SQLite: backend/open_webui/models/auths.py at 02e677246aba5236d3484d5da48d57e9519a9943 and users.py at
-- 01934b00a4023d97f898a9d466b4af4a2e807af1 of open-webui/open-webui
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE `auth` (`id` VARCHAR(255) NOT NULL PRIMARY KEY, `email` VARCHAR(255) NOT NULL, `password` VARCHAR(255) NOT NULL, `active` INTEGER NOT NULL);
CREATE TABLE `user` (
    `id` VARCHAR(255) NOT NULL PRIMARY KEY,
    `name` VARCHAR(255) NOT NULL,
    `email` VARCHAR(255) NOT NULL,
    `role` VARCHAR(255) NOT NULL,
    `profile_image_url` VARCHAR(255) NOT NULL,
    `api_key` VARCHAR(255) NULL UNIQUE,
    `created_at` INTEGER NOT NULL,
    `updated_at` INTEGER NOT NULL,
    `last_active_at` INTEGER NOT NULL,
    `settings` VARCHAR(255) NULL,
    `info` VARCHAR(255) NULL,
    `oauth_sub` VARCHAR(255) NULL UNIQUE
);
CREATE TABLE `chat` (`id` VARCHAR(255) NOT NULL PRIMARY KEY, `user_id` VARCHAR(255) NOT NULL, `title` VARCHAR(255) NOT NULL, `share_id` VARCHAR(255) NULL UNIQUE);
CREATE TABLE `oauth_session` (`id` VARCHAR(255) NOT NULL PRIMARY KEY, `user_id` VARCHAR(255) NOT NULL, `provider` VARCHAR(255) NOT NULL, `token` VARCHAR(255) NOT NULL, `expires_at` BIGINT NOT NULL);
CREATE TABLE `config` (`id` INTEGER NOT NULL PRIMARY KEY, `data` VARCHAR(255) NOT NULL, `version` INTEGER NOT NULL);

INSERT INTO `auth` VALUES ('6d1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11', 'ada@example.org', '$2b$12$c7Dc7O7oiUZRWIkb0YhIc.RjPruwY9h19pfGLbSdI9ZsMARJKSgRC', 1), ('0b7c9d2e-44aa-4a58-8d1c-5e2f9c1a7b22', 'grace@example.org', '$2b$12$jGvkf1F9zrSIZyVWnqrgueVztwA4abQoIWJLbIMVx.8g8xIQ6NofS', 1);
INSERT INTO `user` VALUES
    ('6d1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11', 'Ada', 'ada@example.org', 'admin', '/user.png', NULL, 1765360000, 1765360000, 1765360000, NULL, NULL, NULL),
    ('0b7c9d2e-44aa-4a58-8d1c-5e2f9c1a7b22', 'Grace', 'grace@example.org', 'user', '/user.png', NULL, 1765360000, 1765360000, 1765360000, NULL, NULL, NULL);
INSERT INTO `chat` VALUES ('c1', '0b7c9d2e-44aa-4a58-8d1c-5e2f9c1a7b22', 'A chat', NULL);
