-- Jellyfin, SQLite: src/Jellyfin.Database/Jellyfin.Database.Providers.Sqlite/Migrations/JellyfinDbModelSnapshot.cs of
-- jellyfin/jellyfin at c3ed1407ca698b0905de99da87b67415e6a62dbd
-- Written anew from that schema: the tables that a reset meets, and four accounts whose password is meadow-Copper-74-signal,
-- alan signs in through LDAP, hedy is disabled and has an old hash

CREATE TABLE "Users" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_Users" PRIMARY KEY,
    "AudioLanguagePreference" TEXT NULL,
    "AuthenticationProviderId" TEXT NOT NULL,
    "CastReceiverId" TEXT NULL,
    "DisplayCollectionsView" INTEGER NOT NULL DEFAULT 0,
    "DisplayMissingEpisodes" INTEGER NOT NULL DEFAULT 0,
    "EnableAutoLogin" INTEGER NOT NULL DEFAULT 0,
    "EnableLocalPassword" INTEGER NOT NULL DEFAULT 0,
    "EnableNextEpisodeAutoPlay" INTEGER NOT NULL DEFAULT 1,
    "EnableUserPreferenceAccess" INTEGER NOT NULL DEFAULT 1,
    "HidePlayedInLatest" INTEGER NOT NULL DEFAULT 1,
    "InternalId" INTEGER NOT NULL,
    "InvalidLoginAttemptCount" INTEGER NOT NULL,
    "LastActivityDate" TEXT NULL,
    "LastLoginDate" TEXT NULL,
    "LoginAttemptsBeforeLockout" INTEGER NULL,
    "MaxActiveSessions" INTEGER NOT NULL DEFAULT 0,
    "MustUpdatePassword" INTEGER NOT NULL DEFAULT 0,
    "NormalizedUsername" TEXT NOT NULL,
    "Password" TEXT NULL,
    "PasswordResetProviderId" TEXT NOT NULL DEFAULT 'Jellyfin.Server.Implementations.Users.DefaultPasswordResetProvider',
    "RowVersion" INTEGER NOT NULL DEFAULT 0,
    "SubtitleMode" INTEGER NOT NULL DEFAULT 0,
    "SyncPlayAccess" INTEGER NOT NULL DEFAULT 0,
    "Username" TEXT NOT NULL
);
CREATE UNIQUE INDEX "IX_Users_Username" ON "Users" ("Username");

CREATE TABLE "Permissions" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Permissions" PRIMARY KEY AUTOINCREMENT,
    "Kind" INTEGER NOT NULL,
    "RowVersion" INTEGER NOT NULL DEFAULT 0,
    "UserId" TEXT NOT NULL,
    "Value" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "IX_Permissions_UserId_Kind" ON "Permissions" ("UserId", "Kind");

CREATE TABLE "Devices" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Devices" PRIMARY KEY AUTOINCREMENT,
    "AccessToken" TEXT NOT NULL,
    "AppName" TEXT NOT NULL,
    "AppVersion" TEXT NOT NULL,
    "DateCreated" TEXT NOT NULL,
    "DateLastActivity" TEXT NOT NULL,
    "DateModified" TEXT NOT NULL,
    "DeviceId" TEXT NOT NULL,
    "DeviceName" TEXT NOT NULL,
    "IsActive" INTEGER NOT NULL,
    "UserId" TEXT NOT NULL
);
CREATE INDEX "IX_Devices_UserId_DeviceId" ON "Devices" ("UserId", "DeviceId");

CREATE TABLE "ActivityLogs" ("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL);
CREATE TABLE "ApiKeys" ("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "AccessToken" TEXT NOT NULL);
CREATE TABLE "DisplayPreferences" ("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "UserId" TEXT NOT NULL);

INSERT INTO "Users" ("Id", "AuthenticationProviderId", "InternalId", "InvalidLoginAttemptCount", "NormalizedUsername", "Password", "Username") VALUES
    ('7D0C1C5E-2F3A-4A58-9A37-0A1B2C3D4E5F', 'Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider', 1, 2, 'ADA', '$PBKDF2-SHA512$iterations=210000$A249CE46DA598DBDF901ABCD0837B58B$F95A401DE6EAE9749A195B0EFD0409A8B7636F53192D2F2FBBF10177865BFE207663E0D2988F8AC7285872D944517D6D7FD6B30B0AF2E9864A4225EBD8FD60CC', 'Ada'),
    ('1A0F9F5C-0D59-4B38-9C55-112233445566', 'Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider', 2, 0, 'GRACE', NULL, 'grace'),
    ('5F0A9F5C-0D59-4B38-9C55-665544332211', 'Jellyfin.Plugin.LDAP_Auth.LdapAuthenticationProviderPlugin', 3, 0, 'ALAN', NULL, 'alan'),
    ('2B0A9F5C-0D59-4B38-9C55-223344556677', 'Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider', 4, 3, 'HEDY', '$PBKDF2$iterations=1000$33364F660BD2F345DDE28225660EEED3$AA33465AB088906A25574BF9B2672E5CBE1E003871C1F05E3A63C7B8B68BE2E1', 'hedy');
INSERT INTO "Permissions" ("Kind", "UserId", "Value") VALUES
    (0, '7D0C1C5E-2F3A-4A58-9A37-0A1B2C3D4E5F', 1), (2, '7D0C1C5E-2F3A-4A58-9A37-0A1B2C3D4E5F', 0),
    (0, '2B0A9F5C-0D59-4B38-9C55-223344556677', 0), (2, '2B0A9F5C-0D59-4B38-9C55-223344556677', 1);
INSERT INTO "Devices" ("AccessToken", "AppName", "AppVersion", "DateCreated", "DateLastActivity", "DateModified", "DeviceId", "DeviceName", "IsActive", "UserId") VALUES
    ('of ada', 'Jellyfin Web', '10.11.0', '2025-12-10', '2025-12-10', '2025-12-10', 'd1', 'Firefox', 1, '7D0C1C5E-2F3A-4A58-9A37-0A1B2C3D4E5F'),
    ('of hedy', 'Jellyfin Web', '10.11.0', '2025-12-10', '2025-12-10', '2025-12-10', 'd2', 'Firefox', 1, '2B0A9F5C-0D59-4B38-9C55-223344556677');
