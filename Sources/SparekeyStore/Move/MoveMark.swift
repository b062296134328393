public import SparekeySQL

/// What ties the two databases of a move together.
///
/// The moment of a move is when the old database gets its mark: before it the old one is in force and the new one is not
/// finished, after it the new one is, and what is left to do can be done by anybody who runs the move again.
public struct MoveMark: Sendable, Hashable {
    /// A random one of each move.
    public let id: String
    /// Where the accounts are, without a password.
    public let place: String

    public init(id: String, place: String) {
        self.id = id
        self.place = place
    }

    /// In the database that accounts are being moved to: the move's id, until it is finished.
    static let unfinished = "move_unfinished"
    /// In the database that they were moved to: the move's id.
    static let arrived = "move_arrived"
    /// In the database that they were moved from: the move's id, a space and the other one's place.
    static let left = "move_left"

    /// The rows of `sparekey_meta` that say something of one database alone, and stay with it.
    static let staying = ["schema", "key_check", unfinished, arrived, left]

    /// What a database says of where its accounts went; nil while they are in it.
    public static func left(_ database: any SQLDatabase) async throws -> MoveMark? {
        try await database.transaction(.read) { connection in
            guard try StoreSchema.state(connection).isMarked else { return nil }
            return try left(connection)
        }
    }

    static func left(_ connection: any SQLConnection) throws -> MoveMark? {
        try StoreSchema.meta(left, connection).map { text in
            let words = text.split(separator: " ", maxSplits: 1)
            return MoveMark(id: String(words.first ?? ""), place: words.count == 2 ? String(words[1]) : "")
        }
    }

    /// - Throws: ``StoreError`` where the accounts went elsewhere, or have not all arrived.
    static func refuse(_ connection: any SQLConnection) throws {
        if let mark = try left(connection) {
            throw StoreError(.moved, reason: "the accounts of this database were moved to \(mark.place)")
        }
        if try StoreSchema.meta(unfinished, connection) != nil {
            throw StoreError(.unfinishedMove, reason: "a move to this database was begun and not finished")
        }
    }
}

extension StoreSchema.State {
    var isMarked: Bool { if case .marked = self { true } else { false } }
}
