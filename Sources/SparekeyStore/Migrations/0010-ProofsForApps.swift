import SparekeySQL

extension Migration {
    /// Codes and tokens for accounts of apps, and which reset has reserved one (house.md, Two databases).
    ///
    /// The table of tokens is made anew, because an app's account is no row of `account` and SQLite drops no foreign key;
    /// removing an own account removes its tokens by a statement of its own.
    static let proofsForApps = Migration(number: 10) { type in
        [
            """
            CREATE TABLE reset_token_next (
              id TEXT PRIMARY KEY,
              account_id TEXT NOT NULL,
              app TEXT,
              profile TEXT,
              place TEXT,
              lookup \(part: type.blob) NOT NULL UNIQUE,
              hash TEXT NOT NULL,
              created_at BIGINT NOT NULL,
              expires_at BIGINT NOT NULL,
              used_at BIGINT,
              used_from TEXT,
              issuer_id TEXT,
              reserved_by BIGINT)
            """,
            """
            INSERT INTO reset_token_next
              (id, account_id, lookup, hash, created_at, expires_at, used_at, used_from, issuer_id)
            SELECT id, account_id, lookup, hash, created_at, expires_at, used_at, used_from, issuer_id FROM reset_token
            """,
            "DROP TABLE reset_token",
            "ALTER TABLE reset_token_next RENAME TO reset_token",
            "CREATE INDEX reset_token_account ON reset_token (account_id)",
            "CREATE INDEX reset_token_issuer ON reset_token (issuer_id) WHERE issuer_id IS NOT NULL",
            "CREATE INDEX reset_token_reserved ON reset_token (reserved_by) WHERE reserved_by IS NOT NULL",
            "ALTER TABLE reset_code ADD COLUMN reserved_by BIGINT",
            "CREATE INDEX reset_code_reserved ON reset_code (reserved_by) WHERE reserved_by IS NOT NULL",
            "ALTER TABLE reset_request ADD COLUMN username TEXT",
        ]
    }
}
