import Hummingbird
import Mustache
import NIOCore
import SparekeyAssets

/// Turns page models into answers.
struct PageRenderer: Sendable {
    private let library: MustacheLibrary
    let assets: AssetTable

    /// A template that cannot be read is a bug of ours, and every test that opens a page finds it.
    init() {
        var templates: [String: MustacheTemplate] = [:]
        for (name, bytes) in SparekeyAssets.files where name.hasSuffix(".mustache") {
            do {
                let text = String(decoding: bytes, as: UTF8.self)
                templates[String(name.dropLast(".mustache".count))] = try MustacheTemplate(string: text)
            } catch {
                preconditionFailure("the template \(name) cannot be read: \(error)")
            }
        }
        library = MustacheLibrary(templates: templates)
        assets = AssetTable(SparekeyAssets.files)
    }

    func response<Model: Page>(_ page: Model, for browser: Browser, status: HTTPResponse.Status = .ok) -> Response {
        let frame = PageFrame(
            page: page, title: "\(page.title) · \(Texts.product)", width: Model.isWide ? "wide" : "narrow",
            person: page.person, formToken: browser.formToken, stylesheet: assets.url("site.css"),
            script: assets.url("site.js"), moreScripts: Model.scripts.map(assets.url), icon: assets.url("icon.svg"))
        guard let fields = TemplateFields.of(frame), let text = library.render(fields, withTemplate: Model.template)
        else {
            preconditionFailure("there is no template \(Model.template)")
        }
        return Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

extension Response {
    /// 303: the browser goes on with GET, so that reloading does not send a form twice.
    static func seeOther(_ url: SiteURL) -> Response {
        Response(status: .seeOther, headers: [.location: url.path])
    }
}

/// What the layout prints around a page.
private struct PageFrame<Model: Page>: Sendable {
    let page: Model
    let title: String
    let width: String
    let person: PagePerson?
    let formToken: String
    let stylesheet: String
    let script: String
    let moreScripts: [String]
    let icon: String
    let product = Texts.product
    let skipText = Texts.Head.skip
    let homeURL = SiteURL.home.path
}
