/// What a reset changes beside the credentials and the flag.
public struct SideEffect: Sendable, Equatable {
    /// What it is good for; said to people, and counted in the preview.
    public enum Purpose: String, Sendable, CaseIterable {
        /// Counters and time locks that would stop the new password from working.
        case lockout
        /// Reset links and codes that are on their way.
        case tokens
        /// Signed-in browsers and apps.
        case sessions
        /// Browsers that need no second factor.
        case devices
        /// What the program notes about a change: a time, a random stamp.
        case stamp

        /// What a person reads: `to end sessions`.
        public var words: String {
            switch self {
            case .lockout: "to lift locks"
            case .tokens: "to void reset tokens and codes"
            case .sessions: "to end sessions"
            case .devices: "to forget trusted devices"
            case .stamp: "to note the change"
            }
        }
    }

    public enum Change: Sendable, Equatable {
        /// Columns of the account's own row, or keys of its object. These, and only these, `undo` puts back.
        case set([Assignment])
        /// Columns of rows elsewhere.
        case update(table: String, [Assignment], where: [RowTerm])
        /// Rows elsewhere.
        case delete(table: String, where: [RowTerm])
    }

    public let purpose: Purpose
    public let change: Change
    /// Whether some versions of the program lack the table or column: then the effect is left out, not refused.
    public let mayBeMissing: Bool
}

/// A column and what it becomes.
public struct Assignment: Sendable, Equatable {
    public let column: String
    public let value: NewValue
}

/// A condition on rows of another table. All terms of a change must hold, and one of them names the account.
public struct RowTerm: Sendable, Equatable {
    public enum Value: Sendable, Equatable {
        /// The value in that column of the account's own row, compared so.
        case account(column: String, NameComparison)
        case constant(StoredValue)
    }

    public let column: String
    public let value: Value
}

/// A value that a reset writes.
public enum NewValue: Sendable, Hashable {
    case constant(StoredValue)
    case now(TimeSpelling)
    case random(RandomSpelling, bytes: Int)

    /// How a program writes the time.
    public enum TimeSpelling: String, Sendable, CaseIterable {
        /// Whole numbers since 1970.
        case seconds, milliseconds, microseconds
        /// The database's own type in UTC; `YYYY-MM-DD HH:MM:SS` where that is text.
        case timestamp
        /// `2026-02-12T16:30:00.000Z`
        case iso8601
        /// `20260212163000`
        case digits
    }

    /// How a program writes a random value of so many bytes.
    public enum RandomSpelling: String, Sendable, CaseIterable {
        case hex, base64
        /// RFC 9562, version 4, of 16 bytes.
        case uuid
    }
}
