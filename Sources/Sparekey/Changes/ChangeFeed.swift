/// What was committed, by whichever process on whichever machine.
public enum CommittedChange: Sendable, Hashable {
    /// Credentials or sessions of the account with this id.
    case account(String)
    /// Nobody knows what: something may have been missed, or it concerns everybody.
    case anything
}

/// Tells a server at once what was committed elsewhere, so that what it holds in memory is right without a look at the
/// database. It is a convenience: whoever uses it also looks now and then, for what a broken connection did not tell.
public protocol ChangeFeed: Sendable {
    /// Waits for what comes next; after it has connected that is ``CommittedChange/anything``. One caller at a time.
    ///
    /// - Returns: each account once; never empty.
    /// - Throws: where the database cannot be reached; the next call tries again.
    func next() async throws -> Set<CommittedChange>

    func close() async
}
