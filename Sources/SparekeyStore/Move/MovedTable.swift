import Crypto
import SparekeySQL

/// A table as a move takes it along, a page at a time in the order of its primary key.
struct MovedTable: Sendable {
    let name: String
    /// The one column of its primary key.
    let key: String

    static let pageSize = 1000

    /// All of them, those before others that refer to them.
    static let all = [
        MovedTable(name: "account", key: "id"), MovedTable(name: "sync_credential", key: "account_id"),
        MovedTable(name: "password_history", key: "id"), MovedTable(name: "session", key: "id"),
        MovedTable(name: "reset_token", key: "id"), MovedTable(name: "reset", key: "number"),
        MovedTable(name: "reset_request", key: "id"), MovedTable(name: "reset_code", key: "request_id"),
        MovedTable(name: "code_tries", key: "subject"), MovedTable(name: "code_day", key: "day"),
        MovedTable(name: "audit", key: "sequence"), MovedTable(name: "audit_epoch", key: "first"),
        MovedTable(name: "audit_note", key: "key"), MovedTable(name: "throttle", key: "key"),
        MovedTable(name: "counter", key: "name"), meta,
    ]

    static let meta = MovedTable(name: "sparekey_meta", key: "name")

    func count(_ connection: any SQLConnection) throws -> Int {
        let rows = try connection.query("SELECT count(*) AS rows FROM \(identifier: name) WHERE \(part: moving)")
        return Int(try rows.first?.integer("rows") ?? 0)
    }

    func page(after: SQLValue?, _ connection: any SQLConnection) throws -> [SQLRow] {
        let start: SQLStatement = after.map { " AND \(identifier: key) > \($0)" } ?? ""
        return try connection.query(
            """
            SELECT * FROM \(identifier: name) WHERE \(part: moving)\(part: start)
            ORDER BY \(identifier: key) LIMIT \(Self.pageSize)
            """)
    }

    func insert(_ rows: [SQLRow], _ connection: any SQLConnection) throws {
        guard let columns = rows.first?.columns else { return }
        var text = SQLStatement.StringInterpolation(
            literalCapacity: 64, interpolationCount: rows.count * columns.count + columns.count)
        text.appendLiteral("INSERT INTO ")
        text.appendInterpolation(identifier: name)
        for (index, column) in columns.enumerated() {
            text.appendLiteral(index == 0 ? " (" : ", ")
            text.appendInterpolation(identifier: column)
        }
        text.appendLiteral(") VALUES ")
        for (number, row) in rows.enumerated() {
            for (index, value) in row.values.enumerated() {
                text.appendLiteral(index > 0 ? ", " : number == 0 ? "(" : ", (")
                text.appendInterpolation(value)
            }
            text.appendLiteral(")")
        }
        try connection.execute(SQLStatement(stringInterpolation: text))
    }

    private var moving: SQLStatement {
        guard name == Self.meta.name else { return "1 = 1" }
        let list = MoveMark.staying.dropFirst().reduce("\(MoveMark.staying[0])" as SQLStatement) { $0 + ", \($1)" }
        return "name NOT IN (\(part: list))"
    }
}

/// How many rows a table has and what is in them, in whatever order they came.
struct TableDigest: Sendable, Equatable {
    private(set) var rows = 0
    /// The sum of the rows' SHA-256, as four numbers.
    private var sum: [UInt64] = [0, 0, 0, 0]

    mutating func add(_ row: SQLRow) {
        var hash = SHA256()
        for (column, value) in zip(row.columns, row.values).sorted(by: { $0.0 < $1.0 }) {
            Self.add(Array(column.utf8), tag: 0, to: &hash)
            switch value {
            case .null: Self.add([], tag: 1, to: &hash)
            case .integer(let number): Self.add(withUnsafeBytes(of: number.bigEndian, Array.init), tag: 2, to: &hash)
            case .real(let number):
                Self.add(withUnsafeBytes(of: number.bitPattern.bigEndian, Array.init), tag: 3, to: &hash)
            case .text(let text): Self.add(Array(text.utf8), tag: 4, to: &hash)
            case .blob(let bytes): Self.add(bytes, tag: 5, to: &hash)
            }
        }
        rows += 1
        Array(hash.finalize()).withUnsafeBytes { bytes in
            for index in sum.indices { sum[index] &+= bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self) }
        }
    }

    private static func add(_ bytes: [UInt8], tag: UInt8, to hash: inout SHA256) {
        hash.update(data: [tag] + withUnsafeBytes(of: UInt64(bytes.count).bigEndian, Array.init))
        hash.update(data: bytes)
    }
}
