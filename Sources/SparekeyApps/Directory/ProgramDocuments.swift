import Foundation
import Sparekey

/// The places of a program that are documents beside its database. Small files: each call reads them anew.
struct ProgramDocuments {
    let profile: Profile
    /// The folder of the database; nil where that is on a server.
    let folder: String?

    func find(_ name: String) throws -> [ProgramAccountID.Part] {
        try all().compactMap { place, document in
            document.find(name).map { ProgramAccountID.Part(place: place, row: $0) }
        }
    }

    /// By the place's number; nil where one of the account's documents no longer holds it.
    func found(_ id: ProgramAccountID) throws -> [Int: AccountDocument]? {
        let documents = try all()
        var found: [Int: AccountDocument] = [:]
        for part in id.parts {
            guard case .document = profile.accounts[part.place].store else { continue }
            guard let document = documents[part.place], document.row(part.row) != nil else { return nil }
            found[part.place] = document
        }
        return found
    }

    func rows(_ id: ProgramAccountID) throws -> [Int: AccountTable.Row] {
        let documents = try found(id) ?? [:]
        return id.parts.reduce(into: [:]) { rows, part in
            rows[part.place] = documents[part.place]?.row(part.row)
        }
    }

    func read(_ id: ProgramAccountID) throws -> StoredColumns? {
        try found(id).map { documents in
            StoredColumns(documents.values.reduce(into: [:]) { $0.merge($1.columns.values) { $1 } })
        }
    }

    func layouts(_ id: ProgramAccountID) throws -> [(Int, ProgramLayout)] {
        try (found(id) ?? [:]).map { ($0, ProgramLayout(place: $1.place, columns: $1.written)) }
    }

    func apply(
        _ new: StoredColumns, to id: ProgramAccountID, expecting old: StoredColumns, draft: String
    ) throws -> ApplyOutcome {
        guard let documents = try found(id) else { return .changedMeanwhile }
        for (_, document) in documents.sorted(by: { $0.key < $1.key }) {
            guard try document.apply(new, expecting: old, draft: draft) == .applied else { return .changedMeanwhile }
        }
        return .applied
    }

    private func all() throws -> [Int: AccountDocument] {
        guard let folder else { return [:] }
        var documents: [Int: AccountDocument] = [:]
        for (number, place) in profile.accounts.enumerated() {
            guard case .document(let path) = place.store else { continue }
            documents[number] = try AccountDocument(place, path, in: folder)
        }
        return documents
    }
}
