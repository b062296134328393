import SparekeySQL

extension Migration {
    /// What people asked for at the forgot-password page, the codes that came of it, and how often somebody guessed.
    ///
    /// A subject is a keyed hash of a directory and an account of it, or of a name that nobody has: both have the same
    /// rows, so that guessing at either does the same work (SEC-4). A code rests as its keyed hash, and sealed while it
    /// can be shown.
    static let resetCodes = Migration(number: 5) { type in
        [
            "ALTER TABLE reset_token ADD COLUMN used_from TEXT",
            """
            CREATE TABLE reset_request (
              id TEXT PRIMARY KEY,
              number BIGINT NOT NULL UNIQUE,
              app TEXT,
              sealed_name \(part: type.blob) NOT NULL,
              address TEXT,
              state TEXT NOT NULL CHECK (state IN ('new', 'waiting', 'issued', 'withheld', 'denied', 'void')),
              over_budget BIGINT NOT NULL CHECK (over_budget IN (0, 1)),
              account_id TEXT,
              created_at BIGINT NOT NULL,
              settled_at BIGINT)
            """,
            "CREATE INDEX reset_request_new ON reset_request (number) WHERE state = 'new'",
            "CREATE INDEX reset_request_account ON reset_request (account_id) WHERE account_id IS NOT NULL",
            "CREATE INDEX reset_request_created ON reset_request (created_at)",
            """
            CREATE TABLE reset_code (
              request_id TEXT PRIMARY KEY REFERENCES reset_request (id) ON DELETE CASCADE,
              subject \(part: type.blob) NOT NULL,
              account_id TEXT,
              mac \(part: type.blob) NOT NULL,
              sealed \(part: type.blob),
              approved BIGINT NOT NULL CHECK (approved IN (0, 1)),
              created_at BIGINT NOT NULL,
              expires_at BIGINT NOT NULL,
              used_at BIGINT,
              voided_at BIGINT)
            """,
            "CREATE INDEX reset_code_live ON reset_code (subject) WHERE used_at IS NULL AND voided_at IS NULL",
            "CREATE INDEX reset_code_account ON reset_code (account_id) WHERE account_id IS NOT NULL",
            "CREATE INDEX reset_code_sealed ON reset_code (expires_at) WHERE sealed IS NOT NULL",
            """
            CREATE TABLE code_tries (
              subject \(part: type.blob) PRIMARY KEY,
              account_id TEXT,
              tries BIGINT NOT NULL,
              day BIGINT NOT NULL,
              compared_on_day BIGINT NOT NULL,
              compared BIGINT NOT NULL,
              noted_minute BIGINT NOT NULL,
              updated_at BIGINT NOT NULL)
            """,
            "CREATE INDEX code_tries_nobody ON code_tries (updated_at) WHERE account_id IS NULL",
            "CREATE TABLE code_day (day BIGINT PRIMARY KEY, wrong BIGINT NOT NULL)",
            "INSERT INTO counter (name, value) VALUES ('request', 0)",
        ]
    }
}
