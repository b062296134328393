import Glibc
import PasswordHashing
import Sparekey

/// The terminal a person sits at: asks and is answered there, whatever standard input and output are connected to.
///
/// Blocks the calling thread while it waits; use it from one task. Needs no `HOME`, `LANG` or `TERM`: a prompt writes text,
/// carriage return, line feed, backspace and space only. However a prompt ends, the terminal's modes are what they were.
final class Terminal {
    /// The most bytes of one answer (SEC-6).
    static let longestAnswer = 1_024

    private let descriptor: Int32
    private let closesDescriptor: Bool
    private var keys: TerminalKeys
    private var isConversing = false

    /// A terminal on an open descriptor, readable and writable.
    init(descriptor: Int32, closesDescriptor: Bool = false) {
        self.descriptor = descriptor
        self.closesDescriptor = closesDescriptor
        keys = TerminalKeys(descriptor: descriptor)
    }

    deinit {
        if closesDescriptor { close(descriptor) }
    }

    /// The terminal that controls this process; without one, standard input if it is a terminal; else nil.
    static func open() -> Terminal? {
        let controlling = Glibc.open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        if controlling >= 0 { return Terminal(descriptor: controlling, closesDescriptor: true) }
        guard isatty(STDIN_FILENO) == 1, fcntl(STDIN_FILENO, F_GETFL) & O_ACCMODE == O_RDWR else { return nil }
        return Terminal(descriptor: STDIN_FILENO)
    }

    /// Writes `line` and a line end. Text from outside has to be a `DisplayText` before it gets here.
    ///
    /// A terminal that is gone is not reported here: the next question throws `TerminalClosed`.
    func say(_ line: String) {
        write(line + "\n")
    }

    /// Asks for a line that is shown as it is typed. Backspace, Ctrl-W and Ctrl-U erase a character, a word, the line.
    ///
    /// The answer is what was typed, neither trimmed nor normalised; a tab became a space.
    /// Throws `TerminalInterrupted`, `TerminalClosed` or `TerminalAnswerTooLong`.
    func ask(_ prompt: String) throws -> String {
        let line = VisibleLine(limit: Self.longestAnswer)
        try edit(line, prompt: prompt)
        return line.text
    }

    /// Asks for a password: one `*` a character, the bytes exactly as typed or pasted, in memory that is wiped.
    ///
    /// Of a paste of several lines the first is the answer, the others are left for the next questions.
    /// Throws `TerminalInterrupted`, `TerminalClosed` or `TerminalAnswerTooLong`.
    func askHidden(_ prompt: String) throws -> Password {
        let line = HiddenLine(limit: Self.longestAnswer)
        try edit(line, prompt: prompt)
        return line.password
    }

    /// Asks `question (y/n): `. Only y and yes, in any case, mean yes.
    ///
    /// Throws `TerminalInterrupted`, `TerminalClosed` or `TerminalAnswerTooLong`.
    func confirm(_ question: String) throws -> Bool {
        let answer = try ask("\(question) (y/n): ").lowercased()
        return answer == "y" || answer == "yes"
    }

    /// Keeps the terminal silent between the questions of `body` too, so that what is typed or pasted ahead of a hidden
    /// question is not shown by the terminal itself.
    ///
    /// Ctrl-C takes effect at the next question: keep slow work outside.
    func conversation<Answer>(_ body: () throws -> Answer) throws -> Answer {
        if isConversing { return try body() }
        isConversing = true
        defer { isConversing = false }
        return try PromptModes.hold(descriptor, body)
    }
}

// MARK: - Editing a line

extension Terminal {
    private func edit(_ line: any TerminalLine, prompt: String) throws {
        try conversation {
            write(prompt)
            // Also after a Ctrl-C or Ctrl-D: what is said next begins on a line of its own.
            defer { write("\n") }
            do {
                try collect(line, prompt: prompt)
            } catch is TerminalInterrupted {
                // What was typed after the Ctrl-C was meant for nobody, least of all for the shell.
                tcflush(descriptor, TCIFLUSH)
                throw TerminalInterrupted()
            }
        }
        if line.isTooLong { throw TerminalAnswerTooLong(limit: Self.longestAnswer) }
    }

    private func collect(_ line: any TerminalLine, prompt: String) throws {
        while true {
            let before = line.shown
            switch try keys.next() {
            case .enter: return
            case .interrupt: throw TerminalInterrupted()
            case .endOfInput: if line.isEmpty { throw TerminalClosed() }
            case .byte(let byte): line.append(byte)
            case .erase: line.eraseCharacter()
            case .eraseWord: line.eraseWord()
            case .eraseLine: line.eraseAll()
            }
            show(line.shown, instead: before, prompt: prompt)
        }
    }

    /// Changes the end of the line on the screen from `before` to `after`.
    private func show(_ after: String, instead before: String, prompt: String) {
        let (old, new) = (before.unicodeScalars, after.unicodeScalars)
        let kept = zip(old, new).prefix { $0 == $1 }.count
        let gone = old.dropFirst(kept).reduce(0) { $0 + DisplayText.columns(of: $1) }
        if kept < old.count, isFolded(prompt: prompt, before: before, gone: gone) {
            // A backspace does not climb to the line above: start again below.
            write("\n" + prompt + after)
        } else {
            write(String(repeating: "\u{8} \u{8}", count: gone) + String(new.dropFirst(kept)))
        }
    }

    private func isFolded(prompt: String, before: String, gone: Int) -> Bool {
        let end = DisplayText(prompt, limit: 1_000).columns + DisplayText.columns(of: before)
        return (end - gone) / width != end / width
    }

    /// Columns of a line; 80 where the terminal does not say. Read anew each time: a window may be resized.
    private var width: Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    private func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wanted, 1, -1)
            } else if errno != EINTR {
                return
            }
        }
    }
}
