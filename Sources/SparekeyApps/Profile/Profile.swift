/// What Sparekey must know of another program to reset a password in it exactly as the program itself would.
///
/// A value that says and does nothing (APP-9): it names tables, columns and formats, and secrets and hooks by label only.
/// The engine holds it against the database that it finds, plans with it and carries the plan out. Docs/profiles/README.md
/// explains every key of the document that it is read from.
public struct Profile: Sendable, Equatable {
    /// The databases that programs keep accounts in; `file` is a file with them that is none.
    public enum DatabaseKind: String, Sendable, CaseIterable {
        case sqlite, postgresql, mariadb, file
    }

    /// What it was written from, so that somebody can look again when the program has changed.
    public struct Source: Sendable, Equatable {
        /// The address of a repository, or the words for a document.
        public let name: String
        /// The full commit, where there is one.
        public let commit: String?
        public let files: [String]
    }

    /// Where the document came from.
    public enum Origin: Sendable, Equatable {
        case shipped
        case file(String)
    }

    /// What names it on the command line: lower-case letters, digits and dashes.
    public let name: String
    /// The program as people call it.
    public let title: String
    /// Which versions it was written for, in words.
    public let versions: String
    public let home: String?
    public let sources: [Source]
    public let databases: [DatabaseKind]
    /// Where the program keeps a SQLite database unless told otherwise; for messages and for looking around.
    public let usualPlaces: [String]
    /// How it is recognised in a container, and which variables say there where its database is.
    public let container: ContainerHints
    /// Where the program's settings choose what its tables begin with.
    public let prefix: TablePrefix?
    /// Further tables that only this program has: they tell it from another with the same columns. For a file, words of
    /// which its path has one.
    public let marks: [String]
    /// Where accounts live, in the order in which the program asks. One name in several places is one account: all are
    /// changed, and what the first says of it counts.
    public let accounts: [AccountPlace]
    public let policy: ProgramPolicy
    /// Secrets that credentials need; the operator's settings bind a label to a file or variable.
    public let secrets: [Label]
    /// Who is told after a reset; the operator's settings bind a label to a URL or a command.
    public let hooks: [Hook]
    /// How the program's own sign-in is asked, where the operator's settings say where it is.
    public let signIn: SignInForm?
    /// Why nothing can be reset in this program at all, whoever asks.
    public let refusal: Refusal?
    /// What a person is told after a reset.
    public let afterwards: [String]
    /// What a reset does not do.
    public let limits: [String]
    public let origin: Origin
}

/// A secret or hook by name. A profile never says where it is.
public struct Label: Sendable, Equatable {
    public let name: String
    /// What it is, for the person who binds it.
    public let what: String
    /// What still works and what does not while nothing is bound to it, or when it fails.
    public let without: String
}

/// Somebody to tell after a reset, by name. Whom the name stands for, only the operator's settings say.
public struct Hook: Sendable, Equatable {
    public let name: String
    /// What it is, for the person who binds it.
    public let what: String
    /// What a person is told once it has been called.
    public let done: String?
    /// What works and what does not while nothing is bound to it, or when it fails.
    public let without: String
    /// The label of the secret that a call carries as its bearer token (RFC 6750).
    public let bearer: String?
}

/// What the program itself asks of a new password; joined with Sparekey's own policy, the stricter counts.
public struct ProgramPolicy: Sendable, Equatable {
    /// In characters; 0 when the program does not care.
    public let minimumLength: Int
    /// In characters; nil where only the format's own limit counts.
    public let maximumLength: Int?
    /// 4 where the program wants upper, lower, digit and special, else 0.
    public let classes: Int

    public init(minimumLength: Int = 0, maximumLength: Int? = nil, classes: Int = 0) {
        self.minimumLength = minimumLength
        self.maximumLength = maximumLength
        self.classes = classes
    }
}

/// Why a reset is refused, and the way out.
public struct Refusal: Sendable, Equatable {
    /// A clause: lower case, no full stop.
    public let reason: String
    /// What to do instead, in the same form.
    public let wayOut: String
}
