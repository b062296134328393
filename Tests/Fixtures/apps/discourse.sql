-- Discourse, PostgreSQL: app/models/user_password.rb at 0a9b83a6d3b18c1e9ec42b799011e7a4b94e4fa5, user.rb at
-- 000ef5e5fc3b84fc1e9b2127875a8342654b07e8 (without the password, which has moved) and user_auth_token.rb at
-- f5ee848ab06641c8d7c9b93edf21db0cd484998f of discourse/discourse
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE "users" (
    "id" integer NOT NULL PRIMARY KEY,
    "username" varchar(60) NOT NULL UNIQUE,
    "created_at" timestamp NOT NULL,
    "updated_at" timestamp NOT NULL,
    "name" varchar(255) NULL,
    "active" boolean NOT NULL DEFAULT FALSE,
    "username_lower" varchar(60) NOT NULL UNIQUE,
    "last_seen_at" timestamp NULL,
    "admin" boolean NOT NULL DEFAULT FALSE,
    "trust_level" integer NOT NULL,
    "approved" boolean NOT NULL DEFAULT FALSE,
    "suspended_at" timestamp NULL,
    "suspended_till" timestamp NULL,
    "moderator" boolean DEFAULT FALSE,
    "title" varchar(255) NULL,
    "staged" boolean NOT NULL DEFAULT FALSE,
    "secure_identifier" varchar(255) NULL UNIQUE
);
CREATE TABLE "user_passwords" (
    "id" integer NOT NULL PRIMARY KEY,
    "user_id" integer NOT NULL UNIQUE,
    "password_hash" varchar(64) NOT NULL,
    "password_salt" varchar(32) NOT NULL,
    "password_algorithm" varchar(64) NOT NULL,
    "password_expired_at" timestamp NULL,
    "created_at" timestamp NOT NULL,
    "updated_at" timestamp NOT NULL
);
CREATE TABLE "user_emails" ("id" integer NOT NULL PRIMARY KEY, "user_id" integer NOT NULL, "email" varchar(513) NOT NULL UNIQUE, "primary" boolean NOT NULL DEFAULT FALSE);
CREATE TABLE "user_auth_tokens" (
    "id" integer NOT NULL PRIMARY KEY,
    "user_id" integer NOT NULL,
    "auth_token" varchar(255) NOT NULL UNIQUE,
    "prev_auth_token" varchar(255) NOT NULL UNIQUE,
    "user_agent" varchar(255) NULL,
    "rotated_at" timestamp NOT NULL
);
CREATE TABLE "api_keys" ("id" integer NOT NULL PRIMARY KEY, "user_id" integer NULL, "key_hash" varchar(255) NOT NULL, "description" varchar(255) NULL);
CREATE TABLE "topics" ("id" integer NOT NULL PRIMARY KEY, "title" varchar(255) NOT NULL, "user_id" integer NULL);

INSERT INTO "users" ("id", "username", "created_at", "updated_at", "name", "active", "username_lower", "admin", "trust_level", "approved") VALUES
    (1, 'Ada', '2025-12-10 10:00:00', '2025-12-10 10:00:00', 'Ada Lovelace', TRUE, 'ada', TRUE, 4, TRUE),
    (2, 'grace', '2025-12-10 10:00:00', '2025-12-10 10:00:00', NULL, TRUE, 'grace', FALSE, 1, TRUE),
    (-1, 'system', '2025-12-10 10:00:00', '2025-12-10 10:00:00', 'system', TRUE, 'system', TRUE, 4, TRUE);
INSERT INTO "user_passwords" VALUES
    (1, 1, '59db7b15c6c959dbb3af1932f0bbca3aa92f0c1fca04e759ed608e44661fc642', 'a54dca182530bb1d6d132cded6237b2e', '$pbkdf2-sha256$i=600000,l=32$', NULL, '2025-12-10 10:00:00', '2025-12-10 10:00:00'),
    (2, 2, '3ab5254ed00f45699f3293ac3c247f61757ef808432fcfb0e121ff4fe945e506', 'd91e3f721fcb1971174494d6493c9d5c', '$pbkdf2-sha256$i=600000,l=32$', NULL, '2025-12-10 10:00:00', '2025-12-10 10:00:00');
INSERT INTO "user_emails" VALUES (1, 1, 'ada@example.org', TRUE), (2, 2, 'grace@example.org', TRUE);
INSERT INTO "user_auth_tokens" VALUES (1, 2, 'a', 'b', 'x', '2025-12-10 10:00:00');
INSERT INTO "topics" VALUES (1, 'A topic', 1);
