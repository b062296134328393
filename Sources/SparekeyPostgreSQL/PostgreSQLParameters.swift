import CPostgres
internal import SparekeySQL

/// Bound values as PQexecParams wants them: texts as text, everything else in the binary format of the protocol.
///
/// The types are declared (int8, float8, text, bytea), so the server never guesses one; NULL leaves it to the server.
struct PostgreSQLParameters {
    private var types: [Oid] = []
    private var lengths: [CInt] = []
    private var formats: [CInt] = []
    /// All values one after the other, and where each begins; nil is NULL.
    private var bytes: [UInt8] = []
    private var starts: [Int?] = []

    init(_ values: [SQLValue]) {
        for value in values { append(value) }
        // An empty array has no address, and a null address would bind NULL.
        bytes.append(0)
    }

    var count: Int { starts.count }

    func withPointers<Result>(
        _ use: ([Oid], [UnsafePointer<CChar>?], [CInt], [CInt]) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { buffer in
            let values = starts.map { start in
                start.flatMap { buffer.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
            }
            return use(types, values, lengths, formats)
        }
    }

    private mutating func append(_ value: SQLValue) {
        switch value {
        case .null: append(type: .unknown, isBinary: false, nil)
        case .integer(let number): append(type: .int8, isBinary: true, Self.bigEndian(number))
        case .real(let number): append(type: .float8, isBinary: true, Self.bigEndian(number.bitPattern))
        case .text(let text): append(type: .text, isBinary: false, Array(text.utf8))
        case .blob(let blob): append(type: .bytea, isBinary: true, blob)
        }
    }

    private mutating func append(type: PostgreSQLType, isBinary: Bool, _ value: [UInt8]?) {
        types.append(type.oid)
        formats.append(isBinary ? 1 : 0)
        lengths.append(CInt(clamping: value?.count ?? 0))
        starts.append(value == nil ? nil : bytes.count)
        bytes += value ?? []
        // Texts are passed without their length and end at a zero byte.
        bytes.append(0)
    }

    private static func bigEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}
