-- Mastodon, PostgreSQL: db/schema.rb of mastodon/mastodon at 0070a2071a1d836cc6005ddb79d92ecbef998aed
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE "accounts" (
    "id" bigint NOT NULL PRIMARY KEY,
    "username" varchar(255) NOT NULL DEFAULT '',
    "domain" varchar(255) NULL,
    "private_key" text NULL,
    "public_key" text NOT NULL DEFAULT '',
    "created_at" timestamp NOT NULL,
    "display_name" varchar(255) NOT NULL DEFAULT '',
    "uri" varchar(255) NOT NULL DEFAULT '',
    "locked" boolean NOT NULL DEFAULT FALSE,
    "suspended_at" timestamp NULL,
    "actor_type" varchar(255) NULL
);
CREATE TABLE "users" (
    "id" bigint NOT NULL PRIMARY KEY,
    "email" varchar(255) NOT NULL DEFAULT '' UNIQUE,
    "created_at" timestamp NOT NULL,
    "updated_at" timestamp NOT NULL,
    "encrypted_password" varchar(255) NOT NULL DEFAULT '',
    "reset_password_token" varchar(255) NULL UNIQUE,
    "reset_password_sent_at" timestamp NULL,
    "sign_in_count" integer NOT NULL DEFAULT 0,
    "current_sign_in_at" timestamp NULL,
    "confirmation_token" varchar(255) NULL,
    "confirmed_at" timestamp NULL,
    "unconfirmed_email" varchar(255) NULL,
    "locale" varchar(255) NULL,
    "otp_required_for_login" boolean NOT NULL DEFAULT FALSE,
    "account_id" bigint NOT NULL,
    "disabled" boolean NOT NULL DEFAULT FALSE,
    "approved" boolean NOT NULL DEFAULT TRUE,
    "sign_in_token" varchar(255) NULL,
    "role_id" bigint NULL,
    "otp_secret" varchar(255) NULL
);
CREATE TABLE "session_activations" (
    "id" bigint NOT NULL PRIMARY KEY,
    "session_id" varchar(255) NOT NULL UNIQUE,
    "created_at" timestamp NOT NULL,
    "updated_at" timestamp NOT NULL,
    "user_agent" varchar(255) NOT NULL DEFAULT '',
    "access_token_id" bigint NULL,
    "user_id" bigint NOT NULL,
    "web_push_subscription_id" bigint NULL
);
CREATE TABLE "login_activities" ("id" bigint NOT NULL PRIMARY KEY, "user_id" bigint NOT NULL, "authentication_method" varchar(255) NULL, "success" boolean NULL, "failure_reason" varchar(255) NULL, "created_at" timestamp NULL);
CREATE TABLE "user_roles" ("id" bigint NOT NULL PRIMARY KEY, "name" varchar(255) NOT NULL DEFAULT '', "position" integer NOT NULL DEFAULT 0, "permissions" bigint NOT NULL DEFAULT 0);
CREATE TABLE "statuses" ("id" bigint NOT NULL PRIMARY KEY, "text" text NOT NULL DEFAULT '', "account_id" bigint NOT NULL);

INSERT INTO "accounts" ("id", "username", "domain", "public_key", "created_at", "display_name") VALUES
    (1, 'ada', NULL, 'key', '2025-12-10 10:00:00', 'Ada'), (2, 'grace', NULL, 'key', '2025-12-10 10:00:00', 'Grace'), (3, 'alan', 'elsewhere.example', 'key', '2025-12-10 10:00:00', 'Alan');
INSERT INTO "users" ("id", "email", "created_at", "updated_at", "encrypted_password", "reset_password_token", "account_id", "role_id") VALUES
    (1, 'ada@example.org', '2025-12-10 10:00:00', '2025-12-10 10:00:00', '$2a$10$vLlqUFNX2EGlQtyMIeNBLe7DkMjiRh5pTGd6qaYnqHIHvs6NoCagW', NULL, 1, 3),
    (2, 'grace@example.org', '2025-12-10 10:00:00', '2025-12-10 10:00:00', '$2a$10$kuBykr7oGZz/FjIapPaX6uh0BNXCQTJrI1xcfi8VEp9nosGlFJeKS', 'a token', 2, NULL);
INSERT INTO "session_activations" VALUES (1, 's1', '2025-12-10 10:00:00', '2025-12-10 10:00:00', 'x', NULL, 2, NULL);
INSERT INTO "user_roles" VALUES (3, 'Owner', 1000, 1), (-99, '', -1, 65536);
INSERT INTO "statuses" VALUES (1, 'hello', 1);
