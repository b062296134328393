import Foundation
import Sparekey
import Synchronization

/// A line on stderr about work that takes longer than a second: first after a second, then each second.
///
/// On a terminal it is one line that is written over and gone before anything else is said. Elsewhere it is plain lines,
/// fewer the longer the work takes, so that a log stays readable.
final class ProgressLine: Sendable {
    /// Ends the waiting between two lines by throwing.
    typealias Beat = @Sendable () async throws -> Void

    private struct State {
        var note: String?
        var beats = 0
        /// Columns on the terminal's line.
        var shown = 0
        var isOver = false
    }

    private let work: String
    private let isTerminal: Bool
    private let write: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// - Parameter work: what is being done, as in `Checking the audit trail`.
    init(_ work: String, isTerminal: Bool, write: @escaping @Sendable (String) -> Void) {
        self.work = work
        self.isTerminal = isTerminal
        self.write = write
    }

    /// How far it is, as in `42 %`. Cheap, and may be called from any thread; shown with the next beat. Until the first
    /// one the seconds are shown.
    func note(_ text: String) {
        state.withLock { $0.note = text }
    }

    /// Shows lines while `body` runs, and none afterwards.
    func during<Answer>(
        beat: @escaping Beat = { try await Task.sleep(for: .seconds(1)) }, _ body: () async throws -> Answer
    ) async throws -> Answer {
        async let _: Void = keepShowing(beat)
        defer { finish() }
        return try await body()
    }

    private func keepShowing(_ beat: Beat) async {
        while !Task.isCancelled {
            do { try await beat() } catch { return }
            show()
        }
    }

    private func show() {
        state.withLock { state in
            guard !state.isOver else { return }
            state.beats += 1
            let text = DisplayText("\(work): \(state.note ?? "\(state.beats) s")", limit: 400)
            if isTerminal {
                state.shown = max(state.shown, min(text.columns, Self.widest))
                write("\r" + text.fitted(to: state.shown))
            } else if Self.isWorthALine(state.beats) {
                write(text.text + "\n")
            }
        }
    }

    /// Needs no escape sequence, so that any terminal does it.
    private func finish() {
        state.withLock { state in
            state.isOver = true
            if state.shown > 0 { write("\r" + String(repeating: " ", count: state.shown) + "\r") }
        }
    }

    /// The last column stays empty: some terminals go on in the next line when it is written.
    private static let widest = 79

    /// After 1, 2, 4, 8, … seconds, and each minute.
    private static func isWorthALine(_ beats: Int) -> Bool {
        beats & (beats - 1) == 0 || beats.isMultiple(of: 60)
    }
}

extension Output {
    /// Does `body`, and says on stderr how far it is when that takes longer than a second; not with `--quiet` or `--json`.
    ///
    /// `body` itself says nothing: its words would end up behind the line.
    func working<Answer>(_ work: String, _ body: (ProgressLine) async throws -> Answer) async throws -> Answer {
        let progress = ProgressLine(work, isTerminal: isatty(STDERR_FILENO) == 1) { text in
            // A standard error that is closed keeps nobody from a recovery.
            try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
        }
        guard showsProgress else { return try await body(progress) }
        return try await progress.during { try await body(progress) }
    }
}
