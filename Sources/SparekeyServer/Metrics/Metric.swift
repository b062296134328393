/// A family of figures for `/metrics`, in the words of Prometheus' text format (version 0.0.4).
///
/// Labels tell kinds of ours apart (a method, a route's pattern); nothing that came from outside is ever one (SEC-8).
public struct Metric: Sendable {
    public enum Kind: String, Sendable {
        /// Only grows while the process lives; its name ends in `_total`.
        case counter
        case gauge
        /// Samples of the name with `_sum` and `_count` behind it.
        case summary
    }

    public struct Sample: Sendable {
        let suffix: String
        let labels: [(name: String, value: String)]
        let value: Double

        /// - Parameter suffix: `_sum` or `_count` of a summary, else empty.
        public init(_ value: Double, labels: [(name: String, value: String)] = [], suffix: String = "") {
            self.suffix = suffix
            self.labels = labels
            self.value = value
        }
    }

    let name: String
    let help: String
    let kind: Kind
    let samples: [Sample]

    /// - Parameters:
    ///   - name: lower case letters, digits and `_`, the unit in its end: `sparekey_hash_waiting_seconds`.
    ///   - help: one line.
    public init(_ name: String, _ kind: Kind, help: String, samples: [Sample]) {
        precondition(name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F })
        self.name = name
        self.help = help
        self.kind = kind
        self.samples = samples
    }

    /// A family of one figure.
    public init(_ name: String, _ kind: Kind, help: String, value: Double) {
        self.init(name, kind, help: help, samples: [Sample(value)])
    }

    /// Its lines, each with its line feed.
    var text: String {
        var text = "# HELP \(name) \(Self.escaped(help))\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
            let braced = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
            text += "\(name)\(sample.suffix)\(braced) \(Self.number(sample.value))\n"
        }
        return text
    }

    /// A whole number without a fraction, as counters of other programs are written.
    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool = false) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.append(character)
            }
        }
    }
}

/// Where figures come from that the server does not have itself: the hashing pool, the throttle.
public struct MetricsSource: Sendable {
    let read: @Sendable () async -> [Metric]

    /// - Parameter read: called at every request of `/metrics`; it answers from memory.
    public init(_ read: @escaping @Sendable () async -> [Metric]) {
        self.read = read
    }
}
