import Foundation
import Sparekey

/// Where a command's words go: stdout carries the answer and nothing else, stderr the talk (interface.md, Streams).
///
/// Every line is cleaned of control and bidirectional characters here, whatever it was made from (SEC-8).
final class Output {
    let json: Bool
    private let quiet: Bool
    private let style: TerminalStyle
    /// Whether lines that are longer than a screen's are wrapped: on a terminal, where nobody searches through them.
    private let wraps = isatty(STDOUT_FILENO) == 1
    /// What was warned of, for the `warnings` of a JSON answer.
    private(set) var warnings: [String] = []

    init(json: Bool, quiet: Bool, noColor: Bool) {
        self.json = json
        self.quiet = quiet
        style = TerminalStyle(descriptor: STDERR_FILENO, noColor: noColor)
    }

    /// One line of the answer.
    ///
    /// - Throws: ``CommandFailure`` with status 73 when it could not be written: a password that nobody got to see is not
    ///   delivered.
    func answer(_ line: String) throws {
        try answer(whole: clean(line))
    }

    /// One line of the answer; on a terminal in lines of 80 columns, of which all but the first are indented.
    ///
    /// - Throws: as ``answer(_:)-(String)``.
    func answer(_ line: String, indent: Int) throws {
        guard wraps else { return try answer(line) }
        for part in WrappedText(clean(line), indent: indent).lines { try answer(whole: part) }
    }

    func answer(_ document: JSONValue) throws {
        try answer(whole: document.line())
    }

    /// Several lines that hold nothing from outside: a script of our own, tabs and all.
    ///
    /// - Throws: as ``answer(_:)-(String)``.
    func answer(script: String) throws {
        try answer(whole: script)
    }

    private func answer(whole line: String) throws {
        guard write(line, to: STDOUT_FILENO) else {
            throw CommandFailure(
                .notWritten, "standard output cannot be written",
                hint: "what was done stays done: see sparekey resets list")
        }
    }

    /// A line of the trail, fit for `logger`; stays with `--quiet` (LST-5).
    func trail(_ line: String) {
        write("[CLI] " + clean(line), to: STDERR_FILENO)
    }

    /// What was done, for a person, where stdout holds a password.
    func report(_ line: String) {
        write(clean(line), to: STDERR_FILENO)
    }

    /// What to do next; not with `--quiet`.
    func advise(_ line: String) {
        if !quiet { write(clean(line), to: STDERR_FILENO) }
    }

    /// Whether work that takes long is talked about while it lasts.
    var showsProgress: Bool { !quiet && !json }

    func warn(_ line: String) {
        let line = clean(line)
        warnings.append(line)
        write(style.yellow("warning:") + " " + line, to: STDERR_FILENO)
    }

    func fail(_ failure: FailureText) {
        for line in lines(of: failure) { write(line, to: STDERR_FILENO) }
    }

    /// What ``fail(_:)`` writes, without line ends.
    func lines(of failure: FailureText) -> [String] {
        guard json else {
            return [style.red("error:") + " " + clean(failure.reason)] + failure.details.map { "  - " + clean($0) }
                + (failure.hint.map { ["hint: " + clean($0)] } ?? [])
        }
        let error: [String: JSONValue] = [
            "code": .integer(Int64(failure.status.rawValue)),
            "message": .string(([failure.reason] + failure.details).map(clean).joined(separator: ": ")),
            "hint": .optional(failure.hint.map(clean)),
        ]
        return (try? JSONValue.object(["error": .object(error)]).line()).map { [$0] } ?? []
    }

    private func clean(_ line: String) -> String {
        DisplayText(line, limit: 4096).text
    }

    /// Straight to the descriptor: nothing waits in a buffer when the process is killed.
    @discardableResult
    private func write(_ line: String, to descriptor: Int32) -> Bool {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return false }
            bytes = bytes.dropFirst(written)
        }
        return true
    }
}
