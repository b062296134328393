import PasswordHashing

/// A floor under how hard a password is to guess for somebody who knows nothing about its owner (SEC-6).
struct StrengthRule: PolicyRule {
    let bits: Int
    /// Where the length rule speaks already, being short is not said twice.
    let minimumLength: Int

    var requirements: [String] { bits > 0 ? ["Not a common or easily guessed password"] : [] }

    func violation(of candidate: PolicyCandidate) -> PolicyViolation? {
        guard bits > 0 else { return nil }
        let estimate = StrengthEstimate(of: candidate.password)
        guard estimate.bits < Double(bits) else { return nil }
        let reasons = estimate.weaknesses.map(\.reason)
        if reasons.isEmpty && candidate.length < minimumLength { return nil }
        let why = reasons.isEmpty ? "it has too little variety" : reasons.joined(separator: ", and ")
        return PolicyViolation(.strength, message: "It is too easy to guess: \(why). \(StrengthRule.advice)")
    }

    static let advice = "Use four or more words that have nothing to do with each other, or a generated password."
}

extension StrengthEstimate.Weakness {
    /// Only kinds are named: an example such as a row of keys might happen to be the password itself.
    fileprivate var reason: String {
        switch self {
        case .commonWord: "much of it is a common password, word or name"
        case .disguisedWord: "look-alike digits and signs do not hide a common word"
        case .contextWord: "it uses what others know about the account"
        case .repeats: "it repeats the same characters"
        case .sequence: "it runs through letters or digits in order"
        case .keyboard: "it follows keys that lie side by side on the keyboard"
        case .date: "it contains a date or a year"
        }
    }
}
