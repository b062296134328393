import Foundation

/// A row of the audit trail as one line of JSON (RFC 8259): its number, its MAC, and the row's own fields.
///
/// The fields stand as they were stored, byte for byte: `{` and what follows the MAC's comma is the text that the MAC was
/// taken over. A row that is no JSON object, or would not stay on one line, stands as `text` instead of its fields.
public struct AuditExportLine: Sendable {
    /// Without a line feed.
    public let text: String

    public init(_ row: AuditRow) throws {
        let sequence = row.sequence.map(String.init) ?? "null"
        let head = "\"sequence\":\(sequence),\"mac\":\"\(row.mac?.hexadecimal ?? "")\""
        if let stored = row.text, Self.isPlainObject(stored) {
            text = "{\(head),\(stored.dropFirst())"
        } else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .withoutEscapingSlashes
            text = "{\(head),\"text\":\(String(decoding: try encoder.encode(row.text), as: UTF8.self))}"
        }
    }

    private static func isPlainObject(_ text: String) -> Bool {
        guard text.first == "{", !text.utf8.contains(where: { $0 < 0x20 }) else { return false }
        let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return object.map { !$0.isEmpty && $0["sequence"] == nil && $0["mac"] == nil } ?? false
    }
}
