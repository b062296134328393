-- Immich, PostgreSQL: server/src/schema/tables/user.table.ts of immich-app/immich at 1159ef6472a6d5bafebd1f060c02bafd38f968a6,
-- session.table.ts at 1a4eddf840ab7bf00b27807e5a700e2df0b26cc5 under the name that
-- server/src/schema/migrations/1752267649968-StandardizeNames.ts gave it, at 9065097617234073831d47b0be427e4f16784322
-- Written anew from that schema: the tables that a reset meets, and two accounts whose password is meadow-Copper-74-signal,
-- alan signs in through OAuth, hedy is deleted

CREATE TABLE "user" (
    "id" uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    "email" character varying NOT NULL UNIQUE,
    "password" character varying DEFAULT NULL,
    "pinCode" character varying,
    "createdAt" timestamp with time zone NOT NULL DEFAULT now(),
    "profileImagePath" character varying NOT NULL DEFAULT '',
    "isAdmin" boolean NOT NULL DEFAULT false,
    "shouldChangePassword" boolean NOT NULL DEFAULT true,
    "avatarColor" character varying,
    "deletedAt" timestamp with time zone,
    "oauthId" character varying NOT NULL DEFAULT '',
    "updatedAt" timestamp with time zone NOT NULL DEFAULT now(),
    "storageLabel" character varying UNIQUE,
    "name" character varying NOT NULL DEFAULT '',
    "quotaSizeInBytes" bigint,
    "quotaUsageInBytes" bigint NOT NULL DEFAULT 0,
    "status" character varying NOT NULL DEFAULT 'active',
    "profileChangedAt" timestamp with time zone NOT NULL DEFAULT now()
);

CREATE TABLE "session" (
    "id" uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    "token" character varying NOT NULL,
    "createdAt" timestamp with time zone NOT NULL DEFAULT now(),
    "updatedAt" timestamp with time zone NOT NULL DEFAULT now(),
    "expiresAt" timestamp with time zone,
    "userId" uuid NOT NULL REFERENCES "user" ("id") ON UPDATE CASCADE ON DELETE CASCADE,
    "deviceType" character varying NOT NULL DEFAULT '',
    "deviceOS" character varying NOT NULL DEFAULT ''
);

CREATE TABLE "asset_face" ("id" uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY, "assetId" uuid NOT NULL);
CREATE TABLE "shared_link" ("id" uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY, "userId" uuid NOT NULL);
CREATE TABLE "system_metadata" ("key" character varying NOT NULL PRIMARY KEY, "value" jsonb NOT NULL);

INSERT INTO "user" ("id", "email", "password", "isAdmin", "shouldChangePassword", "oauthId", "name", "deletedAt") VALUES
    ('7d0c1c5e-2f3a-4a58-9a37-0a1b2c3d4e5f', 'ada@example.org', '$2b$10$ddNANQ1RDxdi.hiXCMItNeJRRQlkJqD2GPAbKla9ffdhm0wAAfBdG', true, false, '', 'Ada Lovelace', NULL),
    ('1a0f9f5c-0d59-4b38-9c55-112233445566', 'grace@example.org', '$2b$10$IZFpE8Hso83FoBgfP9Efq.9pmb08qs7Ys.21z/n6Q/U14w5R2O0PK', false, false, '', 'Grace Hopper', NULL),
    ('5f0a9f5c-0d59-4b38-9c55-665544332211', 'alan@example.org', NULL, false, false, 'of the provider', 'Alan Turing', NULL),
    ('2b0a9f5c-0d59-4b38-9c55-223344556677', 'hedy@example.org', '$2b$10$hOl7Vd36jsRWkXSQYpMrwe9SstFl91BX/0A0XrCdA7OE1PoxdMek.', false, false, '', 'Hedy Lamarr', '2025-12-10 10:00:00+00');
INSERT INTO "session" ("id", "token", "userId") VALUES
    ('00000000-0000-4000-8000-000000000001', 't1', '7d0c1c5e-2f3a-4a58-9a37-0a1b2c3d4e5f'),
    ('00000000-0000-4000-8000-000000000002', 't2', '1a0f9f5c-0d59-4b38-9c55-112233445566');
