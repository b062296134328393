-- Grafana, SQLite: pkg/services/sqlstore/migrations of grafana/grafana, user_mig.go at 2743d206aef8ebe836f654947b15d11f98456301,
-- user_auth_token_mig.go at 0c721255f49f1f2ef7023357abafbe2d345fb062, login_attempt_mig.go at 0053be98824f6244162217fcbf05b2d278600401,
-- is_service_account as pkg/services/user/userimpl/store.go at 63cf892ab226a21830f3ce24f1d44f0db0c5362c reads it
-- Written anew from that schema: the tables that a reset meets, and three accounts whose password is
-- meadow-Copper-74-signal

CREATE TABLE `user` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `version` INTEGER NOT NULL,
    `login` TEXT NOT NULL,
    `email` TEXT NOT NULL,
    `name` TEXT NULL,
    `password` TEXT NULL,
    `salt` TEXT NULL,
    `rands` TEXT NULL,
    `company` TEXT NULL,
    `org_id` INTEGER NOT NULL,
    `is_admin` INTEGER NOT NULL,
    `email_verified` INTEGER NULL,
    `theme` TEXT NULL,
    `created` DATETIME NOT NULL,
    `updated` DATETIME NOT NULL,
    `help_flags1` INTEGER NOT NULL DEFAULT 0,
    `last_seen_at` DATETIME NULL,
    `is_disabled` INTEGER NOT NULL DEFAULT 0,
    `is_service_account` BOOLEAN DEFAULT 0
);
CREATE UNIQUE INDEX `UQE_user_login` ON `user` (`login`);
CREATE UNIQUE INDEX `UQE_user_email` ON `user` (`email`);

CREATE TABLE `user_auth_token` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `user_id` INTEGER NOT NULL,
    `auth_token` TEXT NOT NULL,
    `prev_auth_token` TEXT NOT NULL,
    `user_agent` TEXT NOT NULL,
    `client_ip` TEXT NOT NULL,
    `auth_token_seen` INTEGER NOT NULL,
    `seen_at` INTEGER NULL,
    `rotated_at` INTEGER NOT NULL,
    `created_at` INTEGER NOT NULL,
    `updated_at` INTEGER NOT NULL,
    `revoked_at` INTEGER NULL,
    `external_session_id` INTEGER NULL
);

CREATE TABLE `login_attempt` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `username` TEXT NOT NULL,
    `ip_address` TEXT NOT NULL,
    `created` INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX `IDX_login_attempt_username` ON `login_attempt` (`username`);

CREATE TABLE `dashboard` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `org_id` INTEGER NOT NULL);
CREATE TABLE `data_source` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `org_id` INTEGER NOT NULL);
CREATE TABLE `org_user` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `org_id` INTEGER NOT NULL, `user_id` INTEGER NOT NULL);

INSERT INTO `user` (`id`, `version`, `login`, `email`, `name`, `password`, `salt`, `rands`, `org_id`, `is_admin`, `created`, `updated`, `is_disabled`, `is_service_account`) VALUES
    (1, 0, 'admin', 'Admin@Localhost', '', '5dc9f4c02506320735f6a3335128635a69118fbb704aae905f9f8451b73e8f82c443db39f97648e9183876ff5953a43faaa1', 'iNk2Vb9Qxa', 'm3Yk7dQp0Z', 1, 1, '2025-12-10 10:00:00', '2025-12-10 10:00:00', 0, 0),
    (2, 0, 'grace', 'grace@example.org', 'Grace Hopper', '4c84ae34780bec4bec904e5f8501859ef7b36f4e060ade59bd66ae8d16f23a67004789ccd03bda60f44e2beec706021a8221', '7YhBn3zEwP', 'Kd92mXa7Tq', 1, 0, '2025-12-10 10:00:00', '2025-12-10 10:00:00', 1, 0),
    (3, 0, 'alan', 'alan@example.org', 'Alan Turing', '', 'Qw8sLp2Zt1', 'Vb5nRe3Yu6', 1, 0, '2025-12-10 10:00:00', '2025-12-10 10:00:00', 0, 0),
    (4, 0, 'sa-build', 'sa-build', 'build', '', 'Xc4vBn7Mk9', 'Lo1pKi8Ju5', 1, 0, '2025-12-10 10:00:00', '2025-12-10 10:00:00', 0, 1);
INSERT INTO `user_auth_token` (`user_id`, `auth_token`, `prev_auth_token`, `user_agent`, `client_ip`, `auth_token_seen`, `rotated_at`, `created_at`, `updated_at`) VALUES
    (1, 'of admin', 'of admin', '', '', 1, 1765360000, 1765360000, 1765360000), (2, 'of grace', 'of grace', '', '', 1, 1765360000, 1765360000, 1765360000);
INSERT INTO `login_attempt` (`username`, `ip_address`, `created`) VALUES
    ('admin', '192.0.2.1', 1765360000), ('admin@localhost', '192.0.2.1', 1765360000), ('grace', '192.0.2.1', 1765360000);
