import SparekeySQL

extension Migration {
    /// Counters of tries, and what was counted for the audit trail. Both hold keyed hashes only, and rows end.
    static let throttle = Migration(number: 4) { type in
        [
            "CREATE TABLE throttle (key \(part: type.blob) PRIMARY KEY, count BIGINT NOT NULL, ends_at BIGINT NOT NULL)",
            "CREATE INDEX throttle_end ON throttle (ends_at)",
            """
            CREATE TABLE audit_note (
              key \(part: type.blob) PRIMARY KEY,
              action TEXT NOT NULL,
              outcome TEXT NOT NULL,
              name TEXT,
              address TEXT,
              further BIGINT NOT NULL,
              begun_at BIGINT NOT NULL,
              ends_at BIGINT NOT NULL)
            """,
            "CREATE INDEX audit_note_end ON audit_note (ends_at)",
        ]
    }
}
