import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey doctor` (OPS-2): what would stop a recovery today, and every setting in force.
struct DoctorCommand: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "doctor", helpNames: [])

    static let help = """
        sparekey doctor: what would stop a recovery today

        Looks at folder, key, database, accounts and settings, and changes nothing. Each
        line is ok, a warning, or WRONG with what to do. Below them stands every setting
        in force and where it came from; secrets are masked.

        Status 0 when nothing is wrong, warnings or not; 1 when a recovery would fail.

          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey doctor --json
        """

    @OptionGroup var common: CommonOptions

    func run(_ session: Session) async throws {
        let examination = try await session.output.working("Looking at the instance") { line in
            await Doctor(session.options) { line.note($0 == 1 ? "1 account" : "\($0) accounts") }()
        }
        if session.output.json {
            try session.output.answer(examination.document)
        } else {
            try examination.show(session.output)
        }
        let wrong = examination.checks.filter { $0.level == .wrong }.count
        guard wrong > 0 else { return }
        throw CommandFailure(
            .failed, wrong == 1 ? "1 thing would stop a recovery" : "\(wrong) things would stop a recovery",
            hint: "see to what is marked WRONG, then run sparekey doctor again")
    }
}

extension Examination {
    fileprivate var document: JSONValue {
        .object([
            "checks": .array(checks.map(\.document)),
            "settings": .array(
                settings.map {
                    .object([
                        "key": .string($0.key), "value": .string(clean($0.value)),
                        "source": .string(clean($0.source.description)),
                    ])
                }),
        ])
    }

    fileprivate func show(_ output: Output) throws {
        for check in checks { for line in check.lines { try output.answer(line, indent: HealthCheck.margin) } }
        try output.answer("")
        if settings.isEmpty { return try output.answer("The settings could not be read.") }
        try output.answer("Settings in force:")
        for setting in settings {
            try output.answer("   \(setting.key) = \(setting.value)  (\(setting.source))", indent: 6)
        }
    }
}

extension HealthCheck {
    /// JSON has two levels: `ok` is false for what is wrong, and a warning says that it is one.
    fileprivate var document: JSONValue {
        let found = [level == .warning ? "warning: \(detail)" : detail, remedy].compactMap(\.self)
        return .object([
            "name": .string(name), "ok": .bool(level != .wrong),
            "detail": .string(clean(found.joined(separator: "; "))),
        ])
    }

    /// Where what belongs to the line above begins.
    fileprivate static let margin = 11

    fileprivate var lines: [String] {
        let word =
            switch level {
            case .ok: "ok     "
            case .warning: "warning"
            case .wrong: "WRONG  "
            }
        let margin = String(repeating: " ", count: Self.margin)
        return ["\(word)  \(name): \(detail)"] + (remedy.map { [margin + $0] } ?? [])
    }
}

private func clean(_ text: String) -> String {
    DisplayText(text, limit: 4096).text
}
