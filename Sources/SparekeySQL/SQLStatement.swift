/// A statement with its values bound apart from its text.
///
/// Written as an interpolated string; every `\(value)` becomes a bound parameter, never text, so a statement cannot be
/// put together from somebody's input by accident. The driver numbers the parameters in its own way (`?` or `$1`).
/// Its description shows the text with `?`, never the values (SEC-8).
///
///     "UPDATE account SET active = \(false) WHERE id = \(id)"
public struct SQLStatement: Sendable, ExpressibleByStringInterpolation {
    enum Piece: Sendable {
        case text(String)
        case identifier(String)
        case value(SQLValue)
    }

    var pieces: [Piece]

    public init(stringLiteral value: String) {
        pieces = [.text(value)]
    }

    public init(stringInterpolation: StringInterpolation) {
        pieces = stringInterpolation.pieces
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(interpolationCount * 2 + 1)
        }

        public mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { pieces.append(.text(literal)) }
        }

        public mutating func appendInterpolation(_ value: some SQLBindable) {
            pieces.append(.value(value.sqlValue))
        }

        /// A schema, table or column name, quoted as the database has it.
        public mutating func appendInterpolation(identifier name: String) {
            pieces.append(.identifier(name))
        }

        /// A part of a statement, with its own bound values.
        public mutating func appendInterpolation(part: SQLStatement) {
            pieces.append(contentsOf: part.pieces)
        }
    }

    public static func + (left: SQLStatement, right: SQLStatement) -> SQLStatement {
        var sum = left
        sum.pieces += right.pieces
        return sum
    }

    /// The bound values in order.
    public var values: [SQLValue] {
        pieces.compactMap { if case .value(let value) = $0 { value } else { nil } }
    }

    /// The bound values in order, for a driver.
    ///
    /// - Throws: ``SQLError`` for a text that holds U+0000: PostgreSQL cannot keep it and SQLite reads it back shortened,
    ///   so that it would compare equal to another text.
    public func bindableValues() throws -> [SQLValue] {
        let values = values
        for case .text(let text) in values where text.utf8.contains(0) {
            throw SQLError(.other, reason: "a text for the database holds the character U+0000, which it cannot keep")
        }
        return values
    }

    /// The text as `dialect` has it: its quotes around names, its places for bound values.
    public func text(for dialect: SQLDialect) -> String {
        var text = ""
        // Once, instead of growing with every piece: it is written before each execution.
        text.reserveCapacity(512)
        var number = 0
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .identifier(let name): text += dialect.quoted(name)
            case .value:
                number += 1
                text += dialect.placeholder(number)
            }
        }
        return text
    }
}

extension SQLStatement: CustomStringConvertible {
    public var description: String { text(for: .sqlite) }
}
