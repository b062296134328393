import Glibc

/// Colours for one output, or nothing at all where they are not wanted.
///
/// Every text stays readable without them: a style only repeats what the words already say.
struct TerminalStyle: Sendable, Equatable {
    /// Whether the functions below add anything.
    let isOn: Bool

    static let plain = TerminalStyle(isOn: false)

    init(isOn: Bool) {
        self.isOn = isOn
    }

    /// The style for `descriptor`: on for a terminal whose `TERM` is set and not `dumb`, unless `--no-color` was given or
    /// `NO_COLOR` is set and not empty (no-color.org).
    init(descriptor: Int32, noColor: Bool, environment: (String) -> String? = Self.environment) {
        let term = environment("TERM") ?? ""
        let refused = noColor || !(environment("NO_COLOR") ?? "").isEmpty
        isOn = !refused && !term.isEmpty && term != "dumb" && isatty(descriptor) == 1
    }

    func red(_ text: String) -> String { styled(text, "31") }
    func yellow(_ text: String) -> String { styled(text, "33") }

    private func styled(_ text: String, _ rendition: String) -> String {
        isOn ? "\u{1B}[\(rendition)m\(text)\u{1B}[0m" : text
    }

    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
