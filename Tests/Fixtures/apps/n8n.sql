-- n8n, SQLite: packages/@n8n/db/src/entities/user.ts of n8n-io/n8n at 00f5463aad910152808d6eeedc6af4f4fd70869d
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE "user" (
    "id" varchar(36) PRIMARY KEY NOT NULL,
    "email" varchar(254) NULL UNIQUE,
    "firstName" varchar(32) NULL,
    "lastName" varchar(32) NULL,
    "password" varchar(255) NULL,
    "personalizationAnswers" varchar(2000) NULL,
    "createdAt" varchar(23) NOT NULL,
    "updatedAt" varchar(23) NOT NULL,
    "settings" varchar(2000) NULL,
    "disabled" boolean NOT NULL DEFAULT FALSE,
    "mfaEnabled" boolean NOT NULL DEFAULT FALSE,
    "mfaSecret" varchar(255) NULL,
    "mfaRecoveryCodes" varchar(255) NULL,
    "lastActiveAt" date NULL,
    "role" varchar(255) NOT NULL
);
CREATE TABLE "auth_identity" ("userId" varchar(36) NULL, "providerId" varchar(64) NOT NULL, "providerType" varchar(32) NOT NULL, PRIMARY KEY ("providerId", "providerType"));
CREATE TABLE "user_api_keys" ("id" varchar(36) PRIMARY KEY NOT NULL, "userId" varchar(36) NOT NULL, "label" varchar(100) NOT NULL, "apiKey" varchar(255) NOT NULL UNIQUE);
CREATE TABLE "invalid_auth_token" ("token" varchar(512) PRIMARY KEY NOT NULL, "expiresAt" varchar(23) NOT NULL);
CREATE TABLE "credentials_entity" ("id" varchar(36) PRIMARY KEY NOT NULL, "name" varchar(128) NOT NULL, "data" varchar(2000) NOT NULL, "type" varchar(128) NOT NULL);
CREATE TABLE "workflow_entity" ("id" varchar(36) PRIMARY KEY NOT NULL, "name" varchar(128) NOT NULL, "active" boolean NOT NULL);

INSERT INTO "user" ("id", "email", "firstName", "lastName", "password", "createdAt", "updatedAt", "role") VALUES
    ('6d1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11', 'ada@example.org', 'Ada', 'Lovelace', '$2a$10$4Vcef/NVZ66xE5L/sXqTN.2D6G07A/07hJqjAJJTdSctIEf0ENQk.', '2025-12-10 10:00:00.000', '2025-12-10 10:00:00.000', 'global:owner'),
    ('0b7c9d2e-44aa-4a58-8d1c-5e2f9c1a7b22', 'grace@example.org', 'Grace', 'Hopper', '$2a$10$X967HKxlk8JJCinUeX/C9.6WlVh8tnK/WW1j5Y8CH6ZQ9VWghQn3y', '2025-12-10 10:00:00.000', '2025-12-10 10:00:00.000', 'global:member'),
    ('0b7c9d2e-44aa-4a58-8d1c-5e2f9c1a7b23', 'alan@example.org', NULL, NULL, NULL, '2025-12-10 10:00:00.000', '2025-12-10 10:00:00.000', 'global:member');
INSERT INTO "credentials_entity" VALUES ('c1', 'a server', 'U2FsdGVkX18b3rYkC0m5rQyFh0o5mU5t', 'sshPassword');
INSERT INTO "workflow_entity" VALUES ('w1', 'A workflow', TRUE);
