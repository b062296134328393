public import PasswordHashing

/// One stored form of the password. A program with a web login and a sync server may have several; all are written together.
public struct Credential: Sendable, Equatable {
    /// What it is for, in a word: `password`, `sync key`.
    public let name: String
    /// Where it lies, when that is not the account's own row.
    public let table: KeyedTable?
    /// Which column holds which part of it. A document's keys take the place of columns.
    public let columns: [StoredCredential.Field: StoredField]
    /// The formats that the program reads, by name. A value of none of them is replaced all the same.
    public let reads: [String]
    /// The formats that are written, the program's own default first.
    public let writes: [WrittenFormat]
    /// The label of the secret that goes into every hash.
    public let pepper: String?
}

/// Rows elsewhere that belong to the account.
public struct KeyedTable: Sendable, Equatable {
    public let table: String
    /// The column that holds the account's id.
    public let key: String
    /// Which of the account's rows it is, where there may be several: `type` is `password`.
    public let only: [Condition]
}

/// A column, and how the texts of a format lie in it.
public struct StoredField: Sendable, Equatable {
    /// The type of the column (apps.md, lesson 5): a column of bytes that is given text can break the sign-in.
    public enum Encoding: String, Sendable, CaseIterable {
        case text, bytes, integer
    }

    public let column: String
    public let encoding: Encoding
}

/// A format that may be written, with the cost of a new value and the least of a copied one.
public struct WrittenFormat: Sendable, Equatable {
    public let format: String
    /// Where no value is replaced whose cost could be copied.
    public let cost: HashCost
    public let floor: HashCost
    /// The prefix of a new value where none is copied, in formats that have several; nil: the format's own choice.
    public let variant: String?
    /// Whether the program reads no other prefix: then none is copied from what was written by hand.
    public let isVariantFixed: Bool
}

extension Credential {
    /// What a new value is made with.
    public struct Recipe: Sendable, Equatable {
        public let format: String
        public let cost: HashCost
        public let variant: String?
    }

    /// How to make the value that replaces `stored`: with its format, prefix and cost if the profile writes that format, else
    /// with the first one's; never below the floor (house.md, New values).
    ///
    /// A value that cannot be read, or asks for more than the bounds allow, counts as none. Does no hashing.
    ///
    /// - Throws: ``HashError`` where cost and floor do not go together.
    public func recipe(
        replacing stored: StoredCredential?, formats: CredentialFormats = .standard
    ) throws -> Recipe {
        for written in writes {
            guard let format = formats.named(written.format), let stored, format.identifies(stored) else { continue }
            guard let parameters = try? format.parameters(of: stored) else { break }
            return Recipe(
                format: written.format, cost: try parameters.cost.raised(to: written.floor, of: format),
                variant: written.isVariantFixed ? written.variant : parameters.variant)
        }
        guard let first = writes.first else { preconditionFailure("a credential of a profile writes a format") }
        return Recipe(format: first.format, cost: first.cost, variant: first.variant)
    }
}
