-- Mealie: mealie/db/models/users/users.py, password_reset.py and alembic/versions of mealie-recipes/mealie at
-- b5643a9399465d8b4ea339e7a6639df2d697741b
-- Written anew from that schema: the tables that a reset meets, and two accounts whose password is meadow-Copper-74-signal,
-- alan signs in through LDAP

CREATE TABLE users (
    created_at DATETIME,
    update_at DATETIME,
    id CHAR(32) NOT NULL PRIMARY KEY,
    full_name VARCHAR(255),
    username VARCHAR(255),
    email VARCHAR(255),
    password VARCHAR(255),
    auth_method VARCHAR(6) NOT NULL DEFAULT 'MEALIE',
    admin BOOLEAN,
    advanced BOOLEAN,
    group_id CHAR(32) NOT NULL,
    household_id CHAR(32),
    cache_key VARCHAR(255),
    login_attemps INTEGER,
    locked_at DATETIME,
    can_manage_household BOOLEAN,
    can_manage BOOLEAN,
    can_invite BOOLEAN,
    can_organize BOOLEAN
);
CREATE UNIQUE INDEX ix_users_username ON users (username);
CREATE UNIQUE INDEX ix_users_email ON users (email);

CREATE TABLE long_live_tokens (id INTEGER NOT NULL PRIMARY KEY, created_at DATETIME, update_at DATETIME, name VARCHAR(255) NOT NULL, token VARCHAR(255) NOT NULL, user_id CHAR(32));
CREATE TABLE password_reset_tokens (id INTEGER NOT NULL PRIMARY KEY, created_at DATETIME, update_at DATETIME, user_id CHAR(32) NOT NULL, token VARCHAR(64) NOT NULL UNIQUE);
CREATE TABLE recipes (id CHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(255));
CREATE TABLE group_preferences (id CHAR(32) NOT NULL PRIMARY KEY, group_id CHAR(32) NOT NULL);

INSERT INTO users (created_at, update_at, id, full_name, username, email, password, auth_method, admin, group_id, cache_key, login_attemps, locked_at) VALUES
    ('2025-12-10 10:00:01', '2025-12-10 10:00:00', '7d0c1c5e2f3a4a589a370a1b2c3d4e5f', 'Ada Lovelace', 'ada', 'Ada@example.org', '$2b$12$HfNCMOwWiL19iijqIpzKO.szSByOFz2wyZIkLNubRJ.JUI6KKIofa', 'MEALIE', TRUE, '00000000000000000000000000000001', '1234', 5, '2025-12-10 10:00:00'),
    ('2025-12-10 10:00:02', '2025-12-10 10:00:00', '1a0f9f5c0d594b389c55112233445566', 'Grace Hopper', 'grace', 'grace@example.org', '$2b$12$/fpDTuZGu5jCugN4IY1lT.TyvXnTDQsk2Ex6nw3IQpuVzExWd/ut.', 'MEALIE', FALSE, '00000000000000000000000000000001', '1234', 0, NULL),
    ('2025-12-10 10:00:03', '2025-12-10 10:00:00', '5f0a9f5c0d594b389c55665544332211', 'Alan Turing', 'alan', 'alan@example.org', 'LDAP', 'LDAP', FALSE, '00000000000000000000000000000001', '1234', 0, NULL);
INSERT INTO long_live_tokens (id, name, token, user_id) VALUES
    (1, 'a phone', 't1', '7d0c1c5e2f3a4a589a370a1b2c3d4e5f'), (2, 'a phone', 't2', '1a0f9f5c0d594b389c55112233445566');
INSERT INTO password_reset_tokens (id, user_id, token) VALUES
    (1, '7d0c1c5e2f3a4a589a370a1b2c3d4e5f', 'r1'), (2, '1a0f9f5c0d594b389c55112233445566', 'r2');
