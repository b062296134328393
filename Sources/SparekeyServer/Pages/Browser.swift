import Hummingbird
import Sparekey

/// What a page knows of the browser that asks for it.
struct Browser: Sendable {
    /// Stands in every form; empty where there is none to send.
    var formToken = ""
    /// What the browser kept from an earlier sign-in, unchecked.
    var device: DeviceToken?
}

/// The cookies: names, attributes, and how they are read.
///
/// With a public URL of https their names begin with `__Host-`, so that neither a neighbouring host nor plain HTTP can set
/// them (RFC 6265bis, section 4.1.3.2).
struct BrowserCookies: Sendable {
    private let place: PublicPlace

    init(place: PublicPlace) {
        self.place = place
    }

    private var isHTTPS: Bool { place.links.isHTTPS }

    func session(_ request: Request) -> SessionSecret? {
        value(.session, request).flatMap { SessionSecret(text: $0) }
    }

    func device(_ request: Request) -> DeviceToken? {
        value(.device, request).flatMap(DeviceToken.init)
    }

    /// The random value that stands for a browser that is not signed in.
    func visitor(_ request: Request) -> String? {
        value(.visitor, request).flatMap { [UInt8](hexadecimal: $0)?.count == 16 ? $0 : nil }
    }

    /// Until the browser is closed; the server's own limits end the session earlier.
    func keeping(_ secret: SessionSecret) -> Cookie { cookie(.session, secret.shownOnce) }

    func endingSession() -> Cookie { cookie(.session, "", lifetime: 0) }

    func keeping(visitor: String) -> Cookie { cookie(.visitor, visitor) }

    /// For as long as browsers keep any cookie: 400 days.
    func keeping(_ device: DeviceToken) -> Cookie { cookie(.device, device.text, lifetime: 400 * 86_400) }

    /// What one step of a page keeps for the next; unchecked.
    func step(_ step: BrowserSteps.Step, _ request: Request) -> String? { value(Name(step), request) }

    /// - Parameter sealed: what ``BrowserSteps`` made.
    func keeping(_ sealed: String, for step: BrowserSteps.Step) -> Cookie {
        cookie(Name(step), sealed, lifetime: Int(BrowserSteps.lifetime.components.seconds))
    }

    func ending(_ step: BrowserSteps.Step) -> Cookie { cookie(Name(step), "", lifetime: 0) }

    private enum Name: String {
        case session = "sparekey"
        case visitor = "sparekey-form"
        case device = "sparekey-device"
        case resetToken = "sparekey-reset"
        case setUpToken = "sparekey-set-up"
        case forgottenName = "sparekey-forgot"

        init(_ step: BrowserSteps.Step) {
            self =
                switch step {
                case .resetToken: .resetToken
                case .setUpToken: .setUpToken
                case .forgottenName: .forgottenName
                }
        }
    }

    private func value(_ name: Name, _ request: Request) -> String? {
        request.cookies[full(name)]?.value
    }

    private func full(_ name: Name) -> String { isHTTPS ? "__Host-\(name.rawValue)" : name.rawValue }

    private func cookie(_ name: Name, _ value: String, lifetime: Int? = nil) -> Cookie {
        Cookie(
            name: full(name), value: value, maxAge: lifetime, path: "/", secure: isHTTPS, httpOnly: true,
            sameSite: .lax)
    }
}
