import SparekeySQL

extension Migration {
    /// How the journal finds an app again, and what it writes to the audit trail when a reset there is finished later.
    ///
    /// `unclear` beside the state `abandoned`: SQLite cannot change the rule that lists the states.
    static let resetsInApps = Migration(number: 8) { _ in
        [
            "ALTER TABLE reset ADD COLUMN profile TEXT",
            "ALTER TABLE reset ADD COLUMN place TEXT",
            "ALTER TABLE reset ADD COLUMN draft TEXT",
            "ALTER TABLE reset ADD COLUMN unclear BIGINT NOT NULL DEFAULT 0",
        ]
    }
}
