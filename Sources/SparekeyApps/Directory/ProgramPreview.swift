public import Sparekey
import SparekeySQL

/// What a reset would do in a program's database, without a value of it.
public struct ProgramPreview: Sendable {
    public struct Step: Sendable {
        public let table: String
        /// With `?` or `$1` where values go.
        public let statement: String
        /// How many rows it touches now.
        public let rows: Int
        /// `to end sessions`
        public let purpose: String
    }

    public struct Trigger: Sendable {
        public let table: String
        public let name: String
        /// The database's own text; not cleaned for a terminal.
        public let definition: String
    }

    public let steps: [Step]
    /// On the tables that it writes to.
    public let triggers: [Trigger]
    /// The documents that it writes, and what in them.
    public let documents: [String]
    /// What a person should know before saying yes: clauses.
    public let cautions: [String]
}

extension ProgramDirectory {
    /// Looks and changes nothing. Costs one read transaction.
    public func preview(_ account: Account) async throws -> ProgramPreview {
        guard let stored = try await read(account),
            let id = ProgramAccountID(account.id, places: profile.accounts.count)
        else { throw RecoveryError(.unknownAccount, reason: "the account was removed meanwhile") }
        let (steps, triggers, cautions) = try await withTables(.read) { view in
            var steps: [ProgramPreview.Step] = []
            var triggers: [ProgramPreview.Trigger] = []
            var cautions: [String] = []
            for (number, row) in (try view.rows(id) ?? [:]).sorted(by: { $0.key < $1.key }) {
                guard let table = view.tables[number] else { continue }
                let changes = table.changes(row, to: stored, expecting: stored)
                steps += try changes.map { try $0.step(table.connection) }
                triggers += table.triggers(of: changes)
                cautions += [table.caution(changes)].compactMap(\.self)
            }
            return (steps, triggers, cautions)
        }
        return ProgramPreview(
            steps: steps, triggers: triggers, documents: try documents.preview(id),
            cautions: cautions + [cautionInPlace].compactMap(\.self))
    }
}

extension RowChange {
    fileprivate func step(_ connection: any SQLConnection) throws -> ProgramPreview.Step {
        let rows = Int(try connection.query(count).first?.integer("number") ?? 0)
        return ProgramPreview.Step(
            table: table,
            statement: statement.text(for: connection.dialect).split(separator: "\n").joined(separator: " "),
            rows: rows, purpose: purpose)
    }
}

extension AccountTable {
    fileprivate func triggers(of changes: [RowChange]) -> [ProgramPreview.Trigger] {
        changes.map(\.table).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.flatMap { name in
            table(name).triggers.map { ProgramPreview.Trigger(table: name, name: $0.name, definition: $0.definition) }
        }
    }
}
