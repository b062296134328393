-- Metabase, PostgreSQL: resources/migrations/initialization/metabase_postgres.sql of metabase/metabase at
-- 77e32a73bc54361675bc0b90e523631daa5dc5e4; the address is a citext there
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE "core_user" (
    "id" integer NOT NULL PRIMARY KEY,
    "email" varchar(254) NOT NULL UNIQUE,
    "first_name" varchar(254) NULL,
    "last_name" varchar(254) NULL,
    "password" varchar(254) NULL,
    "password_salt" varchar(254) DEFAULT 'default',
    "date_joined" timestamp NOT NULL,
    "last_login" timestamp NULL,
    "is_superuser" boolean NOT NULL DEFAULT FALSE,
    "is_active" boolean NOT NULL DEFAULT TRUE,
    "reset_token" varchar(254) NULL,
    "reset_triggered" bigint NULL,
    "is_qbnewb" boolean NOT NULL DEFAULT TRUE,
    "google_auth" boolean NOT NULL DEFAULT FALSE,
    "ldap_auth" boolean NOT NULL DEFAULT FALSE,
    "updated_at" timestamp NULL,
    "sso_source" varchar(254) NULL,
    "locale" varchar(5) NULL
);
CREATE TABLE "core_session" ("id" varchar(254) NOT NULL PRIMARY KEY, "user_id" integer NOT NULL, "created_at" timestamp NOT NULL, "anti_csrf_token" varchar(255) NULL);
CREATE TABLE "login_history" ("id" integer NOT NULL PRIMARY KEY, "timestamp" timestamp NOT NULL, "user_id" integer NOT NULL, "session_id" varchar(254) NULL, "device_id" varchar(36) NOT NULL, "ip_address" varchar(255) NOT NULL);
CREATE TABLE "activity" ("id" integer NOT NULL PRIMARY KEY, "topic" varchar(32) NOT NULL, "user_id" integer NULL, "details" varchar(255) NOT NULL);
CREATE TABLE "collection" ("id" integer NOT NULL PRIMARY KEY, "name" varchar(255) NOT NULL, "personal_owner_id" integer NULL, "slug" varchar(254) NOT NULL);
CREATE TABLE "metabase_database" ("id" integer NOT NULL PRIMARY KEY, "name" varchar(254) NOT NULL, "details" varchar(255) NULL, "engine" varchar(254) NOT NULL);

INSERT INTO "core_user" ("id", "email", "first_name", "last_name", "password", "password_salt", "date_joined", "is_superuser", "is_active", "reset_token", "reset_triggered") VALUES
    (1, 'ada@example.org', 'Ada', 'Lovelace', '$2a$10$p.2jhF37Ca6AF/re.rfbI.MgkfHgKOyCoR8bJXvdHElhzqBARlQ32', '6d1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11', '2025-12-10 10:00:00', TRUE, TRUE, NULL, NULL),
    (2, 'grace@example.org', 'Grace', 'Hopper', '$2a$10$B.gTOK5zsj0lVdZ5Tmm0s.KrmHXTBl2MLbsW03KggZM6mvvoibzOq', '0b7c9d2e-44aa-4a58-8d1c-5e2f9c1a7b22', '2025-12-10 10:00:00', FALSE, TRUE, 'a token', 1765360000000);
INSERT INTO "core_session" VALUES ('s1', 2, '2025-12-10 10:00:00', NULL);
INSERT INTO "metabase_database" VALUES (1, 'Sample Database', '{}', 'h2');
INSERT INTO "collection" VALUES (1, 'Ada''s own', 1, 'ada_s_own');
