public import Sparekey
import SparekeySQL

/// Changes are announced in the transaction that makes them, so that they are heard when it is committed and never before
/// (NOTIFY). An announcement holds an account's id, or nothing where it concerns everybody.
extension SparekeyStore {
    private static var channel: String { "sparekey" }

    /// Tells the servers of this database that credentials or sessions of the account changed. A file tells nobody: its one
    /// server is told through its socket.
    static func announce(accountID: String, _ connection: any SQLConnection) throws {
        try announce(accountID, connection)
    }

    /// The same of every account.
    static func announceEverything(_ connection: any SQLConnection) throws {
        try announce("", connection)
    }

    private static func announce(_ text: String, _ connection: any SQLConnection) throws {
        guard connection.dialect == .postgreSQL else { return }
        _ = try connection.query("SELECT pg_notify(\(channel), \(text)) AS told")
    }

    /// Whether every server of this database hears of changes by itself.
    public var announcesChanges: Bool { driver.dialect == .postgreSQL }

    /// Hears what other processes commit; nil where the database tells nobody anything.
    public func changeFeed() throws -> (any ChangeFeed)? {
        try driver.listener(on: Self.channel).map(AnnouncedChanges.init)
    }
}

private struct AnnouncedChanges: ChangeFeed {
    /// A page of accounts is read as fast as so many one by one.
    private static let most = 100

    let listener: any SQLListener

    func next() async throws -> Set<CommittedChange> {
        switch try await listener.next() {
        case .listening: return [.anything]
        case .heard(let texts):
            let changes = Set(texts.map { $0.isEmpty ? CommittedChange.anything : .account($0) })
            return changes.count > Self.most || changes.contains(.anything) ? [.anything] : changes
        }
    }

    func close() async {
        await listener.close()
    }
}
