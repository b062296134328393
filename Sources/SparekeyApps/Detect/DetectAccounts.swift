import PasswordHashing
public import SparekeySQL
import StrictYAML

/// Looks where a database that nobody described keeps its accounts, and proposes a profile with its evidence.
///
/// Reads only: the schema of at most ``mostTables`` tables, and at most a hundred rows of each, none of which is kept. Says
/// "unsure" rather than guess. Does no hashing.
public struct DetectAccounts: Sendable {
    /// More than most programs have; of more, those that are named like accounts come first.
    public static let mostTables = 500

    /// What the proposed profile is called.
    let name: String
    let title: String

    /// - Parameters:
    ///   - name: lower-case letters, digits and dashes, at most 32.
    ///   - title: the program as people would call it.
    public init(name: String, title: String) {
        self.name = name
        self.title = title
    }

    /// - Throws: ``SQLError`` where the schema cannot be read; a table that cannot is left out, and said.
    public func callAsFunction(_ database: any SQLDatabase) async throws -> DetectionReport {
        let (schema, version) = try await database.transaction(.read) { connection in
            let names = try FoundSchema(connection, wanted: []).names
            let schema = try FoundSchema(connection, wanted: Self.chosen(names))
            return (schema, try connection.schema.server().version)
        }
        let (tables, notes) = try await look(schema, database)
        let judged = Self.judged(tables)
        var candidates: [DetectedAccounts] = []
        for one in judged {
            candidates.append(try await detected(one, tables, schema, database, version: version))
        }
        return DetectionReport(
            place: database.place, kind: schema.kind, version: version, candidates: candidates, notes: notes)
    }

    private static func chosen(_ names: Set<String>) -> Set<String> {
        guard names.count > mostTables else { return names }
        let byInterest = names.map { ($0, TableMeaning($0).interest) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        return Set(byInterest.prefix(mostTables).map(\.0))
    }

    /// Each table in a transaction of its own, so that one that may not be read ends nothing but itself.
    private func look(
        _ schema: FoundSchema, _ database: any SQLDatabase
    ) async throws -> (tables: [LookedTable], notes: [String]) {
        var tables: [LookedTable] = []
        var unread = 0
        for (_, table) in schema.tables.sorted(by: { $0.key < $1.key }) where table.table.kind == .table {
            do {
                tables.append(try await database.transaction(.read) { try LookedTable(table, $0) })
            } catch let error as SQLError where [.connectionLost, .unavailable].contains(error.code) {
                throw error
            } catch is SQLError {
                unread += 1
            }
        }
        let many = schema.names.count - schema.tables.count
        let notes = [
            many > 0
                ? "\(schema.names.count) tables and views are there; \(Self.mostTables) of them were looked at" : nil,
            unread > 0 ? "\(unread) \(unread == 1 ? "table" : "tables") could not be read" : nil,
            schema.elsewhere.isEmpty
                ? nil : "tables in schemas that this user does not look in (search_path) were left out",
        ]
        return (tables, notes.compactMap(\.self))
    }

    /// At most three, and none that is far behind the first.
    private static func judged(_ tables: [LookedTable]) -> [JudgedCandidate] {
        let all = tables.compactMap { AccountCandidate($0, among: tables) }.filter {
            $0.score >= AccountCandidate.least
        }
        let sorted = all.sorted { ($0.score, $1.table.name) > ($1.score, $0.table.name) }
        guard let best = sorted.first else { return [] }
        let near = sorted.prefix(3).filter { $0.score + 40 > best.score }
        return near.enumerated().map { number, candidate in
            let other = number == 0 ? (near.count > 1 ? near[1].score : nil) : best.score
            return JudgedCandidate(candidate, runnerUp: other)
        }
    }
}

// From a candidate to a proposal.
extension DetectAccounts {
    private func detected(
        _ judged: JudgedCandidate, _ tables: [LookedTable], _ schema: FoundSchema, _ database: any SQLDatabase,
        version: String
    ) async throws -> DetectedAccounts {
        let related = RelatedRows(judged.candidate, among: tables)
        let evidence =
            judged.evidence
            + related.cleared.map { "the table \(printable($0.table)) seems to be there \($0.purpose.words)" }
        let proposal = ProposedProfile(
            judged: judged, related: related, kind: schema.kind, name: name, title: title,
            marks: marks(judged, related, tables), head: head(judged, evidence, schema.kind, version))
        var obstacle = proposal.obstacle
        var profile: Profile?
        let document = proposal.text
        if obstacle == nil {
            do {
                let read = try Profile(yaml: document, file: "\(name).yaml", origin: .file("\(name).yaml"))
                obstacle = try await misfit(read, database)
                profile = obstacle == nil ? read : nil
            } catch let error as AppsError {
                obstacle = error.reason
            }
        }
        return DetectedAccounts(
            table: judged.candidate.table.name, columns: judged.candidate.columns,
            passwordTable: judged.candidate.place.keyed?.table,
            format: judged.candidate.place.credential.isReadable
                ? judged.candidate.place.credential.formats.first?.format.name : nil,
            parts: judged.parts, evidence: evidence, document: profile == nil ? nil : document, profile: profile,
            withoutProfile: obstacle)
    }

    /// What the engine itself would refuse about it.
    private func misfit(_ profile: Profile, _ database: any SQLDatabase) async throws -> String? {
        let report = try await CheckProgram([profile])(database, surveys: false)
        return report.fits.first?.mismatches.first.map { DisplayName($0.words).text }
    }

    private func head(
        _ judged: JudgedCandidate, _ evidence: [String], _ kind: Profile.DatabaseKind, _ version: String
    ) -> [String] {
        let parts = judged.parts
        return [
            "Proposed by sparekey apps detect from \(kind.words) \(printable(version)). Look through it before you use it.",
            "table \(parts.table), identity \(parts.identity), password \(parts.password), format \(parts.format); "
                + "as a whole: \(parts.least)",
        ] + evidence.map { "- \($0)" }
    }

    /// Up to three other tables, those with rows first.
    private func marks(_ judged: JudgedCandidate, _ related: RelatedRows, _ tables: [LookedTable]) -> [String] {
        let used = Set([judged.candidate.table.name, judged.candidate.place.keyed?.table].compactMap(\.self))
            .union(related.cleared.map(\.table))
        let others = tables.filter { !used.contains($0.name) && ProposedProfile.canStand($0.name) }
        return others.sorted { ($1.rows, $0.name) < ($0.rows, $1.name) }.prefix(3).map(\.name)
    }
}

/// Words with names from a database in them, on one line that a terminal can show.
private struct DisplayName {
    let text: String

    init(_ words: String) {
        text = words.split(separator: " ").map { printable(String($0)) }.joined(separator: " ")
    }
}

extension AccountCandidate {
    /// By what each is for.
    var columns: [String: String] {
        var columns = ["id": key.name]
        columns["username"] = username?.name
        columns["email"] = email?.name
        for (part, field) in place.credential.columns {
            columns[part == .hash ? "password" : part.rawValue] = field.column
        }
        columns["role"] = (table.flag(\.isAdministratorFlag) ?? table.first(\.isRole))?.name
        columns["state"] = (table.flag(\.isActive) ?? table.flag(\.isDisabled) ?? table.first(\.isStatus))?.name
        columns["mustChange"] = table.flag(\.isMustChange)?.name
        return columns
    }
}
