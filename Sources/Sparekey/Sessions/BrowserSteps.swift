import Foundation

/// What a browser carries from one step of a page to the next: sealed into a cookie, for minutes, so that a token stands
/// neither in a URL nor in a page nor readable among the browser's cookies (SEC-2, SEC-14).
///
/// Form: hexadecimal digits of a sealed value, which is the end of its time (8 bytes, microseconds UTC, big endian) and the
/// text. What was kept for one step does not open for another.
public struct BrowserSteps: Sendable {
    public enum Step: String, Sendable, CaseIterable {
        /// A reset token, until the new password is sent.
        case resetToken = "reset"
        /// The token of the set-up link.
        case setUpToken = "set-up"
        /// The name typed at the forgot-password page.
        case forgottenName = "forgot"
    }

    /// Long enough to think of a password, and for somebody to read a code out.
    public static let lifetime: Duration = .seconds(900)
    /// Characters that are kept of a text; no account's name is longer.
    private static let limit = 320

    private let seal: Seal
    private let clock: any WallClock

    public init(key: InstanceKey, clock: any WallClock) {
        seal = Seal(key)
        self.clock = clock
    }

    public func keep(_ text: String, for step: Step) throws -> String {
        let kept = String(text.unicodeScalars.prefix(Self.limit))
        let end = (clock.now + Self.lifetime).microseconds
        let plain = withUnsafeBytes(of: end.bigEndian) { Data($0) } + Data(kept.utf8)
        return try seal.seal(plain, for: Self.row(step)).hexadecimal
    }

    /// - Returns: nil for what is over, was kept for another step, or was never kept here.
    public func open(_ text: String, for step: Step) -> String? {
        guard text.utf8.count <= 4096, let sealed = [UInt8](hexadecimal: text),
            let plain = try? Array(seal.open(sealed, for: Self.row(step))), plain.count >= 8
        else { return nil }
        let end = plain.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard Int64(bitPattern: end) > clock.now.microseconds else { return nil }
        return String(bytes: plain.dropFirst(8), encoding: .utf8)
    }

    private static func row(_ step: Step) -> String { "browser/\(step.rawValue)" }
}
