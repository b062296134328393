import Foundation
import Sparekey
import SparekeySQL

extension NewValue {
    /// The value itself, in the form that the target keeps.
    ///
    /// - Throws: ``SQLError`` where a column does not take it.
    func made(
        for target: WrittenColumn.Target, like old: SQLValue = .null, at now: Timestamp = SystemWallClock().now,
        random: any RandomSource = SystemRandomSource()
    ) throws -> SQLValue {
        let value: SQLValue =
            switch self {
            case .constant(let constant): constant.value(for: target)
            case .now(let spelling): spelling.value(now, in: target)
            case .random(let spelling, let count): .text(spelling.text(random.bytes(count)))
            }
        return try target.taking(value, like: old)
    }
}

extension StoredValue {
    fileprivate func value(for target: WrittenColumn.Target) -> SQLValue {
        if case .column(let column) = target { return sqlValue(for: column) }
        return plain
    }
}

extension NewValue.TimeSpelling {
    fileprivate func value(_ now: Timestamp, in target: WrittenColumn.Target) -> SQLValue {
        switch self {
        case .seconds: .integer(now.microseconds / 1_000_000)
        case .milliseconds: .integer(now.microseconds / 1_000)
        case .microseconds: .integer(now.microseconds)
        case .iso8601: .text(String(now.rfc3339.dropLast()) + ".000Z")
        case .digits: .text(Self.clockText(now).filter(\.isWholeNumber))
        case .timestamp: .text(Self.clockText(now) + Self.suffix(target))
        }
    }

    /// `2026-02-12 16:30:00`
    private static func clockText(_ now: Timestamp) -> String {
        String(now.rfc3339.dropLast()).replacing("T", with: " ")
    }

    /// What the database writes behind the seconds when it is asked again.
    private static func suffix(_ target: WrittenColumn.Target) -> String {
        guard case .column(let column) = target else { return "" }
        let type = column.declaredType.lowercased()
        if type.hasSuffix("without time zone") { return "" }
        if type.hasSuffix("with time zone") { return "+00" }
        guard let digits = type.firstMatch(of: /\(([1-6])\)/).flatMap({ Int($0.1) }) else { return "" }
        return "." + String(repeating: "0", count: digits)
    }
}

extension NewValue.RandomSpelling {
    fileprivate func text(_ bytes: [UInt8]) -> String {
        switch self {
        case .hex: bytes.hexadecimal
        case .base64: Data(bytes).base64EncodedString()
        case .uuid:
            // RFC 9562, 5.4: the version in the seventh byte, the variant in the ninth.
            bytes.enumerated().map { index, byte in
                let marked = index == 6 ? byte & 0x0F | 0x40 : index == 8 ? byte & 0x3F | 0x80 : byte
                return ([4, 6, 8, 10].contains(index) ? "-" : "") + [marked].hexadecimal
            }.joined()
        }
    }
}
