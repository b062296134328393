/// What a job is: jobs of one kind cost about the same.
struct HashKind: Hashable, Sendable {
    private let name: String

    static let login = HashKind(name: "make")
    static let pbkdf2 = HashKind(name: "make pbkdf2")
    static let token = HashKind(name: "make token")
    /// A program's new value, and the proof that it works.
    static let program = HashKind(name: "make a program's")

    /// Checking or making a value of this scheme and cost, spelled as in stored values.
    static func stored(_ prefix: String?) -> HashKind { HashKind(name: prefix ?? "unreadable") }
}

/// How long jobs of each kind took: a mean that forgets, so that it follows the machine.
struct HashCosts {
    /// A directory holds a handful of schemes and costs; beyond this many the mean of all has to do.
    private static let most = 64
    private static let atFirst = Duration.milliseconds(50)

    private var means: [HashKind: Duration] = [:]
    private var overall: Duration?

    func expected(_ kind: HashKind) -> Duration {
        means[kind] ?? overall ?? Self.atFirst
    }

    mutating func learn(_ kind: HashKind, _ worked: Duration) {
        overall = Self.blend(overall, worked)
        guard means[kind] != nil || means.count < Self.most else { return }
        means[kind] = Self.blend(means[kind], worked)
    }

    /// The newest counts for an eighth.
    private static func blend(_ mean: Duration?, _ worked: Duration) -> Duration {
        mean.map { ($0 * 7 + worked) / 8 } ?? worked
    }
}
