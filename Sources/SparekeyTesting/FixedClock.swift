public import Sparekey
import Synchronization

/// A clock that stands still until a test moves it.
public final class FixedClock: WallClock {
    private let time: Mutex<Timestamp>

    /// Starts on 2026-01-01.
    public init(_ start: Timestamp = Timestamp(microseconds: 1_767_225_600_000_000)) {
        time = Mutex(start)
    }

    public var now: Timestamp { time.withLock(\.self) }

    public func advance(by duration: Duration) {
        time.withLock { $0 = $0 + duration }
    }
}
