import Foundation
import Hummingbird
import Sparekey

/// What the audit page's address asks for, as it was typed, so that every link keeps it.
struct AuditQuery: Sendable, Hashable {
    var person = ""
    var action: AuditEvent.Action?
    var outcome: AuditEvent.Outcome?
    /// Days in UTC, as in `2026-02-12`; both are meant whole.
    var from = ""
    var to = ""
    /// The row that the page begins behind.
    var before: Int64?

    init() {}

    /// - Throws: ``Problem`` 400 for what the form cannot send.
    init(_ request: Request) throws {
        let query = request.uri.queryParameters
        func value(_ name: String) -> String { query[Substring(name)].map(String.init) ?? "" }
        person = value("person").trimmingCharacters(in: .whitespaces)
        (from, to) = (value("from"), value("to"))
        action = try Self.choice(value("action"))
        outcome = try Self.choice(value("outcome"))
        if let text = query["before"] {
            guard let number = Int64(text) else { throw Problem(.malformedRequest, Texts.Audit.badLink) }
            before = number
        }
    }

    /// - Throws: ``Problem`` 400 for what is no day.
    func filter() throws -> AuditFilter {
        AuditFilter(
            person: person.isEmpty ? nil : person, action: action, outcome: outcome,
            since: try Self.day(from), until: try Self.day(to).map { $0 + .seconds(86_400) })
    }

    var isEmpty: Bool { self == AuditQuery() }

    /// `?person=…`, or nothing.
    var text: String {
        let parts = [
            ("person", person), ("action", action?.rawValue ?? ""), ("outcome", outcome?.rawValue ?? ""),
            ("from", from), ("to", to), ("before", before.map(String.init) ?? ""),
        ].filter { !$0.1.isEmpty }
        let pairs = parts.map { "\($0.0)=\(Self.encoded($0.1))" }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }

    private static func choice<Choice: RawRepresentable<String>>(_ text: String) throws -> Choice? {
        guard !text.isEmpty else { return nil }
        guard let choice = Choice(rawValue: text) else { throw Problem(.malformedRequest, Texts.Audit.badLink) }
        return choice
    }

    private static func day(_ text: String) throws -> Timestamp? {
        guard !text.isEmpty else { return nil }
        guard text.utf8.count == 10, let day = Timestamp(rfc3339: text) else {
            throw Problem(.malformedRequest, Texts.Audit.badDay)
        }
        return day
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: ".")
            return isPlain ? String(UnicodeScalar(byte)) : "%" + [byte].hexadecimal.uppercased()
        }.joined()
    }
}
