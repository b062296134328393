public import Sparekey
import SparekeySQL

extension SparekeyStore: SignInFloorRegister {
    /// The row of `sparekey_meta`: microseconds, a space, and the cost they were measured with.
    private static var floorName: String { "sign_in_floor" }

    public func passwordHashes(after: String?, limit: Int) async throws -> HashPage {
        let start: SQLStatement = after.map { "username_key > \($0)" } ?? "1 = 1"
        return try await database.transaction(.read) { connection in
            let rows = try connection.query(
                """
                SELECT username_key, password_hash FROM account WHERE \(part: start) ORDER BY username_key LIMIT \(limit)
                """)
            let hashes = rows.compactMap { row -> String? in
                // Anything but a text was written by hand, and is no hash.
                guard case .text(let hash) = row["password_hash"] else { return nil }
                return hash
            }
            return HashPage(hashes: hashes, next: rows.count < limit ? nil : try rows.last?.text("username_key"))
        }
    }

    public func keptSignInFloor() async throws -> KeptSignInFloor? {
        let text = try await database.transaction(.read) { try StoreSchema.meta(Self.floorName, $0) }
        guard let words = text?.split(separator: " ", maxSplits: 1), words.count == 2,
            let microseconds = Int64(words[0]), microseconds > 0
        else { return nil }
        return KeptSignInFloor(costPrefix: String(words[1]), p99: .microseconds(microseconds))
    }

    public func keep(_ floor: KeptSignInFloor) async throws {
        let (seconds, attoseconds) = floor.p99.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        try await database.transaction(.write) { connection in
            try StoreSchema.setMeta(Self.floorName, "\(microseconds) \(floor.costPrefix)", connection)
        }
    }
}
