-- LLDAP, SQLite: crates/sql-backend-handler/src/sql_migrations.rs and server/src/jwt_sql_tables.rs of lldap/lldap at
-- 9cc54ab03c5a044bfe574e30a6b6245d45c8e7b9
-- Written anew from that schema: the tables by which it is recognised; nothing here can be reset

CREATE TABLE users (user_id VARCHAR(255) NOT NULL PRIMARY KEY, email VARCHAR(255) NOT NULL, lowercase_email VARCHAR(255) NOT NULL, display_name VARCHAR(255), creation_date DATETIME NOT NULL, password_hash BLOB, totp_secret VARCHAR(64), mfa_type VARCHAR(64), uuid VARCHAR(36) NOT NULL);
CREATE TABLE groups (group_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, display_name VARCHAR(255) NOT NULL, creation_date DATETIME NOT NULL, uuid VARCHAR(36) NOT NULL);
CREATE TABLE memberships (user_id VARCHAR(255) NOT NULL, group_id INTEGER NOT NULL, PRIMARY KEY (user_id, group_id));
CREATE TABLE user_attribute_schema (user_attribute_schema_name VARCHAR(64) NOT NULL PRIMARY KEY);
CREATE TABLE jwt_refresh_storage (refresh_token_hash BIGINT NOT NULL PRIMARY KEY, user_id VARCHAR(255) NOT NULL);
INSERT INTO users VALUES ('ada', 'ada@example.org', 'ada@example.org', 'Ada', '2025-12-10 10:00:00', X'00', NULL, NULL, 'u1');
