public import Sparekey
import Synchronization

/// A delivery channel that keeps what it was given, for a test to look at.
public final class CapturedNotices: CodeDelivery {
    private let captured = Mutex<[CodeNotice]>([])
    private let fails: Bool

    /// - Parameter fails: whether it refuses every notice, after keeping it.
    public init(fails: Bool = false) {
        self.fails = fails
    }

    public var all: [CodeNotice] { captured.withLock(\.self) }

    /// The codes, in the order they came.
    public var codes: [String] {
        all.compactMap { if case .code(let code, _, _) = $0.content { code.shownOnce } else { nil } }
    }

    public func deliver(_ notice: CodeNotice) async throws {
        captured.withLock { $0.append(notice) }
        if fails { throw Refused() }
    }

    private struct Refused: Error {}
}
