import SparekeySQL

extension Migration {
    /// Who holds a session: where from and with what. There was no server before this step, and so no session.
    static let sessions = Migration(number: 3) { _ in
        [
            "ALTER TABLE session ADD COLUMN address TEXT",
            "ALTER TABLE session ADD COLUMN device TEXT",
            "CREATE INDEX session_created ON session (created_at)",
        ]
    }
}
