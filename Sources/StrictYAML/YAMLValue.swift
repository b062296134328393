/// A YAML document of which only one reading is possible: mappings, lists and single values, each with its line.
public indirect enum YAMLValue: Sendable {
    case scalar(YAMLScalar)
    case list([YAMLValue], line: Int)
    case mapping([YAMLMember], line: Int)

    /// Counted from 1.
    public var line: Int {
        switch self {
        case .scalar(let scalar): scalar.line
        case .list(_, let line), .mapping(_, let line): line
        }
    }
}

/// One value as it was written; nothing guesses its type.
public struct YAMLScalar: Sendable {
    public let text: String
    /// Whether it stood in quotes, or in a block: then it is text whatever it looks like.
    public let isQuoted: Bool
    public let line: Int
    /// Where it begins in its line, counted from 1 in Unicode scalars; 0 where that is not known.
    public let column: Int

    public init(text: String, isQuoted: Bool, line: Int, column: Int = 0) {
        self.text = text
        self.isQuoted = isQuoted
        self.line = line
        self.column = column
    }

    /// Nothing, `~` or `null`, unquoted.
    public var isNull: Bool { !isQuoted && ["", "~", "null"].contains(text) }
}

/// A key and what stands behind it.
public struct YAMLMember: Sendable {
    public let key: String
    public let value: YAMLValue
    /// The key's own line.
    public let line: Int

    public init(key: String, value: YAMLValue, line: Int) {
        self.key = key
        self.value = value
        self.line = line
    }
}

/// What a document may not be. It never quotes the document beyond a key: it may hold secrets.
public struct YAMLFault: Error, Sendable {
    /// 0 where the fault has no line of its own.
    public let line: Int
    /// Lower case, no full stop.
    public let what: String

    init(_ line: Int, _ what: String) {
        self.line = line
        self.what = what
    }
}
