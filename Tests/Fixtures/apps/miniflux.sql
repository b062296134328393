-- Miniflux, PostgreSQL: internal/database/migrations.go of miniflux/v2 at 106cdd09e1557222303f3ed1376e1dadf0638621
-- Written anew from that schema: the tables that a reset meets, and two accounts whose password is meadow-Copper-74-signal,
-- alan signs in through OpenID Connect only

CREATE TABLE users (
    id SERIAL,
    username text not null unique,
    password text,
    is_admin bool default 'f',
    language text default 'en_US',
    timezone text default 'UTC',
    theme text default 'light_serif',
    last_login_at timestamp with time zone,
    stylesheet text not null default '',
    google_id text not null default '',
    openid_connect_id text not null default '',
    primary key (id)
);
CREATE UNIQUE INDEX users_openid_connect_id_idx ON users(openid_connect_id) WHERE openid_connect_id <> '';

CREATE TABLE web_sessions (
    id text not null,
    secret_hash bytea not null,
    user_id int references users(id) on delete cascade,
    created_at timestamp with time zone not null default now(),
    user_agent text not null default '',
    ip inet,
    state jsonb not null default '{}'::jsonb,
    primary key (id)
);
CREATE INDEX web_sessions_user_id_idx ON web_sessions (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE feeds (id BIGSERIAL primary key, user_id int not null, title text not null);
CREATE TABLE entries (id BIGSERIAL primary key, user_id int not null, title text not null);
CREATE TABLE integrations (user_id int not null primary key);

INSERT INTO users (username, password, is_admin, openid_connect_id) VALUES
    ('ada', '$2a$10$gKYtyNb2Ud1qxKqmXHMHYeQOatTEZV9xgQpBXTkYIRcEE6dOU1xJm', 't', ''),
    ('grace', '$2a$10$EQL3gPT5uAWxhK/PbS1NSOpwgmMyJ.bXwL5rQvEHd5NmB1eaF7foa', 'f', ''),
    ('alan', '', 'f', 'of the provider');
INSERT INTO web_sessions (id, secret_hash, user_id) VALUES
    ('s1', '\x01', 1), ('s2', '\x02', 2), ('nobody', '\x03', NULL);
