internal import CZxcvbn
import PasswordHashing

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// How many bits a guesser needs, after zxcvbn (libzxcvbn 2.5, C), and what made it so few.
///
/// zxcvbn takes the cheapest way to put a password together from dictionary words, keyboard runs, sequences, repeats,
/// dates and brute force. The library looks closely at the first 100 bytes and counts the rest as one sequence, worth a few
/// bits. Here it is never given more, so that what it costs does not hang on such details: a password whose first 100
/// bytes are weak is weak.
///
/// Costs about 0.02 ms at 12 bytes; at 100 bytes 0.1 ms for random ones and up to 4 ms for one character repeated. The
/// library holds no state between calls (its data is constant), so any number of threads may call it; it folds case by the
/// process's C locale, which Sparekey leaves at "C".
struct StrengthEstimate {
    enum Weakness: Hashable, CaseIterable {
        case commonWord, disguisedWord, contextWord, repeats, sequence, keyboard, date
    }

    let bits: Double
    /// At most two, the one that covers most of the password first. A context word is always named.
    let weaknesses: [Weakness]

    /// The most bytes that zxcvbn looks at closely (its `ZXCVBN_DETAIL_LEN`).
    static let examinedBytes = 100

    /// `password` holds no NUL. `words` are lower case and extend the dictionary as its most common entries.
    init(of password: Password, words: [String] = []) {
        let length = min(password.count, StrengthEstimate.examinedBytes)
        (bits, weaknesses) = withWipedBytes(capacity: length + 1) { copy in
            password.withUnsafeBytes { copy.copyBytes(from: $0.prefix(length)) }
            let text = UnsafePointer(copy.baseAddress?.assumingMemoryBound(to: CChar.self))
            return StrengthEstimate.estimate(text, length: length, words: words)
        }
    }

    private static func estimate(
        _ text: UnsafePointer<CChar>?, length: Int, words: [String]
    ) -> (Double, [Weakness]) {
        var dictionary = words.map { UnsafePointer(strdup($0)) } + [nil]
        defer { for word in dictionary { free(UnsafeMutablePointer(mutating: word)) } }
        var matches: UnsafeMutablePointer<ZxcMatch_t>?
        let bits = ZxcvbnMatch(text, &dictionary, &matches)
        defer { ZxcvbnFreeInfo(matches) }
        return (bits, weaknesses(in: matches, length: length))
    }

    private static func weaknesses(in matches: UnsafeMutablePointer<ZxcMatch_t>?, length: Int) -> [Weakness] {
        var covered: [Weakness: Int] = [:]
        var next = matches
        while let match = next?.pointee {
            if let weakness = Weakness(zxcvbn: match.`Type`) {
                covered[weakness, default: 0] += Int(match.Length)
            }
            next = match.Next
        }
        let known = covered[.contextWord].map { _ in [Weakness.contextWord] } ?? []
        // What covers less than a fifth did not make the password weak.
        let others = Weakness.allCases
            .filter { $0 != .contextWord && covered[$0, default: 0] * 5 >= length && covered[$0] != nil }
            .sorted { covered[$0, default: 0] > covered[$1, default: 0] }
        return Array((known + others).prefix(2))
    }
}

extension StrengthEstimate.Weakness {
    /// nil for brute force.
    fileprivate init?(zxcvbn type: ZxcTypeMatch_t) {
        // A repeated match is its own kind plus a flag.
        switch ZxcTypeMatch_t(type.rawValue & ~MULTIPLE_MATCH.rawValue) {
        case DICTIONARY_MATCH: self = .commonWord
        case DICT_LEET_MATCH: self = .disguisedWord
        case USER_MATCH, USER_LEET_MATCH: self = .contextWord
        case REPEATS_MATCH: self = .repeats
        case SEQUENCE_MATCH: self = .sequence
        case SPATIAL_MATCH: self = .keyboard
        case DATE_MATCH, YEAR_MATCH: self = .date
        default: return nil
        }
    }
}
