import ArgumentParser
import Sparekey
import SparekeyApps
import SparekeyInstance

/// `sparekey apps check`.
struct AppsCheck: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "check", helpNames: [])

    static let help = """
        sparekey apps check [NAME] --database ADDRESS: whose database is this, and does it fit?

        Holds the tables and columns of a program's database against the profile NAME, or
        against every profile and says which program it is. Tells what differs, which
        triggers and tables a reset would meet, how many accounts there are and in which
        formats their passwords are stored. It reads only: no byte of the database changes.
        Without --database NAME is an app that is attached, which is looked at where it is.

        ADDRESS is a path, sqlite:///PATH, postgres://USER@HOST/NAME or mysql://USER@HOST/NAME.
        Passwords are taken from .pgpass or my.cnf. Away from this machine the server's
        certificate is verified.

        Status 0 when it fits, 69 when it cannot be reached, 78 when it does not fit, is no such
        database, or there is no profile NAME.

          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey apps check gitea --database /mnt/gitea/gitea.db
        """

    @OptionGroup var common: CommonOptions
    @Argument var name: String?

    func run(_ session: Session) async throws {
        let (report, warnings) = try await look(session)
        for warning in warnings { session.output.warn(warning) }
        if session.output.json {
            try session.output.answer(report.document)
        } else {
            for line in report.lines(named: name) { try session.output.answer(line) }
        }
        if report.fitting.isEmpty { throw misfit(report) }
        session.output.advise(advice(report.fitting.map(\.profile.reference)))
    }

    private func look(_ session: Session) async throws -> (report: CheckProgram.Report, warnings: [String]) {
        if let address = common.database {
            return try await Instance.checkProgram(at: address, profile: name, session.options)
        }
        if let app = try Instance.apps(session.options).first(where: { $0.name == name }) {
            return try await Instance.checkProgram(app, session.options)
        }
        throw CommandFailure(
            .usage, "the program's database is not named",
            hint: "add --database PATH, or postgres://… or mysql://…; nothing is changed in it; "
                + "sparekey apps list shows what is attached")
    }

    private func misfit(_ report: CheckProgram.Report) -> CommandFailure {
        // An app's name is not its profile's.
        guard name != nil, let name = report.fits.first?.profile.reference else {
            return CommandFailure(
                .configuration, report.whyNot,
                hint: "nothing was changed; is it the right file or address? "
                    + "for a program or a version without a profile, sparekey apps detect proposes one")
        }
        return CommandFailure(
            .configuration, "the database \(report.place) does not fit the profile \(name)",
            hint: "nothing was changed; see which versions sparekey apps show \(name) names, "
                + "or leave \(name) out to ask which program it is")
    }

    private func advice(_ names: [String]) -> String {
        if names.count == 1, let name = names.first {
            return "Nothing was changed. What a reset changes there: sparekey apps show \(name)"
        }
        return "Nothing was changed. You know which program it is: look at each with sparekey apps show NAME"
    }
}

// In words.
extension CheckProgram.Report {
    fileprivate func lines(named name: String?) -> [String] {
        // The nearest last: it is what is left on the screen.
        let others = fits.filter { $0.profile.reference != nearest?.profile.reference }.map(\.firstDifference)
        let told =
            fitting.isEmpty && name == nil
            ? others + (nearest?.lines ?? []) : (fitting.isEmpty ? fits : fitting).flatMap(\.lines)
        let shown =
            fitting.count < 2
            ? [] : ["\(fitting.count) profiles fit: \(fitting.map(\.profile.reference).joined(separator: ", "))"]
        let what = [kind.words, DisplayText(version, limit: 60).text].filter { !$0.isEmpty }.joined(separator: " ")
        return ["\(DisplayText(place, limit: 400).text): \(what)"] + shown
            + told.flatMap { WrappedText(DisplayText($0, limit: 1_000).text, indent: 4).lines }
    }
}

extension ProfileFit {
    /// Why it is not this program, by the first of its reasons.
    fileprivate var firstDifference: String {
        let more = mismatches.count > 1 ? " (and \(mismatches.count - 1) more)" : ""
        return "not \(profile.title): \(mismatches.first?.words ?? "")\(more)"
    }

    fileprivate var lines: [String] {
        guard fits else {
            return ["not \(profile.title) as the profile \(profile.reference) has it:"]
                + mismatches.map { "  - \($0.words)" } + notes.map { "  - \($0)" }
        }
        let refusal = profile.refusal.map { ["  - nothing can be reset there: \($0.reason); instead: \($0.wayOut)"] }
        return ["\(profile.title): fits the profile \(profile.reference)"] + surveys.flatMap(\.lines) + (refusal ?? [])
            + notes.map { "  - \($0)" }
    }
}

extension AccountSurvey {
    fileprivate var lines: [String] {
        let more = isMore ? "more than " : ""
        let count = accounts == 1 ? "1 account" : "\(more)\(accounts) accounts"
        return ["  - \(count) in \(place)"] + credentials.map { "  - \($0.words)" }
    }
}

extension AccountSurvey.Stored {
    /// `password, in 6 rows: django-argon2id 1, django-pbkdf2-sha256 2, something else 1`
    fileprivate var words: String {
        let counts =
            formats.map { "\($0.name) \($0.rows)" } + (unknown > 0 ? ["something else \(unknown)"] : [])
            + (empty > 0 ? ["none \(empty)"] : [])
        guard rows > 0 else { return "\(name): nothing is stored yet" }
        let which =
            rows < AccountSurvey.mostValues ? "in \(rows == 1 ? "1 row" : "\(rows) rows")" : "in the first \(rows) rows"
        return "\(name), \(which): \(counts.joined(separator: ", "))"
    }
}

// As JSON.
extension CheckProgram.Report {
    fileprivate var document: JSONValue {
        .object([
            "database": .object([
                "place": .string(DisplayText(place, limit: 400).text), "kind": .string(kind.rawValue),
                "version": .string(DisplayText(version, limit: 60).text),
            ]),
            "profiles": .array(fits.map(\.document)),
        ])
    }
}

extension ProfileFit {
    fileprivate var document: JSONValue {
        .object([
            "name": .string(profile.reference), "title": .string(profile.title), "fits": .bool(fits),
            "mismatches": .array(
                mismatches.map { mismatch in
                    .object([
                        "table": .optional(mismatch.table), "column": .optional(mismatch.column),
                        "found": .string(DisplayText(mismatch.found, limit: 400).text),
                        "expected": .string(mismatch.expected),
                    ])
                }),
            "notes": .array(notes.map { .string(DisplayText($0, limit: 1_000).text) }),
            "accounts": .array(surveys.map(\.document)),
        ])
    }
}

extension AccountSurvey {
    fileprivate var document: JSONValue {
        .object([
            "table": .string(table), "count": .integer(Int64(accounts)), "more": .bool(isMore),
            "credentials": .array(
                credentials.map { stored in
                    let formats = stored.formats.map { format in
                        JSONValue.object(["format": .string(format.name), "rows": .integer(Int64(format.rows))])
                    }
                    return .object([
                        "name": .string(stored.name), "rows": .integer(Int64(stored.rows)), "formats": .array(formats),
                        "empty": .integer(Int64(stored.empty)), "unknown": .integer(Int64(stored.unknown)),
                    ])
                }),
        ])
    }
}
