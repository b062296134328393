/// Another program that the settings attach, as an administrator sees it. Nothing in it is a secret.
public struct AttachedProgram: Sendable, Hashable {
    /// The operator's name for it.
    public let name: String
    /// Its profile's name.
    public let profile: String
    /// The program as people call it; nil where there is no such profile.
    public let title: String?
    /// Which versions the profile was written for.
    public let versions: String?
    /// Without a password.
    public let database: String
    /// What a reset reads, runs and contacts beside the database, a clause each.
    public let bindings: [String]

    public init(
        name: String, profile: String, title: String?, versions: String?, database: String, bindings: [String]
    ) {
        self.name = name
        self.profile = profile
        self.title = title
        self.versions = versions
        self.database = database
        self.bindings = bindings
    }
}

/// Whether a reset in a program could be made now.
public struct ProgramStanding: Sendable, Hashable {
    public enum State: String, Sendable {
        /// It is there and fits its profile.
        case fits
        /// It is there and does not.
        case misfit
        /// It cannot be reached.
        case unreachable
        /// Nobody knows yet: it is being looked at.
        case unknown
    }

    public let state: State
    /// Which database it is, or why it does not fit or cannot be reached; a clause, cleaned for people.
    public let detail: String?
    /// What would not work beside it: a secret that cannot be read, a command that would not be run.
    public let warnings: [String]
    /// When somebody looked; nil while nobody has.
    public let at: Timestamp?

    public init(_ state: State, detail: String? = nil, warnings: [String] = [], at: Timestamp? = nil) {
        self.state = state
        self.detail = detail
        self.warnings = warnings
        self.at = at
    }
}

/// The programs that the settings attach, and how they stand.
public protocol AttachedPrograms: Sendable {
    /// In the settings' order; costs nothing.
    var programs: [AttachedProgram] { get }

    /// How each stands, by name; looks again where the last look is old.
    ///
    /// - Parameter patience: how long the caller waits. A database that takes longer is what it was, or `unknown`; nobody waits
    ///   for it, and it is not asked a second time before it has answered.
    func standings(within patience: Duration) async -> [String: ProgramStanding]
}

/// Every attached program, how it stands, and its last resets: what the administrators' page and the API show alike.
public struct SurveyPrograms: Sendable {
    public struct Finding: Sendable {
        public let program: AttachedProgram
        public let standing: ProgramStanding
        /// Newest first.
        public let resets: [ResetRecord]
    }

    private static let patience = Duration.milliseconds(1_500)
    private static let mostResets = 5

    private let attached: any AttachedPrograms
    private let journal: any ResetJournal

    public init(_ attached: any AttachedPrograms, journal: any ResetJournal) {
        self.attached = attached
        self.journal = journal
    }

    /// Takes a second and a half at most, however many programs do not answer.
    public func callAsFunction() async throws -> [Finding] {
        let programs = attached.programs
        guard !programs.isEmpty else { return [] }
        let standings = await attached.standings(within: Self.patience)
        var findings: [Finding] = []
        for program in programs {
            findings.append(
                Finding(
                    program: program, standing: standings[program.name] ?? ProgramStanding(.unknown),
                    resets: try await journal.records(inApp: program.name, limit: Self.mostResets)))
        }
        return findings
    }
}
