import StrictYAML

/// Finds in a YAML document the bytes of the values that its parser read: where each begins is the parser's word, where it
/// ends is looked for, and what was read there has to be what the parser read.
struct YAMLScanner {
    private let bytes: [UInt8]
    /// Where each line begins.
    private let lines: [Int]

    /// - Throws: ``DocumentText/Fault``.
    static func document(_ bytes: [UInt8]) throws -> DocumentNode {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw DocumentText.Fault(place: "", what: "not UTF-8")
        }
        do {
            guard let value = try YAMLValue.read(text) else {
                throw DocumentText.Fault(place: "", what: "there is nothing in it")
            }
            return YAMLScanner(bytes).node(value)
        } catch let fault as YAMLFault {
            throw DocumentText.Fault(place: fault.line == 0 ? "" : "line \(fault.line)", what: fault.what)
        }
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // A CR before an LF is no end of its own; one without is (YAML 1.2, 5.4).
        lines = bytes.indices.reduce(into: [0]) { lines, at in
            let isEnd = bytes[at] == 0x0A || bytes[at] == 0x0D && !(at + 1 < bytes.count && bytes[at + 1] == 0x0A)
            if isEnd { lines.append(at + 1) }
        }
    }

    private func node(_ value: YAMLValue) -> DocumentNode {
        switch value {
        case .scalar(let scalar):
            return DocumentNode(content: .scalar(scalar.typed), place: place(of: scalar), line: scalar.line)
        case .list(let items, let line):
            return DocumentNode(content: .list(items.map(node)), place: nil, line: line)
        case .mapping(let members, let line):
            let named = members.map { DocumentNode.Member(name: $0.key, node: node($0.value)) }
            return DocumentNode(content: .mapping(named), place: nil, line: line)
        }
    }

    private func place(of scalar: YAMLScalar) -> Range<Int>? {
        guard let start = start(of: scalar), start < bytes.count else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "'"):
            return quoted(from: start) { at in
                let isDoubled = at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "'")
                return bytes[at] == UInt8(ascii: "'") ? (isDoubled ? 2 : 0) : 1
            }
        case UInt8(ascii: "\""):
            return quoted(from: start) { at in
                bytes[at] == UInt8(ascii: "\"") ? 0 : bytes[at] == UInt8(ascii: "\\") ? 2 : 1
            }
        default:
            // A block begins with its own sign, and what is folded stands otherwise than it is read.
            let end = start + scalar.text.utf8.count
            let isWhole = end <= bytes.count && bytes[start..<end].elementsEqual(scalar.text.utf8)
            return !scalar.isQuoted && isWhole ? start..<end : nil
        }
    }

    /// - Parameter step: how far to go from a byte; 0 at the closing quote.
    private func quoted(from start: Int, _ step: (Int) -> Int) -> Range<Int>? {
        var at = start + 1
        while at < bytes.count, ![0x0A, 0x0D].contains(bytes[at]) {
            let next = step(at)
            if next == 0 { return start..<at + 1 }
            at += next
        }
        return nil
    }

    /// The parser counts columns in characters.
    private func start(of scalar: YAMLScalar) -> Int? {
        guard scalar.column > 0, lines.indices.contains(scalar.line - 1) else { return nil }
        var (at, left) = (lines[scalar.line - 1], scalar.column - 1)
        while left > 0, at < bytes.count {
            at += 1
            while at < bytes.count, bytes[at] & 0xC0 == 0x80 { at += 1 }
            left -= 1
        }
        return left == 0 ? at : nil
    }
}

extension YAMLScalar {
    /// YAML 1.2, 10.3: what the core schema makes of an unquoted value.
    fileprivate var typed: DocumentScalar {
        if isNull { return .null }
        if isQuoted { return .string(text) }
        if ["true", "True", "TRUE"].contains(text) { return .bool(true) }
        if ["false", "False", "FALSE"].contains(text) { return .bool(false) }
        if let number = Int64(text), String(number) == text { return .integer(number) }
        return .string(text)
    }
}

extension DocumentScalar {
    /// In the quotes of the value that it replaces, or in single ones where it would not be a text without any.
    func yaml(like old: ArraySlice<UInt8>) -> [UInt8] {
        switch self {
        case .null: return Array("null".utf8)
        case .bool(let truth): return Array("\(truth)".utf8)
        case .integer(let number): return Array("\(number)".utf8)
        case .number(let text): return Array(text.utf8)
        case .string(let text):
            let isPlain = text.wholeMatch(of: /[A-Za-z$\/][A-Za-z0-9$.\/_+=,-]*/) != nil
            let isOneLine = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            if old.first == UInt8(ascii: "\"") || !isOneLine { return DocumentScalar.string(text).json }
            if old.first != UInt8(ascii: "'"), isPlain, YAMLScalar(plain: text).typed == self {
                return Array(text.utf8)
            }
            return Array("'\(text.replacing("'", with: "''"))'".utf8)
        }
    }
}

extension YAMLScalar {
    fileprivate init(plain text: String) {
        self.init(text: text, isQuoted: false, line: 0)
    }
}
