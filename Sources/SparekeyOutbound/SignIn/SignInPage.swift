/// A page with forms on it, read only as far as it takes to send one of them back: tags, their attributes, and which form
/// an input stands in (the HTML Standard, 13.2).
struct SignInPage {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// What the form with an input called `field` sends beside what a person types: its hidden inputs.
    ///
    /// - Returns: nil where no form has it.
    func hiddenFields(besides field: String) -> [String: String]? {
        var (hidden, hasField) = ([String: String](), false)
        for tag in tags() {
            switch tag.name {
            case "form": (hidden, hasField) = ([:], false)
            case "/form": if hasField { return hidden }
            case "input":
                let name = tag.attributes["name"] ?? ""
                if name == field { hasField = true }
                if tag.attributes["type"]?.lowercased() == "hidden", !name.isEmpty {
                    hidden[name] = tag.attributes["value"] ?? ""
                }
            default: continue
            }
        }
        return hasField ? hidden : nil
    }

    private struct Tag {
        let name: String
        let attributes: [String: String]
    }

    private func tags() -> [Tag] {
        var (found, rest) = ([Tag](), bytes[...])
        while let start = rest.firstIndex(of: UInt8(ascii: "<")), found.count < 10_000 {
            rest = rest[(start + 1)...]
            if rest.starts(with: Array("!--".utf8)) {
                rest = Self.behind("-->", rest.dropFirst(3))
                continue
            }
            let name = rest.prefix { !Self.isSpace($0) && $0 != UInt8(ascii: ">") }
            rest = rest.dropFirst(name.count)
            let word = String(decoding: name, as: UTF8.self).lowercased()
            found.append(Tag(name: word, attributes: Self.attributes(&rest)))
            if word == "script" || word == "style" { rest = Self.behind("</\(word)", rest) }
        }
        return found
    }

    private static func behind(_ end: String, _ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        let end = Array(end.utf8)
        while !rest.isEmpty, !rest.starts(with: end) { rest = rest.dropFirst() }
        return rest.dropFirst(end.count)
    }

    /// Up to the tag's end. Of two of one name the first counts.
    private static func attributes(_ rest: inout ArraySlice<UInt8>) -> [String: String] {
        var found: [String: String] = [:]
        while let byte = rest.first, byte != UInt8(ascii: ">") {
            guard !isSpace(byte), byte != UInt8(ascii: "/") else {
                rest = rest.dropFirst()
                continue
            }
            let name = rest.prefix { !isSpace($0) && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">") }
            rest = rest.dropFirst(max(1, name.count)).drop(while: isSpace)
            let key = String(decoding: name, as: UTF8.self).lowercased()
            let text = rest.first == UInt8(ascii: "=") ? value(&rest) : ""
            if found[key] == nil { found[key] = text }
        }
        return found
    }

    private static func value(_ rest: inout ArraySlice<UInt8>) -> String {
        rest = rest.dropFirst().drop(while: isSpace)
        let quote = rest.first.flatMap { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") ? $0 : nil }
        if quote != nil { rest = rest.dropFirst() }
        let text = rest.prefix { byte in quote.map { byte != $0 } ?? (!isSpace(byte) && byte != UInt8(ascii: ">")) }
        rest = rest.dropFirst(text.count + (quote == nil ? 0 : 1))
        return decoded(String(decoding: text, as: UTF8.self))
    }

    /// The references that frameworks write into attributes.
    private static func decoded(_ text: String) -> String {
        guard text.contains("&") else { return text }
        let named = [
            "&quot;": "\"", "&#34;": "\"", "&#39;": "'", "&#x27;": "'", "&#43;": "+", "&lt;": "<", "&gt;": ">",
        ]
        return named.reduce(text) { $0.replacing($1.key, with: $1.value) }.replacing("&amp;", with: "&")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0C, 0x0D].contains(byte) }
}
