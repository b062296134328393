-- Outline, PostgreSQL: server/migrations/20160619080644-initial.js and later, server/models/User.ts of outline/outline at
-- d77dcdf853868c5d5fe125c895c9b71f0eff5c68
-- Written anew from that schema: the tables by which it is recognised; nothing here can be reset

CREATE TABLE users (id uuid NOT NULL PRIMARY KEY, email character varying(255), name character varying(255) NOT NULL);
CREATE TABLE teams (id uuid NOT NULL PRIMARY KEY, name character varying(255));
CREATE TABLE collections (id uuid NOT NULL PRIMARY KEY, name character varying(255) NOT NULL);
CREATE TABLE authentication_providers (id uuid NOT NULL PRIMARY KEY, name character varying(255) NOT NULL);
CREATE TABLE user_authentications (id uuid NOT NULL PRIMARY KEY, "userId" uuid NOT NULL);
INSERT INTO users VALUES ('7d0c1c5e-2f3a-4a58-9a37-0a1b2c3d4e5f', 'ada@example.org', 'Ada');
