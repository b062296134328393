import PasswordHashing

/// One thing a policy asks of a password before anything is known about its account. A rule is a file.
protocol PolicyRule: Sendable {
    /// The lines shown before a password is asked for; empty when the rule asks nothing under this policy.
    var requirements: [String] { get }

    /// What `candidate` breaks, or nil.
    func violation(of candidate: PolicyCandidate) -> PolicyViolation?
}

/// A password that passed the rules about its bytes, looked through once for all the other rules.
struct PolicyCandidate {
    /// In Normalization Form C.
    let password: Password
    /// Unicode scalars of that form: what NIST SP 800-63B-4 section 3.1.1.2 counts as characters.
    let length: Int
    let classes: Set<CharacterClass>

    /// `normalized` must be UTF-8; scalars after a malformed byte are not seen.
    init(normalized: Password) {
        var length = 0
        var classes: Set<CharacterClass> = []
        normalized.forEachScalar { scalar in
            length += 1
            classes.insert(CharacterClass(of: scalar))
        }
        self.password = normalized
        self.length = length
        self.classes = classes
    }
}
