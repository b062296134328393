-- Audiobookshelf, SQLite: server/models/User.js, Session.js, ApiKey.js and PlaybackSession.js of advplyr/audiobookshelf at
-- 1b46d68027f3dcd88a4ef596fe6d005541fea3c6
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE `users` (
    `id` UUID PRIMARY KEY,
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
    `id` UUID PRIMARY KEY,
    `ipAddress` VARCHAR(255),
    `userAgent` VARCHAR(255),
    `refreshToken` VARCHAR(255) NOT NULL,
    `expiresAt` DATETIME NOT NULL,
    `createdAt` DATETIME NOT NULL,
    `updatedAt` DATETIME NOT NULL,
    `userId` UUID NOT NULL REFERENCES `users` (`id`) ON DELETE CASCADE
);
CREATE TABLE `playbackSessions` (
    `id` UUID PRIMARY KEY,
    `mediaItemId` UUID,
    `displayTitle` VARCHAR(255),
    `timeListening` INTEGER,
    `extraData` JSON,
    `userId` UUID REFERENCES `users` (`id`) ON DELETE SET NULL
);
CREATE TABLE `apiKeys` (
    `id` UUID PRIMARY KEY,
    `name` VARCHAR(255) NOT NULL,
    `expiresAt` DATETIME,
    `isActive` TINYINT(1) NOT NULL DEFAULT 0,
    `userId` UUID REFERENCES `users` (`id`)
);
CREATE TABLE `libraries` (`id` UUID PRIMARY KEY, `name` VARCHAR(255));

INSERT INTO `users` (`id`, `username`, `email`, `pash`, `type`, `token`, `isActive`, `isLocked`, `createdAt`, `updatedAt`) VALUES
    ('0f9e4f4e-57b5-4a5c-8b1c-1c1d6a9d7a01', 'root', NULL, '$2a$08$QyGbKPI/zykKgyBmsVzuGuxrCEDPUb7V5DhnLPyhTUEef/eH8MXta', 'root', 'eyJhbGciOiJIUzI1NiJ9.e30.aa', 1, 0, '2025-12-10 10:00:00.000 +00:00', '2025-12-10 10:00:00.000 +00:00'),
    ('0f9e4f4e-57b5-4a5c-8b1c-1c1d6a9d7a02', 'grace', 'grace@example.org', '$2a$08$ULT8iIcHOvaSo2x0wlEgvuQkRQ3XYbHNdo5gndzKRsL4uHBQGQKEm', 'user', 'eyJhbGciOiJIUzI1NiJ9.e30.bb', 1, 0, '2025-12-10 10:00:00.000 +00:00', '2025-12-10 10:00:00.000 +00:00');
INSERT INTO `sessions` VALUES ('0f9e4f4e-57b5-4a5c-8b1c-1c1d6a9d7b01', '127.0.0.1', 'x', 'a', '2026-12-10', '2025-12-10', '2025-12-10', '0f9e4f4e-57b5-4a5c-8b1c-1c1d6a9d7a02');
INSERT INTO `playbackSessions` VALUES ('0f9e4f4e-57b5-4a5c-8b1c-1c1d6a9d7c01', NULL, 'A book', 12, NULL, '0f9e4f4e-57b5-4a5c-8b1c-1c1d6a9d7a02');
INSERT INTO `libraries` VALUES ('0f9e4f4e-57b5-4a5c-8b1c-1c1d6a9d7d01', 'Books');
