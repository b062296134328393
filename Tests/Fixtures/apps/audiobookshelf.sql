-- Audiobookshelf, SQLite: server/models/User.js and server/models/Session.js of advplyr/audiobookshelf at
-- 1b46d68027f3dcd88a4ef596fe6d005541fea3c6
-- Written anew from that schema: the tables that a reset meets, and three accounts whose password is meadow-Copper-74-signal

CREATE TABLE `users` (
    `id` UUID NOT NULL PRIMARY KEY,
    `username` VARCHAR(255),
    `email` VARCHAR(255),
    `pash` VARCHAR(255),
    `type` VARCHAR(255),
    `token` VARCHAR(255),
    `isActive` TINYINT(1) DEFAULT 0,
    `isLocked` TINYINT(1) DEFAULT 0,
    `lastSeen` DATETIME,
    `permissions` JSON,
    `bookmarks` JSON,
    `extraData` JSON,
    `createdAt` DATETIME NOT NULL,
    `updatedAt` DATETIME NOT NULL
);

CREATE TABLE `sessions` (
    `id` UUID NOT NULL PRIMARY KEY,
    `ipAddress` VARCHAR(255),
    `userAgent` VARCHAR(255),
    `refreshToken` VARCHAR(255) NOT NULL,
    `expiresAt` DATETIME NOT NULL,
    `lastRefreshToken` VARCHAR(255),
    `lastRefreshTokenExpiresAt` DATETIME,
    `createdAt` DATETIME NOT NULL,
    `updatedAt` DATETIME NOT NULL,
    `userId` UUID NOT NULL REFERENCES `users` (`id`) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE `libraryItems` (`id` UUID NOT NULL PRIMARY KEY, `path` VARCHAR(255));
CREATE TABLE `mediaProgresses` (`id` UUID NOT NULL PRIMARY KEY, `userId` UUID);
CREATE TABLE `podcasts` (`id` UUID NOT NULL PRIMARY KEY, `title` VARCHAR(255));

INSERT INTO `users` (`id`, `username`, `email`, `pash`, `type`, `token`, `isActive`, `createdAt`, `updatedAt`) VALUES
    ('7d0c1c5e-2f3a-4a58-9a37-0a1b2c3d4e5f', 'Ada', NULL, '$2a$08$LueWgJtsHshu1TdV6RI0e.K3YWnC4d5YMkmNP3R/VVS9bdAet8MhC', 'root', 'of ada', 1, '2025-12-10 10:00:00.000 +00:00', '2025-12-10 10:00:00.000 +00:00'),
    ('1a0f9f5c-0d59-4b38-9c55-112233445566', 'grace', 'grace@example.org', '$2a$08$NmbKCVvHhZzd3.LGww1nouIaZmeFMPMr6Q9joNwmOZqdV54miOUy6', 'user', 'of grace', 1, '2025-12-10 10:00:00.000 +00:00', '2025-12-10 10:00:00.000 +00:00'),
    ('5f0a9f5c-0d59-4b38-9c55-665544332211', 'alan', NULL, '$2a$08$pkx5H9gwonoxcoq57AJlpOF6pY0VLpPxpEI57EJGnUitLZIiV5Uae', 'user', 'of alan', 0, '2025-12-10 10:00:00.000 +00:00', '2025-12-10 10:00:00.000 +00:00');
INSERT INTO `sessions` (`id`, `refreshToken`, `expiresAt`, `createdAt`, `updatedAt`, `userId`) VALUES
    ('s1', 'r1', '2026-01-10 10:00:00.000 +00:00', '2025-12-10 10:00:00.000 +00:00', '2025-12-10 10:00:00.000 +00:00', '7d0c1c5e-2f3a-4a58-9a37-0a1b2c3d4e5f'),
    ('s2', 'r2', '2026-01-10 10:00:00.000 +00:00', '2025-12-10 10:00:00.000 +00:00', '2025-12-10 10:00:00.000 +00:00', '1a0f9f5c-0d59-4b38-9c55-112233445566');
