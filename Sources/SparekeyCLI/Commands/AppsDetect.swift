import ArgumentParser
import Sparekey
import SparekeyApps
import SparekeyInstance

/// `sparekey apps detect`.
struct AppsDetect: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "detect", helpNames: [])

    static let help = """
        sparekey apps detect ADDRESS: where does this database keep its accounts?

        For a program that there is no profile of. Looks at names, types and a hundred rows of
        each table, and writes a profile for it to standard output, with what speaks for each
        part above it. It reads only: no byte of the database changes. The proposal is tried
        out on a copy that is gone afterwards, on a server in a transaction that is rolled back.
        No value of the database is shown. Where a profile fits already it says which.

        ADDRESS is a path, sqlite:///PATH, postgres://USER@HOST/NAME or mysql://USER@HOST/NAME.

        Status 0 for a profile, 65 where there are no accounts or it is not sure, 69 where the
        database cannot be reached, 78 where it is none.

          --profile NAME   what the proposed profile is called; default: like the database
          --no-profiles    propose one even where a profile fits
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey apps detect /mnt/kuma/kuma.db
        """

    @OptionGroup var common: CommonOptions
    @Argument(completion: .file()) var address: String?
    @Option var profile: String?
    @Flag var noProfiles = false

    func run(_ session: Session) async throws {
        let detection = try await session.output.working("Looking at the database") { _ in
            try await Instance.detectAccounts(
                at: try meant(), name: try name(), ignoresProfiles: noProfiles, session.options)
        }
        for warning in detection.warnings { session.output.warn(warning) }
        if session.output.json {
            try session.output.answer(detection.document)
        } else {
            for line in detection.lines { try session.output.answer(line) }
        }
        if let failure = detection.failure { throw failure }
        session.output.advise(detection.advice)
    }

    private func meant() throws -> String {
        guard address == nil || common.database == nil else {
            throw CommandFailure(.usage, "the database is named twice", hint: "give ADDRESS alone")
        }
        guard let address = address ?? common.database else {
            throw CommandFailure(
                .usage, "the program's database is not named",
                hint: "give its path, or postgres://… or mysql://…; nothing is changed in it")
        }
        return address
    }

    private func name() throws -> String? {
        guard let profile else { return nil }
        let isName =
            (1...32).contains(profile.utf8.count) && !profile.hasPrefix("-")
            && profile.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
        guard isName else {
            throw CommandFailure(
                .usage, "a profile cannot be called that", hint: "1 to 32 lower-case letters, digits and dashes")
        }
        return profile
    }
}

// In words.
extension Detection {
    /// The profile as it would be saved, or what was seen where there is none.
    fileprivate var lines: [String] {
        if !known.isEmpty {
            return known.flatMap { profile in
                let refusal = profile.refusal.map {
                    ["  nothing can be reset there: \($0.reason); instead: \($0.wayOut)"]
                }
                return ["\(profile.title): fits the profile \(profile.reference)"]
                    + (refusal ?? []).flatMap { WrappedText($0, indent: 2).lines }
            }
        }
        guard let first = report.candidates.first else { return [] }
        guard let document = first.document else {
            return ["not sure: \(first.withoutProfile ?? "no profile can be proposed")"]
                + (first.evidence + report.notes).flatMap { WrappedText("  - \($0)", indent: 4).lines }
        }
        let tried = rehearsal.map { ["# rehearsal: \($0.words)"] } ?? []
        let comments = tried + report.notes.map { "# \($0)" }
        return comments + document.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    fileprivate var failure: CommandFailure? {
        guard known.isEmpty else { return nil }
        let place = DisplayText(report.place, limit: 400).text
        guard let confidence else {
            return CommandFailure(
                .refused, "no table of the database \(place) looks like accounts",
                hint: "is it the right file? Programs often keep several; nothing was changed")
        }
        guard confidence == .unsure else { return nil }
        return CommandFailure(
            .refused, "it is not sure where \(place) keeps its passwords, or how",
            hint: "nothing was changed; look the program's schema up before you use a line of it: "
                + "Docs/profiles/README.md says what a profile needs")
    }

    fileprivate var advice: String {
        guard known.isEmpty else {
            let names = known.map(\.name).joined(separator: ", ")
            return "Nothing was changed. What a reset changes there: sparekey apps show \(names)"
        }
        let name = report.candidates.first?.profile?.name ?? "NAME"
        return "Nothing was changed. Look through it, save it as profiles/\(name).yaml in the data folder, then: "
            + "sparekey apps check \(name) --database ADDRESS"
    }
}

extension Detection.Rehearsal {
    fileprivate var words: String {
        switch self {
        case .done(let outcome): outcome.words
        case .left(let reason): "it was not tried out: \(DisplayText(reason, limit: 300).text)"
        }
    }
}

// As JSON.
extension Detection {
    fileprivate var document: JSONValue {
        .object([
            "database": .object([
                "place": .string(DisplayText(report.place, limit: 400).text), "kind": .string(report.kind.rawValue),
                "version": .string(DisplayText(report.version, limit: 60).text),
            ]),
            "profiles": .array(known.map { .string($0.name) }),
            "candidates": .array(report.candidates.enumerated().map { $1.document(isFirst: $0 == 0, self) }),
            "rehearsal": rehearsal.map(\.document) ?? .null,
            "notes": .array(report.notes.map(JSONValue.string)),
        ])
    }
}

extension DetectedAccounts {
    fileprivate func document(isFirst: Bool, _ detection: Detection) -> JSONValue {
        let whole = isFirst ? detection.confidence ?? .unsure : confidence
        return .object([
            "profile": .optional(profile?.name), "table": .string(DisplayText(table, limit: 200).text),
            "passwordTable": .optional(passwordTable.map { DisplayText($0, limit: 200).text }),
            "columns": .object(columns.mapValues { .string(DisplayText($0, limit: 200).text) }),
            "format": .optional(format), "confidence": .string(whole.rawValue),
            "parts": .object([
                "table": .string(parts.table.rawValue), "identity": .string(parts.identity.rawValue),
                "password": .string(parts.password.rawValue), "format": .string(parts.format.rawValue),
            ]),
            "evidence": .array(evidence.map { .string(DisplayText($0, limit: 400).text) }),
            "document": .optional(document),
            "withoutProfile": .optional(withoutProfile.map { DisplayText($0, limit: 400).text }),
        ])
    }
}

extension Detection.Rehearsal {
    fileprivate var document: JSONValue {
        switch self {
        case .left(let reason):
            .object(["done": .bool(false), "reason": .string(DisplayText(reason, limit: 300).text)])
        case .done(let outcome):
            .object([
                "done": .bool(true), "verified": .bool(outcome.isVerified), "rows": .integer(Int64(outcome.rows)),
                "columns": .array(outcome.columns.map { .string(DisplayText($0, limit: 200).text) }),
                "nothingElse": .bool(outcome.isNothingElse),
            ])
        }
    }
}
