-- Vaultwarden, SQLite: migrations/sqlite/2018-01-14-171611_create_tables/up.sql of dani-garcia/vaultwarden at
-- 46d71107f5094460dd5ecbe1dbac6e6c71e5189a
-- Written anew from that schema: the tables by which it is recognised; nothing here can be reset

CREATE TABLE users (uuid TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password_hash BLOB NOT NULL, salt BLOB NOT NULL, password_iterations INTEGER NOT NULL, `key` TEXT NOT NULL, security_stamp TEXT NOT NULL);
CREATE TABLE ciphers (uuid TEXT NOT NULL PRIMARY KEY, user_uuid TEXT NOT NULL, type INTEGER NOT NULL, name TEXT NOT NULL, data TEXT NOT NULL);
CREATE TABLE folders (uuid TEXT NOT NULL PRIMARY KEY, user_uuid TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE devices (uuid TEXT NOT NULL PRIMARY KEY, user_uuid TEXT NOT NULL, name TEXT NOT NULL, refresh_token TEXT NOT NULL);
INSERT INTO users VALUES ('u1', 'ada@example.org', 'Ada', X'00', X'00', 600000, '2.encrypted', 's1');
