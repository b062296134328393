-- Umami, PostgreSQL: prisma/schema.prisma of umami-software/umami at c0ea3aefbee7a3429ee2f824b06dc4a9dbe0b7e1
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE "user" (
    "user_id" varchar(36) NOT NULL PRIMARY KEY,
    "username" varchar(255) NOT NULL UNIQUE,
    "password" varchar(60) NOT NULL,
    "role" varchar(50) NOT NULL,
    "logo_url" varchar(2183) NULL,
    "display_name" varchar(255) NULL,
    "created_at" timestamp NULL,
    "updated_at" timestamp NULL,
    "deleted_at" timestamp NULL
);
CREATE TABLE "session" (
    "session_id" varchar(36) NOT NULL PRIMARY KEY,
    "website_id" varchar(36) NOT NULL,
    "browser" varchar(20) NULL,
    "os" varchar(20) NULL,
    "country" varchar(2) NULL,
    "distinct_id" varchar(50) NULL,
    "created_at" timestamp NULL
);
CREATE TABLE "website" ("website_id" varchar(36) NOT NULL PRIMARY KEY, "name" varchar(100) NOT NULL, "domain" varchar(500) NULL, "share_id" varchar(50) NULL UNIQUE, "user_id" varchar(36) NULL);
CREATE TABLE "team" ("team_id" varchar(36) NOT NULL PRIMARY KEY, "name" varchar(50) NOT NULL, "access_code" varchar(50) NULL UNIQUE);
CREATE TABLE "team_user" ("team_user_id" varchar(36) NOT NULL PRIMARY KEY, "team_id" varchar(36) NOT NULL, "user_id" varchar(36) NOT NULL, "role" varchar(50) NOT NULL);

INSERT INTO "user" ("user_id", "username", "password", "role", "created_at") VALUES
    ('6d1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11', 'admin', '$2a$10$a98dAw6ZS0DdxvHZ3fgyou6BrZAucVX/E4YbeV70J0jG4r7M86ysC', 'admin', '2025-12-10 10:00:00'),
    ('0b7c9d2e-44aa-4a58-8d1c-5e2f9c1a7b22', 'grace', '$2b$10$9LjXKkvdgnP5.ncvNCf9vuyB/qFA5ItWNMRvnQgtivlGgoMf2lcJe', 'user', '2025-12-10 10:00:00');
INSERT INTO "session" VALUES ('5a1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11', '5b1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11', 'chrome', 'Linux', 'NL', NULL, '2025-12-10 10:00:00');
INSERT INTO "website" VALUES ('5b1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11', 'A site', 'example.org', NULL, '6d1b3f58-0c0a-4c0e-9a4b-7a0e0f3b5a11');
