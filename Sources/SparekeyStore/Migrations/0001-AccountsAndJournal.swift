import SparekeySQL

extension Migration {
    /// Accounts with their credentials, what can stand for them (sessions, tokens), the journal and the audit trail.
    ///
    /// `account.password_hash` is the documented column for a rescue by SQL (LST-5): any hash of `sparekey hash make`.
    static let accountsAndJournal = Migration(number: 1) { type in
        [
            """
            CREATE TABLE account (
              id TEXT PRIMARY KEY,
              username TEXT NOT NULL,
              username_key \(part: type.key) NOT NULL UNIQUE,
              email TEXT,
              email_key \(part: type.key) UNIQUE,
              display_name TEXT NOT NULL,
              role TEXT NOT NULL CHECK (role IN ('admin', 'user')),
              active BIGINT NOT NULL CHECK (active IN (0, 1)),
              password_hash TEXT,
              password_mark \(part: type.blob),
              require_password_change BIGINT NOT NULL CHECK (require_password_change IN (0, 1)),
              password_expires_at BIGINT,
              created_at BIGINT NOT NULL,
              last_sign_in_at BIGINT)
            """,
            """
            CREATE TABLE sync_credential (
              account_id TEXT PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
              key_mac \(part: type.blob) NOT NULL UNIQUE,
              pbkdf2_hash TEXT NOT NULL)
            """,
            """
            CREATE TABLE password_history (
              id TEXT PRIMARY KEY,
              account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
              password_hash TEXT NOT NULL,
              replaced_at BIGINT NOT NULL)
            """,
            "CREATE INDEX password_history_account ON password_history (account_id, replaced_at)",
            """
            CREATE TABLE session (
              id TEXT PRIMARY KEY,
              account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
              secret_hash \(part: type.blob) NOT NULL UNIQUE,
              created_at BIGINT NOT NULL,
              last_used_at BIGINT NOT NULL)
            """,
            "CREATE INDEX session_account ON session (account_id)",
            """
            CREATE TABLE reset_token (
              id TEXT PRIMARY KEY,
              account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
              lookup \(part: type.blob) NOT NULL UNIQUE,
              hash TEXT NOT NULL,
              created_at BIGINT NOT NULL,
              expires_at BIGINT NOT NULL,
              used_at BIGINT)
            """,
            "CREATE INDEX reset_token_account ON reset_token (account_id)",
            """
            CREATE TABLE reset (
              number BIGINT PRIMARY KEY,
              id TEXT NOT NULL UNIQUE,
              lock_number BIGINT NOT NULL,
              state TEXT NOT NULL CHECK (state IN ('prepared', 'done', 'abandoned')),
              sequence BIGINT UNIQUE,
              app TEXT,
              account_id TEXT NOT NULL,
              username TEXT NOT NULL,
              proof TEXT NOT NULL,
              reason TEXT,
              sealed_old \(part: type.blob),
              sealed_new \(part: type.blob),
              undo_until BIGINT,
              prepared_at BIGINT NOT NULL,
              settled_at BIGINT)
            """,
            "CREATE INDEX reset_prepared ON reset (number) WHERE state = 'prepared'",
            "CREATE INDEX reset_sealed ON reset (undo_until) WHERE sealed_old IS NOT NULL",
            "CREATE INDEX reset_account ON reset (account_id, number)",
            "CREATE TABLE audit (sequence BIGINT PRIMARY KEY, row TEXT NOT NULL, mac \(part: type.blob) NOT NULL)",
            "CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
            "INSERT INTO counter (name, value) VALUES ('reset', 0), ('sequence', 0), ('audit', 0)",
        ]
    }
}
