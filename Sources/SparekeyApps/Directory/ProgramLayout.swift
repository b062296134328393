import PasswordHashing
import Sparekey
import SparekeySQL

/// The columns that a reset writes in one place of an account.
struct ProgramLayout {
    struct Field {
        let part: StoredCredential.Field
        let encoding: StoredField.Encoding
        let written: WrittenColumn
    }

    let place: AccountPlace
    let columns: [WrittenColumn]

    func fields(of credential: Credential) -> [Field] {
        columns.compactMap { written in
            guard case .credential(let owner, let part, let encoding) = written.content, owner == credential else {
                return nil
            }
            return Field(part: part, encoding: encoding, written: written)
        }
    }
}

extension ProgramDirectory {
    /// Each place that holds the account, in the profile's order.
    func written(_ account: Account) async throws -> [ProgramLayout] {
        guard let id = ProgramAccountID(account.id, places: profile.accounts.count) else { return [] }
        let tables = try await withTables(.read) { view in
            id.parts.compactMap { part in
                view.tables[part.place].map { (part.place, ProgramLayout(place: $0.place, columns: $0.written)) }
            }
        }
        return (tables + (try documents.layouts(id))).sorted { $0.0 < $1.0 }.map(\.1)
    }
}
