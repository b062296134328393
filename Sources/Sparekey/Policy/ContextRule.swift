import PasswordHashing

/// The strength floor again, now for a guesser who knows whose password it is: the words of a ``PolicyContext`` join the
/// dictionary. A password that contains such a word and is strong beside it passes.
struct ContextRule {
    let bits: Int

    var requirements: [String] {
        bits > 0 ? ["Not built on your user name, your name, your e-mail address or this site's name"] : []
    }

    func violation(of candidate: PolicyCandidate, context: PolicyContext) -> PolicyViolation? {
        guard bits > 0 else { return nil }
        let estimate = StrengthEstimate(of: candidate.password, words: context.words)
        // Weak without such a word is the strength rule's to say.
        guard estimate.bits < Double(bits), estimate.weaknesses.contains(.contextWord) else { return nil }
        let origin = PolicyContext.Origin.allCases.first { uses($0, of: context, candidate.password) }
        return PolicyViolation(
            .context,
            message: "It is too easy to guess: it is built on \(origin?.name ?? "what others know about the account"). "
                + StrengthRule.advice)
    }

    /// zxcvbn does not tell which word matched, so each origin is tried alone; only refused passwords pay for that.
    private func uses(_ origin: PolicyContext.Origin, of context: PolicyContext, _ password: Password) -> Bool {
        let words = context.words(from: origin)
        return !words.isEmpty && StrengthEstimate(of: password, words: words).weaknesses.contains(.contextWord)
    }
}
