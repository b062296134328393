internal import Foundation

/// What a guesser can know about an account: the extra dictionary of the strength floor (SEC-6).
///
/// Words are lower-cased, split at everything that is not a letter or digit, and dropped below three characters; at most
/// 48 are kept, because each costs a comparison at every position of the password.
public struct PolicyContext: Sendable {
    enum Origin: CaseIterable, Sendable {
        case username, email, displayName, instance

        var name: String {
            switch self {
            case .username: "your user name"
            case .email: "your e-mail address"
            case .displayName: "your name"
            case .instance: "this site's name"
            }
        }
    }

    private let entries: [(origin: Origin, word: String)]

    /// Each argument may be left out where it is not known; `domain` is the host name of the instance's public address.
    public init(
        username: String? = nil, email: String? = nil, displayName: String? = nil, domain: String? = nil
    ) {
        var seen: Set<String> = []
        let sources: [(Origin, String?)] = [
            (.username, username), (.email, email), (.displayName, displayName), (.instance, domain),
            (.instance, "sparekey"),
        ]
        let all = sources.flatMap { origin, text in
            PolicyContext.words(in: text ?? "").map { (origin: origin, word: $0) }
        }
        entries = Array(all.filter { seen.insert($0.word).inserted }.prefix(48))
    }

    var words: [String] { entries.map(\.word) }

    func words(from origin: Origin) -> [String] {
        entries.filter { $0.origin == origin }.map(\.word)
    }

    private static func words(in text: String) -> [String] {
        let lower = text.precomposedStringWithCanonicalMapping.lowercased()
        let parts = lower.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let candidates = [lower] + (parts.count > 1 ? parts + [parts.joined()] : parts)
        return candidates.filter { $0.count >= 3 && $0.utf8.count <= 64 }.flatMap(spellings)
    }

    /// zxcvbn folds the case of ASCII only, so a word with other letters is given in the cases people type.
    private static func spellings(of word: String) -> [String] {
        if word.utf8.allSatisfy({ $0 < 0x80 }) { return [word] }
        return [word, word.prefix(1).uppercased() + word.dropFirst(), word.uppercased()]
    }
}
