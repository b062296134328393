-- Keycloak, PostgreSQL: model/jpa/src/main/java/org/keycloak/models/jpa/entities/CredentialEntity.java at
-- 4dd62263791829215e54873db58e1d6999fdf9f5 and UserEntity.java at 898fdedcdabc022e43b06d99335d1cfda5adf204 of keycloak/keycloak
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE "user_entity" (
    "id" varchar(36) NOT NULL PRIMARY KEY,
    "email" varchar(255) NULL,
    "email_constraint" varchar(255) NULL,
    "email_verified" boolean NOT NULL DEFAULT FALSE,
    "enabled" boolean NOT NULL DEFAULT FALSE,
    "federation_link" varchar(255) NULL,
    "first_name" varchar(255) NULL,
    "last_name" varchar(255) NULL,
    "realm_id" varchar(255) NULL,
    "username" varchar(255) NULL,
    "created_timestamp" bigint NULL,
    "service_account_client_link" varchar(255) NULL,
    "not_before" integer NOT NULL DEFAULT 0,
    UNIQUE ("realm_id", "username")
);
CREATE TABLE "credential" (
    "id" varchar(36) NOT NULL PRIMARY KEY,
    "type" varchar(255) NULL,
    "user_id" varchar(36) NULL,
    "created_date" bigint NULL,
    "user_label" varchar(255) NULL,
    "secret_data" text NULL,
    "credential_data" text NULL,
    "priority" integer NULL
);
CREATE TABLE "user_required_action" ("user_id" varchar(36) NOT NULL, "required_action" varchar(255) NOT NULL, PRIMARY KEY ("required_action", "user_id"));
CREATE TABLE "user_attribute" ("id" varchar(36) NOT NULL PRIMARY KEY, "name" varchar(255) NOT NULL, "value" varchar(255) NULL, "user_id" varchar(36) NOT NULL);
CREATE TABLE "realm" ("id" varchar(36) NOT NULL PRIMARY KEY, "name" varchar(255) NULL UNIQUE, "enabled" boolean NOT NULL DEFAULT FALSE, "password_policy" varchar(2550) NULL);
CREATE TABLE "client" ("id" varchar(36) NOT NULL PRIMARY KEY, "client_id" varchar(255) NULL, "secret" varchar(255) NULL, "realm_id" varchar(36) NULL, "enabled" boolean NOT NULL DEFAULT FALSE);

INSERT INTO "user_entity" ("id", "email", "email_constraint", "enabled", "first_name", "realm_id", "username", "created_timestamp") VALUES
    ('6d1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11', 'ada@example.org', 'ada@example.org', TRUE, 'Ada', 'r1', 'ada', 1765360000000),
    ('0b7c9d2e-44aa-4a58-8d1c-5e2f9c1a7b22', 'grace@example.org', 'grace@example.org', TRUE, 'Grace', 'r1', 'grace', 1765360000000);
INSERT INTO "credential" VALUES
    ('c1', 'password', '6d1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11', 1765360000000, NULL, '{"value":"NVYMu0wSBR9E89vf/i2MrX5JqxxvlYSalA8HBEUsARFZ1j4RpVy2EYBTmWdfcmq/49jgTcsaKFfhLicTYB8a8A==","salt":"J6Cus/7pIy+K8iEfnuSRxQ==","additionalParameters":{}}', '{"hashIterations":210000,"algorithm":"pbkdf2-sha512","additionalParameters":{}}', 10),
    ('c2', 'password', '0b7c9d2e-44aa-4a58-8d1c-5e2f9c1a7b22', 1765360000000, NULL, '{"value":"fWkiNDcWrX/ocp/XdDPWx6zIy7yr4mwVhtmEmdznOVAO0KV2ZBeAg9Mmh8nZK7otdwARub+VBfsxqNZHjuc+eQ==","salt":"sQvstVY7/B5vk0J+y8j+KQ==","additionalParameters":{}}', '{"hashIterations":210000,"algorithm":"pbkdf2-sha512","additionalParameters":{}}', 10);
INSERT INTO "realm" VALUES ('r1', 'master', TRUE, NULL);
INSERT INTO "client" VALUES ('k1', 'account', NULL, 'r1', TRUE);
