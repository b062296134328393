import SparekeySQL

/// Everything that stands for a password beside the password itself: the one list of the tables that hold it.
///
/// A new table of sessions, tokens or codes is added here, and a restore and a rotation void it from then on.
enum OutstandingProofs {
    /// What somebody holds in a hand, one-time tokens and codes, with the requests that codes hang on. Returns how many
    /// tokens and codes were voided.
    @discardableResult
    static func voidOneTime(_ connection: any SQLConnection) throws -> Int {
        let tokens = try connection.execute("DELETE FROM reset_token")
        let codes = try connection.execute("DELETE FROM reset_code")
        try connection.execute("DELETE FROM reset_request")
        try SparekeyStore.removeSetUpLink(connection)
        return tokens + codes
    }

    /// Sessions of people who signed in. Returns how many rows were voided.
    @discardableResult
    static func voidSessions(_ connection: any SQLConnection) throws -> Int {
        try connection.execute("DELETE FROM session")
    }

    /// What `undo` would put back, and resets that never ended. Returns how many resets can no longer be undone.
    @discardableResult
    static func voidUndo(at microseconds: Int64, _ connection: any SQLConnection) throws -> Int {
        let voided = try connection.execute(
            "UPDATE reset SET sealed_old = NULL, sealed_new = NULL, undo_until = NULL WHERE sealed_old IS NOT NULL")
        try connection.execute(
            "UPDATE reset SET state = 'abandoned', settled_at = \(microseconds) WHERE state = 'prepared'")
        return voided
    }
}
