/// A directory with all that self-service does in it: whom a name means there, which passwords it takes, and the one
/// pipeline that sets them.
///
/// The flows of codes and tokens are the same for the own directory and for apps; what differs is in here.
public struct RecoverableDirectory: Sendable {
    public let directory: any Directory
    public let accept: AcceptPassword
    /// What people call the program; nil for the own directory.
    public let title: String?
    private let reset: @Sendable (ResetRequest) async throws -> ResetReport

    public init(
        _ directory: any Directory, accept: AcceptPassword, title: String? = nil,
        reset: @escaping @Sendable (ResetRequest) async throws -> ResetReport
    ) {
        self.title = title
        self.directory = directory
        self.accept = accept
        self.reset = reset
    }

    /// - Throws: what ``ResetPassword`` throws, and ``RecoveryError`` `appUnavailable`.
    func callAsFunction(_ request: ResetRequest) async throws -> ResetReport { try await reset(request) }
}

/// The directories whose accounts can be recovered: the own one, and each attached app.
public protocol RecoverableDirectories: Sendable {
    /// Opens nothing: a directory is looked at when it is asked something.
    ///
    /// - Parameter app: the app's name; nil for the own directory.
    /// - Throws: ``RecoveryError`` `unknownApp`, or `appUnavailable` where its settings cannot be used.
    func named(_ app: String?) throws -> RecoverableDirectory
}

extension RecoverableDirectories {
    /// The directory that a stored row is about: of the app's name, and of the same database. Another one that was attached
    /// under the name meanwhile has other accounts under the same ids.
    ///
    /// - Throws: ``RecoveryError`` `unknownApp`.
    func holding(_ app: AppReference?) throws -> RecoverableDirectory {
        let found = try named(app?.name)
        guard found.directory.app == app else { throw RecoveryError.unknownApp }
        return found
    }
}

/// The own directory alone.
public struct OwnDirectoryAlone: RecoverableDirectories {
    private let own: RecoverableDirectory

    public init(_ own: RecoverableDirectory) {
        self.own = own
    }

    public func named(_ app: String?) throws -> RecoverableDirectory {
        guard app == nil else { throw RecoveryError.unknownApp }
        return own
    }
}

extension RecoveryError {
    /// No app is attached under the name, or another one by now.
    public static let unknownApp = RecoveryError(
        .unknownApp, reason: "no app of that name is attached here", hint: "sparekey apps list shows those that are")
}

extension RecoveryError.Code {
    /// No app is attached under the name.
    public static let unknownApp = RecoveryError.Code("unknownApp")
    /// An app's database cannot be reached, written or understood just now. Nothing was changed and no proof is spent; the
    /// cause says why, for the operator.
    public static let appUnavailable = RecoveryError.Code("appUnavailable")
    /// A reset by the same proof was begun and not ended: whether the proof is spent is known once that is settled.
    public static let proofReserved = RecoveryError.Code("proofReserved")
}
