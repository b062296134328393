/// What a connection that listens reports.
public enum SQLHearing: Sendable, Equatable {
    /// It listens from now on; what was announced before has not been heard.
    case listening
    /// What was announced, in the order of the commits; never empty.
    case heard([String])
}

/// A connection of its own on which a server tells what others have committed.
///
/// A pooler that shares sessions between clients hears nothing: as with locks, Sparekey needs the server itself or a pooler
/// in session mode.
public protocol SQLListener: Sendable {
    /// Waits for what comes next, for as long as it takes; connects first where there is no connection. One caller at a time.
    ///
    /// Blocks the listener's own thread only. A cancelled task is answered at once, and the listener is of no use afterwards.
    ///
    /// - Throws: ``SQLError`` where the server cannot be reached or the connection broke: the next call connects again.
    func next() async throws -> SQLHearing

    func close() async
}

extension SQLDatabase {
    public func listener(on channel: String) throws -> (any SQLListener)? { nil }
}
