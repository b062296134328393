import Glibc

/// The modes of a terminal while a question is up: nothing is echoed, keys arrive one by one, no key raises a signal.
enum PromptModes {
    // One terminal, one set of signal handlers: a second question in this process waits for the first.
    nonisolated(unsafe) private static let turn: UnsafeMutablePointer<pthread_mutex_t> = {
        let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        return mutex
    }()

    /// Runs `body` in these modes and puts back the ones before, bit for bit, however `body` or the process ends
    /// (SIGKILL excepted).
    ///
    /// Throws `TerminalClosed` if the terminal takes no modes, and what `body` throws. Not reentrant.
    static func hold<Answer>(_ descriptor: Int32, _ body: () throws -> Answer) throws -> Answer {
        pthread_mutex_lock(turn)
        defer { pthread_mutex_unlock(turn) }
        var before = termios()
        guard tcgetattr(descriptor, &before) == 0 else { throw TerminalClosed() }
        let during = silent(before)
        // Handlers before modes, modes back before handlers: no moment is left in which a signal leaves a silent terminal.
        let signals = PromptSignals(descriptor: descriptor, before: before, during: during)
        defer { signals.restore() }
        defer { set(before, on: descriptor) }
        set(during, on: descriptor)
        guard isSilent(descriptor) else { throw TerminalClosed() }
        return try body()
    }

    private static func silent(_ before: termios) -> termios {
        var modes = before
        modes.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG | IEXTEN)
        modes.c_iflag &= ~tcflag_t(ICRNL | INLCR | IGNCR | ISTRIP | IXON | PARMRK | BRKINT)
        modes.c_oflag |= tcflag_t(OPOST | ONLCR)
        withUnsafeMutableBytes(of: &modes.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
        }
        return modes
    }

    /// TCSADRAIN, not TCSAFLUSH: what was typed ahead, or pasted for several questions, must not be lost.
    private static func set(_ modes: termios, on descriptor: Int32) {
        var modes = modes
        while tcsetattr(descriptor, TCSADRAIN, &modes) != 0, errno == EINTR {}
    }

    /// `tcsetattr` reports success if any part of the change worked; a password needs the part that silences.
    private static func isSilent(_ descriptor: Int32) -> Bool {
        var modes = termios()
        return tcgetattr(descriptor, &modes) == 0 && modes.c_lflag & tcflag_t(ECHO | ICANON) == 0
    }
}
