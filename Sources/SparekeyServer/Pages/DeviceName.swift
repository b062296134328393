import Sparekey

/// What a client calls itself, in words for its owner: `Firefox on Linux`. What is not known is shown as it calls itself.
struct DeviceName: Sendable {
    let text: String

    /// - Returns: nil where the client said nothing.
    init?(_ userAgent: String?) {
        guard let userAgent, !userAgent.isEmpty else { return nil }
        let browser = Self.browsers.first { userAgent.contains($0.mark) }?.name
        let system = Self.systems.first { userAgent.contains($0.mark) }?.name
        text =
            switch (browser, system) {
            case (let browser?, let system?): "\(browser) on \(system)"
            case (let browser?, nil): browser
            default: DisplayText(userAgent, limit: 80).text
            }
    }

    // Those that pretend to be another one stand before it.
    private static let browsers: [(mark: String, name: String)] = [
        ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
        ("HeadlessChrome/", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ]
    private static let systems: [(mark: String, name: String)] = [
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ]
}
