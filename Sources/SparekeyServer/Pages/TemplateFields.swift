import Mustache

/// A page model as templates read it, reflected once. Left to itself the library reflects on the whole model again at
/// each name that a template prints: a page of accounts spent nine tenths of its time there.
struct TemplateFields: MustacheParent {
    private let values: [String: Any]

    func child(named name: String) -> Any? { values[name] }

    /// nil for an optional that holds nothing: as in the library, a name that means nothing is looked for further out.
    static func of(_ value: Any) -> Any? {
        if value is String { return value }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.flatMap { of($0.value) }
        case .collection: return mirror.children.compactMap { of($0.value) }
        case .struct: return TemplateFields(mirror)
        default: return value
        }
    }

    private init(_ mirror: Mirror) {
        var values: [String: Any] = [:]
        values.reserveCapacity(mirror.children.count)
        for (label, value) in mirror.children {
            if let label, let field = Self.of(value) { values[label] = field }
        }
        self.values = values
    }
}
