-- Odoo, PostgreSQL: odoo/addons/base/data/base_data.sql of odoo/odoo at 04444fe4cc780a48ea01f7a69eca82e64ae97671
-- Written anew from that schema: the tables that a reset meets, and accounts whose password is meadow-Copper-74-signal

CREATE TABLE "res_users" (
    "id" integer NOT NULL PRIMARY KEY,
    "company_id" integer NULL,
    "partner_id" integer NULL,
    "active" boolean DEFAULT TRUE,
    "create_date" timestamp NULL,
    "login" varchar(64) NOT NULL UNIQUE,
    "password" varchar(255) DEFAULT NULL
);
CREATE TABLE "res_partner" ("id" integer NOT NULL PRIMARY KEY, "company_id" integer NULL, "create_date" timestamp NULL, "name" varchar(255) NULL, "email" varchar(255) NULL, "user_id" integer NULL);
CREATE TABLE "res_groups" ("id" integer NOT NULL PRIMARY KEY, "name" varchar(255) NOT NULL);
CREATE TABLE "res_company" ("id" integer NOT NULL PRIMARY KEY, "partner_id" integer NULL, "name" varchar(255) NULL);
CREATE TABLE "ir_model_data" ("id" integer NOT NULL PRIMARY KEY, "name" varchar(255) NOT NULL, "module" varchar(255) NOT NULL, "model" varchar(255) NOT NULL, "res_id" integer NULL);
CREATE TABLE "ir_module_module" ("id" integer NOT NULL PRIMARY KEY, "name" varchar(255) NOT NULL, "state" varchar(16) NULL, "author" varchar(255) NULL);

INSERT INTO "res_users" VALUES
    (1, 1, 1, FALSE, '2025-12-10 10:00:00', '__system__', NULL),
    (2, 1, 3, TRUE, '2025-12-10 10:00:00', 'admin', '$pbkdf2-sha512$600000$NGC.MSAeaf7aoO7ouZl/XA$eG67OSkuOtZUcIZWuIRFTxH/wXkzTJadGcp8YSt42q0a9ygLEPbcJrQMYgzqHOEKnq9IZG76T1q7BDrxu4V/IA'),
    (6, 1, 7, TRUE, '2025-12-10 10:00:00', 'grace@example.org', '$pbkdf2-sha512$600000$fCmZ/a/lkyU81lSvTfrXFA$h9imiaN8bYIxdczh4SZQLqSiITn/FMxKuxQ7I3CJj2216PsMFb.pyqAdm8vvZ4WKgkqkVkoLoTbC5ibE2hr3Kw');
INSERT INTO "res_partner" VALUES (1, 1, '2025-12-10 10:00:00', 'My Company', 'info@example.org', NULL), (3, 1, '2025-12-10 10:00:00', 'Administrator', 'ada@example.org', NULL), (7, 1, '2025-12-10 10:00:00', 'Grace', 'grace@example.org', 2);
INSERT INTO "res_company" VALUES (1, 1, 'My Company');
INSERT INTO "ir_module_module" VALUES (1, 'base', 'installed', 'Odoo S.A.');
