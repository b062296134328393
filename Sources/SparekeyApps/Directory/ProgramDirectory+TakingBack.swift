import Sparekey
import SparekeySQL
import Synchronization

/// Tables without transactions that a transaction has written to: what it did there stays when it fails.
final class WrittenForGood: Sendable {
    private let names = Mutex<Set<String>>([])

    var tables: Set<String> { names.withLock(\.self) }

    func note(_ table: String) { _ = names.withLock { $0.insert(table) } }
}

extension ProgramDirectory {
    /// The files could not be changed: all places or none. A crash before this is settled in the same way.
    ///
    /// - Throws: ``RecoveryError`` `unclear` where the new password stays in the tables.
    func takeBackTables(_ old: StoredColumns, _ id: ProgramAccountID, expecting new: StoredColumns) async throws {
        do {
            if try await applyInTables(old, to: id, expecting: new) == .applied { return }
            throw Self.halfDone(nil)
        } catch let error as RecoveryError where error.code == .unclear {
            throw error
        } catch {
            throw Self.halfDone(error)
        }
    }

    /// Puts the old values back into tables that keep no transactions, and looks whether they are there.
    ///
    /// - Throws: ``RecoveryError`` `unclear` where they are not.
    func putBack(_ old: StoredColumns, _ id: ProgramAccountID, in written: Set<String>) async throws {
        guard !written.isEmpty else { return }
        let decisive = decisiveColumns
        do {
            try await withTables(.write) { view in
                for (number, row) in try view.rows(id) ?? [:] {
                    try view.tables[number]?.putBack(old, row, in: written)
                }
            }
            let isBack = try await withTables(.read) { view in
                guard let rows = try view.rows(id) else { return false }
                let present = try view.columns(rows)
                return present.agrees(with: old, in: decisive.intersection(present.values.keys))
            }
            if isBack { return }
        } catch {
            throw Self.notPutBack(written, error)
        }
        throw Self.notPutBack(written, nil)
    }

    private static func halfDone(_ cause: (any Error)?) -> RecoveryError {
        RecoveryError(
            .unclear,
            reason: "the account's file was changed by somebody else meanwhile, and its table could not be taken back",
            hint: "either the old or the new password works; sparekey resets list says which, or reset it again",
            cause: cause)
    }

    private static func notPutBack(_ written: Set<String>, _ cause: (any Error)?) -> RecoveryError {
        RecoveryError(
            .unclear,
            reason:
                "the reset failed on the way, and \(written.sorted().joined(separator: ", ")) keeps no transactions: "
                + "the old password could not be put back",
            hint: "perhaps neither password works: look for triggers there, then reset it again", cause: cause)
    }
}

extension AccountTable {
    /// Whatever stands there now: only for what this reset has written a moment ago.
    fileprivate func putBack(_ old: StoredColumns, _ row: Row, in written: Set<String>) throws {
        let present = StoredColumns(try read(row))
        for change in passwordChanges(row, to: old, expecting: present) where written.contains(change.table) {
            try connection.execute(change.statement)
        }
    }

    /// What a reset of the account would do in tables that keep no transactions; nil where there is none.
    func caution(_ changes: [RowChange]) -> String? {
        let names = changes.map(\.table).filter { !isTransactional($0) }.reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        guard !names.isEmpty else { return nil }
        return
            "\(names.joined(separator: ", ")): without transactions (MyISAM, say): if something fails on the way, the old "
            + "password is put back, and sessions that were ended stay ended"
    }

    func isTransactional(_ name: String) -> Bool { table(name).table.isTransactional }
}
