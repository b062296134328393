import Sparekey
import Synchronization

/// How often a session may ask how strong a password is: as fast as somebody types, and no faster. Each answer costs a few
/// milliseconds.
final class StrengthPace: Sendable {
    private struct Window {
        let began: Timestamp
        var count: Int
    }

    private static let atMost = 240
    private static let length = Duration.seconds(60)
    /// Sessions that are remembered; beyond, the old ones are let go.
    private static let sessions = 1_000

    private let windows = Mutex<[String: Window]>([:])

    /// - Parameter session: its id.
    func admits(_ session: String, now: Timestamp) -> Bool {
        windows.withLock { windows in
            if windows.count >= Self.sessions { windows = windows.filter { now < $0.value.began + Self.length } }
            let known = windows[session].flatMap { now < $0.began + Self.length ? $0 : nil }
            var window = known ?? Window(began: now, count: 0)
            window.count += 1
            windows[session] = window
            return window.count <= Self.atMost
        }
    }
}
