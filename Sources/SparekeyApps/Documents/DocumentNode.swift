/// A single value of a document. Numbers that are no whole ones keep their text.
enum DocumentScalar: Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(String)
    case string(String)
}

/// A value of a document, whatever its notation, with the bytes that it takes there.
struct DocumentNode {
    indirect enum Content {
        case scalar(DocumentScalar)
        case list([DocumentNode])
        case mapping([Member])
    }

    struct Member {
        let name: String
        let node: DocumentNode
    }

    let content: Content
    /// Nil for what is not written in one piece of one line: that is read, and never replaced.
    let place: Range<Int>?
    /// Counted from 1.
    let line: Int

    var scalar: DocumentScalar? {
        if case .scalar(let scalar) = content { return scalar }
        return nil
    }

    subscript(name: String) -> DocumentNode? {
        guard case .mapping(let members) = content else { return nil }
        return members.first { $0.name == name }?.node
    }

    /// Whether `other` says the same but for the scalars at these places of this one, which are as given there.
    func agrees(with other: DocumentNode, but changed: [Range<Int>: DocumentScalar]) -> Bool {
        switch (content, other.content) {
        case (.scalar(let mine), .scalar(let other)): (place.flatMap { changed[$0] } ?? mine) == other
        case (.list(let mine), .list(let others)):
            mine.count == others.count && zip(mine, others).allSatisfy { $0.agrees(with: $1, but: changed) }
        case (.mapping(let mine), .mapping(let others)):
            mine.count == others.count
                && zip(mine, others).allSatisfy { $0.name == $1.name && $0.node.agrees(with: $1.node, but: changed) }
        default: false
        }
    }
}
