import Glibc

/// What signals do while a question is up; `restore` puts back what they did before.
///
/// - INT, TERM, HUP and QUIT restore the terminal, end the line and end the process with 128 + the signal's number. One
///   that was ignored (`nohup`) stays ignored.
/// - TSTP is ignored, as Ctrl-Z is.
/// - CONT after a stop that nobody can refuse silences the terminal again: the shell has meanwhile set modes of its own.
struct PromptSignals {
    private var previous: [(signal: Int32, action: sigaction)] = []

    init(descriptor: Int32, before: termios, during: termios) {
        HeldTerminal.shared.initialize(to: HeldTerminal(descriptor: descriptor, before: before, during: during))
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { replace(signal, by: endProcess, unlessIgnored: true) }
        replace(SIGTSTP, by: SIG_IGN)
        replace(SIGCONT, by: silenceAgain)
    }

    func restore() {
        for entry in previous {
            var action = entry.action
            sigaction(entry.signal, &action, nil)
        }
    }

    private mutating func replace(_ signal: Int32, by handler: @escaping SignalHandler, unlessIgnored: Bool = false) {
        var old = sigaction()
        sigaction(signal, nil, &old)
        let address = unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self)
        if unlessIgnored, address == unsafeBitCast(SIG_IGN, to: Int.self) { return }
        var action = sigaction()
        action.__sigaction_handler.sa_handler = handler
        action.sa_flags = SA_RESTART
        sigemptyset(&action.sa_mask)
        sigaction(signal, &action, nil)
        previous.append((signal, old))
    }
}

private typealias SignalHandler = @convention(c) (Int32) -> Void

/// What the handlers need, in memory that is in place before they are installed: a handler may neither allocate nor lock.
private struct HeldTerminal {
    let descriptor: Int32
    let before: termios
    let during: termios

    // Written under `PromptModes`' turn while no handler is installed; reading a `let` that has been initialised
    // is one atomic load.
    nonisolated(unsafe) static let shared = UnsafeMutablePointer<HeldTerminal>.allocate(capacity: 1)
}

/// Calls `tcsetattr`, `write` and `_exit` only: async-signal-safe (POSIX.1-2017, 2.4.3). TCSANOW, because a terminal whose
/// output is stopped would keep the process from ending.
private func endProcess(_ signal: Int32) {
    var before = HeldTerminal.shared.pointee.before
    tcsetattr(HeldTerminal.shared.pointee.descriptor, TCSANOW, &before)
    var lineEnd: UInt8 = 0x0A
    write(HeldTerminal.shared.pointee.descriptor, &lineEnd, 1)
    _exit(128 + signal)
}

/// From the background, SIGTTOU stops the process again here, as it should: the terminal is somebody else's.
private func silenceAgain(_ signal: Int32) {
    let error = errno
    var during = HeldTerminal.shared.pointee.during
    tcsetattr(HeldTerminal.shared.pointee.descriptor, TCSANOW, &during)
    errno = error
}
