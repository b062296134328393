import Glibc

/// What signals do while a question is up; `restore` puts back what they did before.
///
/// - INT, TERM, HUP and QUIT restore the terminal, end the line and end the process with 128 + the signal's number.
/// - TSTP is ignored, as Ctrl-Z is.
/// - CONT after a stop that nobody can refuse silences the terminal again: the shell has meanwhile set modes of its own.
struct PromptSignals {
    private var actions = SignalActions()

    init(descriptor: Int32, before: termios, during: termios) {
        HeldTerminal.shared.initialize(to: HeldTerminal(descriptor: descriptor, before: before, during: during))
        for signal in SignalActions.ending { actions.replace(signal, by: endProcess, unlessIgnored: true) }
        actions.replace(SIGTSTP, by: SIG_IGN)
        actions.replace(SIGCONT, by: silenceAgain)
    }

    func restore() {
        actions.restore()
    }
}

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
