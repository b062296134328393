import HTTPTypes
import Hummingbird
import NIOCore

@testable import Sparekey
@testable import SparekeyServer

/// What browsers and proxies send beside a body: lines of `Name: value`; the first line is the path, with what a page is asked
/// for. Nothing that was not issued opens, and an address comes from a trusted proxy alone.
enum Headers {
    private static let key: InstanceKey = {
        guard let key = InstanceKey(Array(repeating: 7, count: InstanceKey.length)) else {
            preconditionFailure("no key")
        }
        return key
    }()
    private static let proxies = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"].compactMap(AddressRange.init)
    private static let steps = BrowserSteps(key: key, clock: SystemWallClock())

    static func judge(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard let request = request(lines) else { return }
        for base in ["http://127.0.0.1:8080", "https://diy.example.com"] {
            judge(cookies: BrowserCookies(place: PublicPlace(PublicLinks(base: base))), request)
        }
        hold(
            (request.bearer.flatMap { SessionSecret(text: $0) }?.shownOnce).map { isHexadecimal($0) } ?? true,
            "a secret of another form")
        _ = (request.isJSON, request.isForm)
        let asked = refuses(Problem.self) { try AuditQuery(request) }
        if let asked { _ = refuses(Problem.self) { try asked.filter() } }
        hold(
            DeviceName(request.headers[.userAgent]).map { isShowable($0.text) && $0.text.count <= 80 } ?? true,
            "a device's name that a terminal obeys")
        judge(addresses: request)
    }

    private static func request(_ lines: [Substring]) -> Request? {
        var headers = HTTPFields()
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = HTTPField.Name(String(parts[0])) else { continue }
            headers.append(HTTPField(name: name, value: String(parts[1].drop { $0 == " " })))
        }
        let head = HTTPRequest(
            method: .get, scheme: "http", authority: "files.example.org", path: lines.first.map(String.init) ?? "/",
            headerFields: headers)
        return Request(head: head, body: RequestBody(buffer: ByteBuffer()))
    }

    private static func judge(cookies: BrowserCookies, _ request: Request) {
        if let secret = cookies.session(request) { hold(isHexadecimal(secret.shownOnce), "a secret of another form") }
        if let device = cookies.device(request) {
            hold(device.text.utf8.count == 96, "a device of another form")
            hold(!device.isGenuine(for: "ada", key: key), "a device that was never issued")
        }
        hold(
            cookies.visitor(request).map { $0.utf8.count == 32 && isHexadecimal($0) } ?? true,
            "a visitor of another form")
        for step in BrowserSteps.Step.allCases {
            guard let sealed = cookies.step(step, request) else { continue }
            hold(steps.open(sealed, for: step) == nil, "a step that was never kept")
            hold(!FormTokens(key).isValid(sealed, for: .visitor(sealed)), "a form's token that was never given")
        }
    }

    private static func judge(addresses request: Request) {
        let resolver = CallerAddress(trusted: proxies)
        for peer in ["127.0.0.1", "192.0.2.7", "fd00::1", "2001:db8::1"] {
            guard let address = try? SocketAddress(ipAddress: peer, port: 80) else { continue }
            guard let found = resolver.resolve(peer: address, headers: request.headers) else {
                preconditionFailure("no address of a peer that has one")
            }
            hold(AddressBytes(found)?.text == found, "an address that is none")
            let isProxy = AddressBytes(peer).map(resolver.isTrusted) ?? false
            hold(isProxy || found == peer, "an address that a stranger made up")
            for origin in request.headers[values: .origin] {
                _ = OwnOrigins(base: "https://files.example.org").contains(origin, at: address)
            }
        }
    }

    private static func isHexadecimal(_ text: String) -> Bool { [UInt8](hexadecimal: text) != nil }
}
