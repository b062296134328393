/// A document that holds accounts, with the places of their values, so that one can be replaced without touching another
/// byte: comments, order, spelling and line endings stay.
///
/// At most 256 KiB (lines: 4 MiB), 64 levels deep, no key twice in one object (house.md, Bounds).
struct DocumentText {
    /// One account.
    struct Record {
        /// Its single values, by name.
        let fields: [String: DocumentScalar]
        fileprivate let nodes: [String: DocumentNode]
        /// Where it begins.
        let line: Int

        func line(of field: String) -> Int { nodes[field]?.line ?? line }
    }

    /// What is wrong, and where: `line 3`.
    struct Fault: Error {
        let place: String
        let what: String

        /// Never quotes the document: it holds secrets.
        var words: String { place.isEmpty ? what : "\(place): \(what)" }
    }

    static let deepest = 64

    let bytes: [UInt8]
    let form: DocumentForm
    let records: [Record]
    private let root: DocumentNode

    /// - Throws: ``Fault``.
    init(_ bytes: [UInt8], as form: DocumentForm) throws {
        guard bytes.count <= form.mostBytes else {
            throw Fault(place: "", what: "larger than \(form.mostBytes / 1_024) KiB")
        }
        self.bytes = bytes
        self.form = form
        root =
            switch form.notation {
            case .json: try JSONScanner.document(bytes)
            case .yaml: try YAMLScanner.document(bytes)
            case .lines(let lines): try LineScanner.document(bytes, lines)
            }
        records = try Self.records(root, form.accounts)
    }

    /// The same document with other values in these fields of one account. Read again: it differs there and nowhere else.
    ///
    /// - Throws: ``Fault`` for a field that is not there, or whose value is not written in one piece.
    func replacing(_ values: [String: DocumentScalar], in number: Int) throws -> DocumentText {
        let record = records[number]
        var scalars: [Range<Int>: DocumentScalar] = [:]
        for (name, value) in values {
            guard let node = record.nodes[name], node.scalar != nil else {
                throw Fault(place: "line \(record.line)", what: "there is no single value \(name)")
            }
            guard let place = node.place else {
                throw Fault(
                    place: "line \(node.line)", what: "\(name) is written over several lines, or as a block")
            }
            scalars[place] = value
        }
        var changed = bytes
        for (place, value) in scalars.sorted(by: { $0.key.lowerBound > $1.key.lowerBound }) {
            changed.replaceSubrange(place, with: try form.notation.spelling(of: value, like: bytes[place]))
        }
        let made = try DocumentText(changed, as: form)
        guard root.agrees(with: made.root, but: scalars) else {
            throw Fault(place: "line \(record.line)", what: "the new value cannot be written there")
        }
        return made
    }

    private static func records(_ root: DocumentNode, _ accounts: DocumentForm.Accounts) throws -> [Record] {
        switch accounts {
        case .document: return [try Record(root, named: nil, key: nil)]
        case .list(let path):
            let node = try node(root, at: path)
            guard case .list(let items) = node.content else { throw missing(path, "a list", node) }
            return try items.map { try Record($0, named: nil, key: nil) }
        case .members(let path, let key):
            let node = try node(root, at: path)
            guard case .mapping(let members) = node.content else { throw missing(path, "keys and values", node) }
            return try members.map { try Record($0.node, named: $0.name, key: key) }
        }
    }

    private static func node(_ root: DocumentNode, at path: [String]) throws -> DocumentNode {
        try path.reduce(root) { node, key in
            guard let next = node[key] else { throw missing(path, "accounts", node) }
            return next
        }
    }

    private static func missing(_ path: [String], _ what: String, _ node: DocumentNode) -> Fault {
        let place = path.isEmpty ? "it" : path.joined(separator: ".")
        return Fault(place: "line \(node.line)", what: "\(place) should hold \(what)")
    }
}

extension DocumentText.Record {
    fileprivate init(_ node: DocumentNode, named name: String?, key: String?) throws {
        guard case .mapping(let members) = node.content else {
            throw DocumentText.Fault(place: "line \(node.line)", what: "an account should be keys and values")
        }
        var nodes = Dictionary(members.map { ($0.name, $0.node) }) { first, _ in first }
        var fields = nodes.compactMapValues(\.scalar)
        if let key, let name {
            // The member's own name counts, and is no value that could be replaced.
            nodes[key] = nil
            fields[key] = .string(name)
        }
        self.init(fields: fields, nodes: nodes, line: node.line)
    }
}

extension DocumentForm.Notation {
    /// `value` as it is written in place of `old`.
    ///
    /// - Throws: ``DocumentText/Fault`` where the notation cannot hold it.
    fileprivate func spelling(of value: DocumentScalar, like old: ArraySlice<UInt8>) throws -> [UInt8] {
        switch self {
        case .json: value.json
        case .yaml: value.yaml(like: old)
        case .lines(let form): try LineScanner.spelling(of: value, form)
        }
    }
}
