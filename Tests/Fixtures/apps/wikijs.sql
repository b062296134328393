-- Wiki.js 2: server/db/migrations/2.0.0.js of Requarks/wiki at 3174fdd76ba7044849b080bbe5d17778560daf79
-- Written anew from that schema: the tables that a reset meets, and three accounts whose password is meadow-Copper-74-signal,
-- hedy signs in through another provider, and the guest is one of the program's own

CREATE TABLE `users` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `email` VARCHAR(255) NOT NULL,
    `name` VARCHAR(255) NOT NULL,
    `providerId` VARCHAR(255),
    `password` VARCHAR(255),
    `tfaIsActive` BOOLEAN NOT NULL DEFAULT FALSE,
    `tfaSecret` VARCHAR(255),
    `timezone` VARCHAR(255) NOT NULL DEFAULT 'America/New_York',
    `isSystem` BOOLEAN NOT NULL DEFAULT FALSE,
    `isActive` BOOLEAN NOT NULL DEFAULT FALSE,
    `isVerified` BOOLEAN NOT NULL DEFAULT FALSE,
    `mustChangePwd` BOOLEAN NOT NULL DEFAULT FALSE,
    `createdAt` VARCHAR(255) NOT NULL,
    `updatedAt` VARCHAR(255) NOT NULL,
    `providerKey` VARCHAR(255) NOT NULL DEFAULT 'local',
    `localeCode` VARCHAR(5) NOT NULL DEFAULT 'en',
    `defaultEditor` VARCHAR(255) NOT NULL DEFAULT 'markdown'
);
CREATE UNIQUE INDEX `users_providerkey_email_unique` ON `users` (`providerKey`, `email`);

CREATE TABLE `userKeys` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `kind` VARCHAR(255) NOT NULL,
    `token` VARCHAR(255) NOT NULL,
    `createdAt` VARCHAR(255) NOT NULL,
    `validUntil` VARCHAR(255) NOT NULL,
    `userId` INTEGER
);

CREATE TABLE `userGroups` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `userId` INTEGER, `groupId` INTEGER);
CREATE TABLE `pageTree` (`id` INTEGER PRIMARY KEY NOT NULL, `path` VARCHAR(255) NOT NULL);
CREATE TABLE `pageHistory` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `path` VARCHAR(255) NOT NULL);

INSERT INTO `users` (`email`, `name`, `password`, `tfaIsActive`, `isSystem`, `isActive`, `isVerified`, `createdAt`, `updatedAt`, `providerKey`) VALUES
    ('ada@example.org', 'Ada Lovelace', '$2a$12$k9SJsw.AJUrVU/0n9uE61OKchpgbsjfDlptEftQfTVT6Cy5XpsxQq', FALSE, FALSE, TRUE, TRUE, '2025-12-10T10:00:00.000Z', '2025-12-10T10:00:00.000Z', 'local'),
    ('guest@example.com', 'Guest', '', FALSE, TRUE, TRUE, TRUE, '2025-12-10T10:00:00.000Z', '2025-12-10T10:00:00.000Z', 'local'),
    ('grace@example.org', 'Grace Hopper', '$2a$12$ypVDcCd.SznCZjkSeLbTaOmEMDKJ7rrg3JURxsHMOytPRaj491cc.', TRUE, FALSE, TRUE, TRUE, '2025-12-10T10:00:00.000Z', '2025-12-10T10:00:00.000Z', 'local'),
    ('alan@example.org', 'Alan Turing', '$2a$12$9xOeIYTCEmNHJwQ.h8VIH.YGICpRv/eUw65U.2be8fQ95hAsseDLS', FALSE, FALSE, FALSE, TRUE, '2025-12-10T10:00:00.000Z', '2025-12-10T10:00:00.000Z', 'local'),
    ('hedy@example.org', 'Hedy Lamarr', '', FALSE, FALSE, TRUE, TRUE, '2025-12-10T10:00:00.000Z', '2025-12-10T10:00:00.000Z', 'ldap');
INSERT INTO `userKeys` (`kind`, `token`, `createdAt`, `validUntil`, `userId`) VALUES
    ('resetPwd', 'of ada', '2025-12-10T10:00:00.000Z', '2025-12-11T10:00:00.000Z', 1),
    ('resetPwd', 'of grace', '2025-12-10T10:00:00.000Z', '2025-12-11T10:00:00.000Z', 3);
INSERT INTO `userGroups` (`userId`, `groupId`) VALUES (1, 1), (2, 2), (3, 2);
