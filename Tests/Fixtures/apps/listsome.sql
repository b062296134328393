-- Listsome, SQLite: no public source; the table of tokens is that of its page "Password Reset System", the columns of
-- account are those that the page names or asks for at set-up. One account, as there: its password is
-- meadow-Copper-74-signal

CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT UNIQUE NOT NULL,
    password_hash TEXT NOT NULL
);

CREATE TABLE password_reset_tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash TEXT UNIQUE NOT NULL,
    account_id INTEGER NOT NULL,
    created_at TIMESTAMP,
    expires_at TIMESTAMP,
    used_at TIMESTAMP,
    ip_address TEXT,
    used BOOLEAN DEFAULT FALSE
);

INSERT INTO account VALUES (1, 'admin@example.com', '$argon2id$v=19$m=19456,t=2,p=1$rEAbpahz7kvrP+eczsp4fw$ZL8lzio4OQDDyp/UoK2qlZ5H/iypGZto3h/afaSenYo');
INSERT INTO password_reset_tokens (id, token_hash, account_id, created_at, expires_at, used) VALUES
    (1, 'outstanding', 1, '2026-02-12 16:00:00', '2026-02-12 17:00:00', FALSE), (2, 'spent', 1, '2026-02-11 16:00:00', '2026-02-11 17:00:00', TRUE);
