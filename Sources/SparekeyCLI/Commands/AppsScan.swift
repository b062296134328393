import ArgumentParser
import Sparekey
import SparekeyApps
import SparekeyInstance

/// `sparekey apps scan`.
struct AppsScan: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "scan", helpNames: [])

    static let help = """
        sparekey apps scan [FOLDER…]: look for programs' databases on this machine

        Holds every SQLite file below the folders against the profiles, and every file that is
        called as programs call theirs (.htpasswd, users.auth.php), and says which program it
        is. Without FOLDER it looks where servers keep things: /var/lib (with the volumes of
        docker and podman), /opt, /srv, /home, /root and /mnt. It reads only: no byte changes.

        At most 8 folders deep, 500,000 names, 500 databases and a minute; where that ends it,
        the answer says so. Other users' folders need root.

          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey apps scan /mnt
        """

    @OptionGroup var common: CommonOptions
    @Argument var folders: [String] = []

    func run(_ session: Session) async throws {
        let attached = try Instance.apps(session.options)
        let report = try await session.output.working("Looking for databases") { _ in
            try await Instance.scan(folders, session.options)
        }
        if session.output.json { return try session.output.answer(document(report, attached)) }
        for found in report.found {
            for line in found.lines(attached) { try session.output.answer(line) }
        }
        try conclude(report, session.output)
    }

    private func conclude(_ report: ScanMachine.Report, _ output: Output) throws {
        let places = report.roots.map { DisplayText($0, limit: 200).text }.joined(separator: ", ")
        if report.found.isEmpty { try output.answer("No database of a known program below \(places)") }
        if report.unreadable > 0 {
            let count = report.unreadable == 1 ? "1 folder or file" : "\(report.unreadable) folders or files"
            output.warn("\(count) could not be looked into; root can")
        }
        if !report.isComplete { output.warn("there is more than one search looks at; name a FOLDER to look further") }
        if report.found.isEmpty { output.advise("A database on a server: sparekey apps check --database ADDRESS") }
    }

    private func document(_ report: ScanMachine.Report, _ attached: [AttachedApp]) -> JSONValue {
        .object([
            "found": .array(
                report.found.map { found in
                    .object([
                        "path": .string(DisplayText(found.path, limit: 4_096).text),
                        "profiles": .array(found.profiles.map { .string($0.reference) }),
                        "accounts": .integer(Int64(found.accounts)), "more": .bool(found.hasMoreAccounts),
                        "attached": .optional(attached.first { $0.database == found.path }?.name),
                    ])
                }),
            "folders": .array(report.roots.map { .string(DisplayText($0, limit: 4_096).text) }),
            "unreadable": .integer(Int64(report.unreadable)), "complete": .bool(report.isComplete),
        ])
    }
}

extension ScanMachine.Found {
    fileprivate func lines(_ attached: [AttachedApp]) -> [String] {
        let titles = profiles.map(\.title).joined(separator: " or ")
        let count = accounts == 1 ? "1 account" : "\(hasMoreAccounts ? "more than " : "")\(accounts) accounts"
        let shown = DisplayText(path, limit: 4_096).text
        let app = attached.first { $0.database == path }
        let refusal = profiles.count == 1 ? profiles.first?.refusal : nil
        let way =
            if let refusal {
                "nothing can be reset there: \(refusal.reason); instead: \(refusal.wayOut)"
            } else if let app {
                "attached as \(app.name): sparekey reset-password --app \(app.name) ACCOUNT"
            } else {
                "reset there: sparekey reset-password --database \(shown.quotedForShell) ACCOUNT"
            }
        return ["\(shown): \(titles) (\(profiles.map(\.reference).joined(separator: ", "))), \(count)", "  \(way)"]
    }
}
