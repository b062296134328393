public import Sparekey

/// A file that is written in place is a column of the reset as a whole: it is sealed with the old values before anything is
/// written, it has to stand there still when the reset is applied, and goes when the old values go.
extension ProgramDocuments {
    /// Puts back what was in files that a reset was writing when it was cut off.
    func putRight(_ id: ProgramAccountID, old: StoredColumns, new: StoredColumns) throws {
        for part in id.parts {
            let place = profile.accounts[part.place]
            guard let form = place.store.form, let path = path(of: place.store), let whole = old.whole(place) else {
                continue
            }
            let file = DocumentFile(path: path, mostBytes: form.mostBytes)
            do {
                let kept = try AccountDocument(place, form, file, DocumentFile.Content(kept: whole))
                guard let made = try kept.text(with: new, of: part.row) else { continue }
                try file.putRight(whole, or: made.bytes)
            } catch let fault as DocumentText.Fault {
                throw AppsError(
                    .misfit, reason: "what was kept of \(path) is not as the profile has it: \(fault.words)",
                    hint:
                        "was the profile changed since? Put the file back from a copy where the program cannot read it")
            }
        }
    }
}

extension ProgramDirectory {
    public func putRight(_ accountID: String, old: StoredColumns, new: StoredColumns) async throws {
        guard let id = ProgramAccountID(accountID, places: profile.accounts.count) else { return }
        try documents.putRight(id, old: old, new: new)
    }

    /// What a person should know of it before saying yes; nil where no file is written in place.
    var cautionInPlace: String? {
        guard documents.isInPlace, profile.keepsFiles else { return nil }
        return
            "the file is written in place (--in-place): what reads it in that moment may see half of it; all of it is kept "
            + "sealed before, and put back at the next sparekey command if this one is cut off"
    }

    /// Whether a reset with these old values writes files in place.
    public static func isInPlace(_ old: StoredColumns) -> Bool {
        old.values.keys.contains { $0.hasSuffix(AccountPlace.asWhole) }
    }
}

extension Profile {
    /// Whether a file holds accounts, or a part of them.
    public var keepsFiles: Bool { accounts.contains { $0.store.form != nil } }
}

extension AccountPlace {
    fileprivate static let asWhole = " as a whole"

    /// The name that a file of this place has among the columns of a reset.
    var wholeName: String { store.name + Self.asWhole }
}

extension AccountDocument {
    /// All of the file: as text where it is text, which takes less room in the journal.
    var whole: Sparekey.StoredValue {
        String(validating: content.bytes, as: UTF8.self).map(Sparekey.StoredValue.text) ?? .bytes(content.bytes)
    }
}

extension StoredColumns {
    func whole(_ place: AccountPlace) -> [UInt8]? {
        switch self[place.wholeName] {
        case .text(let text): Array(text.utf8)
        case .bytes(let bytes): bytes
        default: nil
        }
    }
}
