-- Nginx Proxy Manager: backend/migrations/20180618015850_initial.js of NginxProxyManager/nginx-proxy-manager at
-- a62c2a6dc3ab51e6fedc34d3ea3506bc9373953f
-- Written anew from that schema: the tables that a reset meets, and three accounts whose password is meadow-Copper-74-signal,
-- the fourth was removed

CREATE TABLE `user` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `created_on` DATETIME NOT NULL,
    `modified_on` DATETIME NOT NULL,
    `is_deleted` INTEGER NOT NULL DEFAULT 0,
    `is_disabled` INTEGER NOT NULL DEFAULT 0,
    `email` VARCHAR(255) NOT NULL,
    `name` VARCHAR(255) NOT NULL,
    `nickname` VARCHAR(255) NOT NULL,
    `avatar` VARCHAR(255) NOT NULL,
    `roles` JSON NOT NULL
);

CREATE TABLE `auth` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `created_on` DATETIME NOT NULL,
    `modified_on` DATETIME NOT NULL,
    `user_id` INTEGER NOT NULL,
    `type` VARCHAR(30) NOT NULL,
    `secret` VARCHAR(255) NOT NULL,
    `meta` JSON NOT NULL,
    `is_deleted` INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE `proxy_host` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `owner_user_id` INTEGER NOT NULL);
CREATE TABLE `redirection_host` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `owner_user_id` INTEGER NOT NULL);
CREATE TABLE `access_list` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `owner_user_id` INTEGER NOT NULL);

INSERT INTO `user` (`created_on`, `modified_on`, `is_deleted`, `is_disabled`, `email`, `name`, `nickname`, `avatar`, `roles`) VALUES
    ('2025-12-10 10:00:00', '2025-12-10 10:00:00', 0, 0, 'ada@example.org', 'Ada Lovelace', 'Ada', '', '["admin"]'),
    ('2025-12-10 10:00:00', '2025-12-10 10:00:00', 0, 0, 'grace@example.org', 'Grace Hopper', 'Grace', '', '[]'),
    ('2025-12-10 10:00:00', '2025-12-10 10:00:00', 0, 1, 'alan@example.org', 'Alan Turing', 'Alan', '', '[]'),
    ('2025-12-10 10:00:00', '2025-12-10 10:00:00', 1, 0, 'hedy@example.org', 'Hedy Lamarr', 'Hedy', '', '[]');
INSERT INTO `auth` (`created_on`, `modified_on`, `user_id`, `type`, `secret`, `meta`, `is_deleted`) VALUES
    ('2025-12-10 10:00:00', '2025-12-10 10:00:00', 1, 'password', '$2b$13$mAtAaSl.JbDyTx5ChFv8p.hfFdrOCgsn8QAw3lDa9ekRjnfSt6oty', '{}', 0),
    ('2025-12-10 10:00:00', '2025-12-10 10:00:00', 2, 'password', '$2b$13$ggB.Qpdj.PU2mTsWd9GdoONu8qW/0MmFm16OBH8oXP6NKezxJzCZS', '{"totp_secret":"JBSWY3DPEHPK3PXP","totp_enabled":true}', 0),
    ('2025-12-10 10:00:00', '2025-12-10 10:00:00', 3, 'password', '$2b$13$C/F.fwKD289qHdDH/YPIDu7l2bsJpyCwIV7YDzOzhjYTxZQjNlNfS', '{}', 0);
