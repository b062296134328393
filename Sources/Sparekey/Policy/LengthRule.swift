/// A minimum number of characters, counted as Unicode scalars of the NFC form, so that `é` is one however it was typed.
struct LengthRule: PolicyRule {
    let minimum: Int

    var requirements: [String] { ["Minimum \(minimum) characters"] }

    func violation(of candidate: PolicyCandidate) -> PolicyViolation? {
        guard candidate.length < minimum else { return nil }
        return PolicyViolation(
            .length, message: "It is too short. Use at least \(minimum) characters; several words in a row are fine.")
    }
}
