-- Palmr 3.3, SQLite: apps/server/prisma/schema.prisma of kyantech/Palmr at 6d785dc2b2d13ea41e74ffab6688571f34580b3c
-- Written anew from that schema: the tables that a reset meets, and three accounts whose password is
-- meadow-Copper-74-signal

CREATE TABLE "users" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "firstName" TEXT NOT NULL,
    "lastName" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "password" TEXT,
    "image" TEXT,
    "isAdmin" BOOLEAN NOT NULL DEFAULT false,
    "isActive" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,
    "twoFactorEnabled" BOOLEAN NOT NULL DEFAULT false,
    "twoFactorSecret" TEXT,
    "twoFactorBackupCodes" TEXT,
    "twoFactorVerified" BOOLEAN NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX "users_username_key" ON "users"("username");
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

CREATE TABLE "share_recipients" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "email" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,
    "shareId" TEXT NOT NULL
);

CREATE TABLE "reverse_shares" ("id" TEXT NOT NULL PRIMARY KEY, "creatorId" TEXT NOT NULL);

CREATE TABLE "app_configs" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "group" TEXT NOT NULL,
    "isSystem" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL
);
CREATE UNIQUE INDEX "app_configs_key_key" ON "app_configs"("key");

CREATE TABLE "login_attempts" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "lastAttempt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "login_attempts_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "login_attempts_userId_key" ON "login_attempts"("userId");

CREATE TABLE "password_resets" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "used" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "password_resets_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "trusted_devices" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "deviceHash" TEXT NOT NULL,
    "deviceName" TEXT,
    "userAgent" TEXT,
    "ipAddress" TEXT,
    "lastUsedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" DATETIME NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "trusted_devices_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

INSERT INTO "users" ("id", "firstName", "lastName", "username", "email", "password", "isAdmin", "isActive", "createdAt", "updatedAt", "twoFactorEnabled") VALUES
    ('clx0ada', 'Ada', 'Lovelace', 'ada', 'ada@example.org', '$2a$10$0cnje90aMHl3NQwkaSEcluMQIBNxj7AyDI47U64J9G1PYCxV/LbZC', 1, 1, 1765360000000, 1765360000000, 0),
    ('clx0grace', 'Grace', 'Hopper', 'grace', 'grace@example.org', '$2a$10$t8oaNheQTTl0oKRBDUJm6eVOVwi4DWVzAJYaedEIK2lRZZrvfzH/y', 0, 1, 1765360000000, 1765360000000, 1),
    ('clx0alan', 'Alan', 'Turing', 'alan', 'alan@example.org', NULL, 0, 1, 1765360000000, 1765360000000, 0);
INSERT INTO "login_attempts" VALUES ('a1', 'clx0ada', 7, 1765369000000), ('a2', 'clx0grace', 2, 1765369000000);
INSERT INTO "password_resets" ("id", "userId", "token", "expiresAt", "used", "createdAt", "updatedAt") VALUES
    ('r1', 'clx0ada', 'outstanding', 1765370000000, 0, 1765360000000, 1765360000000),
    ('r2', 'clx0ada', 'spent', 1765370000000, 1, 1765360000000, 1765360000000),
    ('r3', 'clx0grace', 'of somebody else', 1765370000000, 0, 1765360000000, 1765360000000);
INSERT INTO "trusted_devices" ("id", "userId", "deviceHash", "lastUsedAt", "expiresAt", "createdAt", "updatedAt") VALUES
    ('d1', 'clx0grace', 'hash', 1765360000000, 1767360000000, 1765360000000, 1765360000000);
