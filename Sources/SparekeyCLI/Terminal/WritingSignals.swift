import Glibc

/// What INT, TERM, HUP and QUIT do while a password is being written: they end the process as ever, with 128 + the signal's
/// number, and say that it may have been changed. Nobody could see from outside on which side of the commit it was.
enum WritingSignals {
    // In place before the handlers are installed: a handler may neither allocate nor lock. Written by one command at a time.
    nonisolated(unsafe) fileprivate static var words = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)

    /// - Parameter text: written to standard error where `body` does not come to its end, line end and all.
    static func saying<Value>(_ text: String, _ body: () async throws -> Value) async rethrows -> Value {
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
        _ = bytes.initialize(from: text.utf8)
        words = bytes
        var signals = SignalActions()
        for signal in SignalActions.ending { signals.replace(signal, by: endProcess, unlessIgnored: true) }
        // The bytes stay: a handler may be running now, and the process is about to end anyhow.
        defer { signals.restore() }
        return try await body()
    }
}

/// Calls `write` and `_exit` only: async-signal-safe (POSIX.1-2017, 2.4.3).
private func endProcess(_ signal: Int32) {
    _ = write(STDERR_FILENO, WritingSignals.words.baseAddress, WritingSignals.words.count)
    _exit(128 + signal)
}
