import Foundation

@testable import SparekeyApps

/// A program's file of accounts, with a value replaced: every byte before and after it stays, and read again, every account
/// says what it said but for that value. What passes as JSON, another reader of JSON reads alike.
///
/// The first line: the form, the field and its new value, between tabs. The rest is the document.
enum Documents {
    private static let forms: [String: DocumentForm] = [
        "json": .single, "json-list": DocumentForm(notation: .json, accounts: .list(["users"])),
        "json-members": DocumentForm(notation: .json, accounts: .members(["users"], key: "name")),
        "yaml": DocumentForm(notation: .yaml, accounts: .members(["users"], key: "name")),
        "yaml-list": DocumentForm(notation: .yaml, accounts: .list(["users"])),
        "lines": lines(takesRest: false, isEscaped: false), "lines-escaped": lines(takesRest: true, isEscaped: true),
    ]

    private static func lines(takesRest: Bool, isEscaped: Bool) -> DocumentForm {
        let form = LineForm(fields: ["name", "hash", "note"], least: 2, takesRest: takesRest, isEscaped: isEscaped)
        return DocumentForm(notation: .lines(form), accounts: .list([]))
    }

    static func judge(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        let words = String(decoding: parts[0], as: UTF8.self).split(
            separator: "\t", maxSplits: 2, omittingEmptySubsequences: false
        ).map(String.init)
        guard parts.count == 2, words.count == 3, let form = forms[words[0]] else { return }
        let document = refuses(DocumentText.Fault.self) {
            try DocumentText(Array(parts[1]), as: form)
        } judge: {
            hold(isShowable($0.words), "an error that a terminal obeys")
        }
        guard let document else { return }
        if case .json = form.notation { agreesWithAnotherReader(document) }
        let values: [DocumentScalar] = [.string(words[2]), .null, .bool(true), .integer(Int64(words[2]) ?? 0)]
        for number in document.records.indices.prefix(4) {
            for value in values { replace(words[1], with: value, in: number, of: document) }
        }
    }

    private static func replace(
        _ field: String, with value: DocumentScalar, in number: Int, of before: DocumentText
    ) {
        let replaced = refuses(DocumentText.Fault.self) { try before.replacing([field: value], in: number) }
        guard let after = replaced else { return }
        hold(after.records.count == before.records.count, "an account came or went")
        for (index, pair) in zip(before.records, after.records).enumerated() {
            var (old, new) = (pair.0.fields, pair.1.fields)
            if index == number {
                hold(isSaid(new[field], value), "the value is not the one asked for")
                (old[field], new[field]) = (nil, nil)
            }
            hold(old == new, "another value is changed")
        }
        hold(isOnePieceChanged(before.bytes, after.bytes, value), "bytes elsewhere are changed")
    }

    /// Lines know only texts, and YAML takes a text for what it looks like only where nobody quoted it.
    private static func isSaid(_ found: DocumentScalar?, _ wanted: DocumentScalar) -> Bool {
        if found == wanted { return true }
        guard case .string(let text)? = found else { return false }
        return switch wanted {
        case .null: text.isEmpty
        case .bool(let truth): text == "\(truth)"
        case .integer(let number): text == "\(number)"
        case .number(let number): text == number
        case .string: false
        }
    }

    /// What differs is one stretch, and on the new side no longer than the value's longest spelling.
    private static func isOnePieceChanged(_ old: [UInt8], _ new: [UInt8], _ value: DocumentScalar) -> Bool {
        let head = zip(old, new).prefix { $0 == $1 }.count
        let most = min(old.count, new.count) - head
        let tail = zip(old.reversed(), new.reversed()).prefix(most).prefix { $0 == $1 }.count
        return new.count - head - tail <= value.json.count * 2 + 2
    }

    private static func agreesWithAnotherReader(_ document: DocumentText) {
        let other = try? JSONSerialization.jsonObject(with: Data(document.bytes))
        guard let other = other as? [String: Any] else { preconditionFailure("another reader refuses the JSON") }
        guard case .document = document.form.accounts else { return }
        for (name, value) in document.records[0].fields {
            guard case .string(let text) = value else { continue }
            hold(other[name] as? String == text, "another reader reads another text")
        }
    }
}
