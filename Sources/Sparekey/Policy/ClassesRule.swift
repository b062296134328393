/// The kinds of character that composition rules speak of. Every Unicode scalar is of exactly one.
public enum CharacterClass: String, CaseIterable, Sendable {
    /// The Unicode property Uppercase.
    case upper
    /// The Unicode property Lowercase.
    case lower
    /// General category Nd.
    case digit
    /// All the rest: punctuation, symbols, spaces, and letters of scripts without case.
    case special

    init(of scalar: Unicode.Scalar) {
        let properties = scalar.properties
        if properties.isUppercase {
            self = .upper
        } else if properties.isLowercase {
            self = .lower
        } else {
            self = properties.generalCategory == .decimalNumber ? .digit : .special
        }
    }

    fileprivate var requirement: String {
        switch self {
        case .upper: "An upper-case letter (A-Z)"
        case .lower: "A lower-case letter (a-z)"
        case .digit: "A digit (0-9)"
        case .special: "A special character (such as + - = : @)"
        }
    }

    fileprivate var shortName: String {
        switch self {
        case .upper: "an upper-case letter"
        case .lower: "a lower-case letter"
        case .digit: "a digit"
        case .special: "a special character"
        }
    }
}

/// Composition: off in every preset but `complex`, because NIST SP 800-63B-4 section 3.1.1.2 advises against it.
struct ClassesRule: PolicyRule {
    let required: Bool

    var requirements: [String] { required ? CharacterClass.allCases.map(\.requirement) : [] }

    func violation(of candidate: PolicyCandidate) -> PolicyViolation? {
        guard required else { return nil }
        let missing = CharacterClass.allCases.filter { !candidate.classes.contains($0) }.map(\.shortName)
        guard let last = missing.last else { return nil }
        let list = missing.count == 1 ? last : missing.dropLast().joined(separator: ", ") + " and " + last
        return PolicyViolation(.classes, message: "It lacks \(list). Add what is missing.")
    }
}
