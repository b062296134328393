/// What one page shows: a value that a handler fills and a template prints. It holds texts, addresses and truth values; the
/// template holds nothing but if and each. Only stored properties reach a template.
protocol Page: Sendable {
    /// The name of its template, without `.mustache`.
    static var template: String { get }
    /// Of the window; the product's name follows.
    var title: String { get }
    /// Whether it needs more room than a form does.
    static var isWide: Bool { get }
    /// Who is signed in, for the head of the page; nil leaves it out.
    var person: PagePerson? { get }
    /// The file name of a script of its own, beside the one that every page has.
    static var script: String? { get }
}

extension Page {
    static var isWide: Bool { false }
    var person: PagePerson? { nil }
    static var script: String? { nil }
}

/// A link as a template prints it.
struct PageLink: Sendable {
    let text: String
    let url: String

    init(_ text: String, _ url: SiteURL) {
        self.text = text
        self.url = url.path
    }
}
