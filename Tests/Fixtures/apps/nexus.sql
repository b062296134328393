-- Nexus 1.9.1, SQLite: src/utils/database.js of dronzer-tb/nexus at aa7b903145c8648f8a620e3a46eef82eba7e1781,
-- with the table sessions of 2.2.8 (5406108bb59e56418d49d74e76b6043e4827d661). Beside it lies nexus-admin-credentials.json.
-- Written anew from that schema: the tables that a reset meets, and three accounts whose password is
-- meadow-Copper-74-signal

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    email TEXT,
    role TEXT DEFAULT 'viewer',
    must_change_password INTEGER DEFAULT 0,
    totp_secret TEXT,
    totp_enabled INTEGER DEFAULT 0,
    recovery_codes TEXT,
    reset_token TEXT,
    reset_token_expires INTEGER,
    created_at INTEGER DEFAULT (strftime('%s', 'now')),
    updated_at INTEGER DEFAULT (strftime('%s', 'now'))
);
CREATE INDEX idx_users_username ON users(username);

CREATE TABLE nodes (
    id TEXT PRIMARY KEY,
    hostname TEXT NOT NULL,
    api_key TEXT NOT NULL DEFAULT '***REDACTED***',
    api_key_hash TEXT NOT NULL UNIQUE,
    status TEXT DEFAULT 'offline',
    last_seen INTEGER,
    created_at INTEGER DEFAULT (strftime('%s', 'now')),
    system_info TEXT
);
CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, node_id TEXT NOT NULL, timestamp INTEGER NOT NULL);
CREATE TABLE api_keys (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, key_hash TEXT NOT NULL UNIQUE);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    token TEXT UNIQUE NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_activity INTEGER NOT NULL,
    ip_address TEXT,
    user_agent TEXT,
    FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

INSERT INTO users (id, username, password, email, role, must_change_password, totp_enabled, reset_token, reset_token_expires, created_at, updated_at) VALUES
    (1, 'admin', '$2b$10$T1sUI8mx6ZRQb/eXTQAQHezqXNF0bUV2sMfv4LFxXxhrclp1d/ccC', 'shadow@example.org', 'admin', 0, 0, NULL, NULL, 1765360000, 1765360000),
    (2, 'grace', '$2b$10$4g4pQ5P2XKHtAGHFJ1HsDudPDMDXEjqOMlCIUdWxSajvMSaoiTqRq', 'grace@example.org', 'viewer', 1, 1, '123456', 1765369000000, 1765360000, 1765360000),
    (3, 'alan', '$2b$10$4g4pQ5P2XKHtAGHFJ1HsDudPDMDXEjqOMlCIUdWxSajvMSaoiTqRq', NULL, 'viewer', 0, 0, '654321', 1765369000000, 1765360000, 1765360000);
INSERT INTO sessions (user_id, token, created_at, expires_at, last_activity) VALUES
    (2, 'of grace', 1765360000000, 1765960000000, 1765360000000), (3, 'of alan', 1765360000000, 1765960000000, 1765360000000);
