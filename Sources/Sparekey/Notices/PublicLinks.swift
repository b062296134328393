/// Addresses that people are given. They come from the setting `public_url` or the domain of the set-up, never from what a
/// request says of itself.
public struct PublicLinks: Sendable {
    /// Without a slash at the end.
    public let base: String

    public init(base: String) {
        self.base = base
    }

    public var isHTTPS: Bool { base.hasPrefix("https://") }

    /// The token stands behind `#`, so that no server and no proxy ever sees it (SEC-14).
    public func resetPassword(token: String) -> String {
        "\(base)/reset-password#\(token)"
    }

    /// The one-time link of a first start.
    public func setUp(token: String) -> String {
        "\(base)/setup#\(token)"
    }
}
