-- Kavita, SQLite: API/Data/Migrations/DataContextModelSnapshot.cs of Kareadita/Kavita at
-- ed7e9d4a6e85c2ec04803ca86fb3d2b5ca15581a
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE "AspNetUsers" (
    "Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "Created" TEXT NOT NULL,
    "LastActive" TEXT NOT NULL,
    "ApiKey" TEXT NULL,
    "ConfirmationToken" TEXT NULL,
    "AgeRestriction" INTEGER NOT NULL DEFAULT 0,
    "RowVersion" INTEGER NOT NULL,
    "UserName" TEXT NULL,
    "NormalizedUserName" TEXT NULL,
    "Email" TEXT NULL,
    "NormalizedEmail" TEXT NULL,
    "EmailConfirmed" INTEGER NOT NULL,
    "PasswordHash" TEXT NULL,
    "SecurityStamp" TEXT NULL,
    "ConcurrencyStamp" TEXT NULL,
    "PhoneNumber" TEXT NULL,
    "PhoneNumberConfirmed" INTEGER NOT NULL,
    "TwoFactorEnabled" INTEGER NOT NULL,
    "LockoutEnd" TEXT NULL,
    "LockoutEnabled" INTEGER NOT NULL,
    "AccessFailedCount" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "UserNameIndex" ON "AspNetUsers" ("NormalizedUserName");
CREATE INDEX "EmailIndex" ON "AspNetUsers" ("NormalizedEmail");
CREATE TABLE "AspNetRoles" ("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NULL, "NormalizedName" TEXT NULL, "ConcurrencyStamp" TEXT NULL);
CREATE TABLE "AspNetUserRoles" ("UserId" INTEGER NOT NULL, "RoleId" INTEGER NOT NULL, PRIMARY KEY ("UserId", "RoleId"));
CREATE TABLE "AspNetUserTokens" ("UserId" INTEGER NOT NULL, "LoginProvider" TEXT NOT NULL, "Name" TEXT NOT NULL, "Value" TEXT NULL, PRIMARY KEY ("UserId", "LoginProvider", "Name"));
CREATE TABLE "AppUserPreferences" ("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "AppUserId" INTEGER NOT NULL, "ReadingDirection" INTEGER NOT NULL DEFAULT 0);
CREATE TABLE "ServerSetting" ("Key" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Value" TEXT NULL, "RowVersion" INTEGER NOT NULL);

INSERT INTO "AspNetUsers" ("Id", "Created", "LastActive", "ApiKey", "RowVersion", "UserName", "NormalizedUserName", "Email", "NormalizedEmail", "EmailConfirmed", "PasswordHash", "SecurityStamp", "ConcurrencyStamp", "PhoneNumberConfirmed", "TwoFactorEnabled", "LockoutEnd", "LockoutEnabled", "AccessFailedCount") VALUES
    (1, '2025-12-10 10:00:00', '2025-12-10 10:00:00', '6e5f4b0e-6f0a-4c58-b4f4-7a1f0c7c2a11', 1, 'ada', 'ADA', 'ada@example.org', 'ADA@EXAMPLE.ORG', 1, 'AQAAAAIAAYagAAAAEFXlzY5G3I7Ut8J2TSpaTXaSLOw2l3PEE2A+BBTXwxSUKzsrP78z5BzgaJyRnqDlqQ==', 'QO4XH7T3S2YB6N5M', '6a5f4b0e-6f0a-4c58-b4f4-7a1f0c7c2a11', 0, 0, NULL, 1, 0),
    (2, '2025-12-10 10:00:00', '2025-12-10 10:00:00', '6e5f4b0e-6f0a-4c58-b4f4-7a1f0c7c2a12', 1, 'grace', 'GRACE', 'grace@example.org', 'GRACE@EXAMPLE.ORG', 1, 'AQAAAAIAAYagAAAAEHcG+F2GkAJK1r2jQBvpyMv6uz/htVu2CSMY0yeOuK+OZhrIXPONIYIRoaAlKOtNKw==', 'QO4XH7T3S2YB6N5Q', '6a5f4b0e-6f0a-4c58-b4f4-7a1f0c7c2a12', 0, 0, '2026-12-10 10:00:00+00:00', 1, 5);
INSERT INTO "AspNetRoles" VALUES (1, 'Admin', 'ADMIN', NULL), (2, 'Pleb', 'PLEB', NULL);
INSERT INTO "AspNetUserRoles" VALUES (1, 1), (2, 2);
INSERT INTO "ServerSetting" VALUES (1, '15', 1);
