import Foundation
import Glibc
import Sparekey
import SparekeyStore

/// The first start (LST-4): a link on the console, which makes the first administrator in a browser.
extension Instance {
    var setUpWithLink: SetUpWithLink {
        SetUpWithLink(
            register: store, limits: tryLimits, judge: judge, addAccount: addAccount, key: store.key, clock: clock)
    }

    /// Prints a link while the database has never held an account. Never into the system journal, and not where codes go to
    /// an inbox: who may read those should not become an administrator by it.
    func offerSetUp(_ links: PublicLinks) async throws {
        let offer = OfferSetUp(register: store, key: store.key, clock: clock, random: random)
        let form = ConsoleDelivery.Form(settings: settings, environment: ProcessInfo.processInfo.environment)
        guard form != .line else { return try await offer.withdraw() }
        guard let token = try await offer() else { return }
        let link = links.setUp(token: token.shownOnce)
        try FileHandle.standardOutput.write(
            contentsOf: Data("Set up Sparekey in a browser, once and within an hour:\n\n  \(link)\n\n".utf8))
    }
}
