/// What one page shows: a value that a handler fills and a template prints. It holds texts, addresses and truth values; the
/// template holds nothing but if and each. Only stored properties reach a template.
protocol Page: Sendable {
    /// The name of its template, without `.mustache`.
    static var template: String { get }
    /// Of the window; the product's name follows.
    var title: String { get }
    /// Whether it needs more room than a form does.
    static var isWide: Bool { get }
    /// Files beside the script that every page has.
    static var scripts: [String] { get }
    /// Who is signed in, for the head of the page; nil leaves it out.
    var person: PagePerson? { get }
}

extension Page {
    static var isWide: Bool { false }
    static var scripts: [String] { [] }
    var person: PagePerson? { nil }
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
