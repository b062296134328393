-- Uptime Kuma, SQLite: db/knex_init_db.js of louislam/uptime-kuma at 6398a9581d1c3c427a7536559f47ccf45dac08b4
-- Written anew from that schema: the tables that a reset meets, and three accounts whose password is meadow-Copper-74-signal

CREATE TABLE `user` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `username` VARCHAR(255) NOT NULL,
    `password` VARCHAR(255),
    `active` BOOLEAN NOT NULL DEFAULT TRUE,
    `timezone` VARCHAR(150),
    `twofa_secret` VARCHAR(64),
    `twofa_status` BOOLEAN NOT NULL DEFAULT FALSE,
    `twofa_last_token` VARCHAR(6)
);
CREATE UNIQUE INDEX `user_username_unique` ON `user` (`username`);

CREATE TABLE `monitor` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `name` VARCHAR(150), `user_id` INTEGER);
CREATE TABLE `heartbeat` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `monitor_id` INTEGER NOT NULL);
CREATE TABLE `status_page` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `slug` VARCHAR(255) NOT NULL);

INSERT INTO `user` (`username`, `password`, `active`, `twofa_status`) VALUES
    ('ada', '$2a$10$fqoE/n0yhWkNqdfyYuqYeOVdOQ4f4T7rgnBXQ3gGpm8B0ERRPbNSe', TRUE, FALSE),
    ('grace', 'sha1$77b76be7$1$c62aae4d9d48f88785aadfefa47392b4e61d4397', TRUE, TRUE),
    ('alan', '$2b$10$8wpmbdkGzIqSdRCpxJ15ROAd/Zzosb/0CgXgutHEnT4FocVoF1Uju', FALSE, FALSE);
