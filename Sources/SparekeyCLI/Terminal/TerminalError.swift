/// The person pressed Ctrl-C at a prompt. The terminal is already as it was; nothing was answered.
struct TerminalInterrupted: Error, Equatable {}

/// The terminal is gone (hung up), or the person pressed Ctrl-D on an empty line. No answer will come.
struct TerminalClosed: Error, Equatable {}

/// The line was longer than a prompt takes. It was read to its end and forgotten: never cut (SEC-6).
struct TerminalAnswerTooLong: Error, Equatable, CustomStringConvertible {
    /// The most bytes a prompt takes.
    let limit: Int

    var description: String { "the answer is longer than \(limit) bytes" }
}
