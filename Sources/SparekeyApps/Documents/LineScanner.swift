/// Walks over lines of fields between colons. A line ends with LF, or with CR and LF; bytes of comments are of no concern.
enum LineScanner {
    /// A list with a mapping for each line that holds an account.
    ///
    /// - Throws: ``DocumentText/Fault``.
    static func document(_ bytes: [UInt8], _ form: LineForm) throws -> DocumentNode {
        var (lines, start, number) = ([DocumentNode](), 0, 0)
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: lineFeed) ?? bytes.count
            number += 1
            if let line = try line(bytes[start..<end], number, form) { lines.append(line) }
            start = end + 1
        }
        return DocumentNode(content: .list(lines), place: nil, line: 1)
    }

    /// - Throws: ``DocumentText/Fault`` for what would be another field, another line or no text.
    static func spelling(of value: DocumentScalar, _ form: LineForm) throws -> [UInt8] {
        let text =
            switch value {
            case .null: ""
            case .bool(let truth): "\(truth)"
            case .integer(let number): "\(number)"
            case .number(let text), .string(let text): text
            }
        let isOneLine = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        guard isOneLine, form.isEscaped || !text.utf8.contains(colon) else {
            throw DocumentText.Fault(place: "", what: "the new value cannot be a field of a line")
        }
        guard form.isEscaped else { return Array(text.utf8) }
        return text.utf8.flatMap { escaped.contains($0) ? [backslash, $0] : [$0] }
    }

    private static let (lineFeed, carriageReturn): (UInt8, UInt8) = (0x0A, 0x0D)
    private static let (colon, hash, backslash) = (UInt8(ascii: ":"), UInt8(ascii: "#"), UInt8(ascii: "\\"))
    private static let escaped = [colon, hash, backslash]

    /// Nil for a comment and for nothing.
    private static func line(_ whole: ArraySlice<UInt8>, _ number: Int, _ form: LineForm) throws -> DocumentNode? {
        let line = ending(of: whole, form)
        let isEmpty = line.allSatisfy { [0x20, 0x09].contains($0) }
        guard !isEmpty, line.first != hash else { return nil }
        let fault = { (what: String) in DocumentText.Fault(place: "line \(number)", what: what) }
        let places = fields(of: line, form)
        guard places.count >= form.least else { throw fault("it has fewer than \(form.least) fields between colons") }
        guard places.count <= form.fields.count else {
            throw fault("it has more than \(form.fields.count) fields between colons")
        }
        let members = try zip(form.fields, places).map { name, place in
            guard let text = String(validating: unescaped(line[place], form), as: UTF8.self) else {
                throw fault("it is not UTF-8")
            }
            let node = DocumentNode(content: .scalar(.string(text)), place: place, line: number)
            return DocumentNode.Member(name: name, node: node)
        }
        return DocumentNode(content: .mapping(members), place: nil, line: number)
    }

    /// Without its CR, and where the form has them without a comment and the space before it.
    private static func ending(of line: ArraySlice<UInt8>, _ form: LineForm) -> ArraySlice<UInt8> {
        var line = line
        if line.last == carriageReturn { line = line.dropLast() }
        guard form.isEscaped else { return line }
        var (end, at) = (line.endIndex, line.startIndex)
        while at < line.endIndex {
            if line[at] == hash {
                end = at
                break
            }
            at += line[at] == backslash ? 2 : 1
        }
        while end > line.startIndex, [0x20, 0x09].contains(line[end - 1]) { end -= 1 }
        return line[line.startIndex..<end]
    }

    private static func fields(of line: ArraySlice<UInt8>, _ form: LineForm) -> [Range<Int>] {
        var (fields, start, at) = ([Range<Int>](), line.startIndex, line.startIndex)
        while at < line.endIndex {
            if line[at] == colon, !(form.takesRest && fields.count == form.fields.count - 1) {
                fields.append(start..<at)
                start = at + 1
            }
            at += form.isEscaped && line[at] == backslash ? 2 : 1
        }
        return fields + [start..<line.endIndex]
    }

    private static func unescaped(_ field: ArraySlice<UInt8>, _ form: LineForm) -> [UInt8] {
        guard form.isEscaped else { return Array(field) }
        var (text, at) = ([UInt8](), field.startIndex)
        while at < field.endIndex {
            if field[at] == backslash, at + 1 < field.endIndex, escaped.contains(field[at + 1]) { at += 1 }
            text.append(field[at])
            at += 1
        }
        return text
    }
}
