import Glibc
import PasswordHashing
import Testing

@testable import SparekeyCLI

/// One after the other: signal handlers belong to the process, and a question that is up has its own.
@Suite(.serialized) enum TerminalTests {}

/// A pseudo-terminal: `terminal` is the program's side, the methods are the person's.
///
/// Tests type inside `terminal.conversation`, so that the keys meet the silent modes; no thread and no wait is needed.
final class TerminalPair {
    let terminal: Terminal
    private let person: Int32
    private let program: Int32

    struct Unavailable: Error {}

    init(columns: UInt16 = 80) throws {
        person = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        // TIOCSPTLCK and TIOCGPTN, which are what unlockpt and ptsname do.
        var (locked, number): (CInt, CUnsignedInt) = (0, 0)
        guard person >= 0, ioctl(person, 0x4004_5431, &locked) == 0, ioctl(person, 0x8004_5430, &number) == 0 else {
            throw Unavailable()
        }
        program = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard program >= 0 else { throw Unavailable() }
        var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(program, UInt(TIOCSWINSZ), &size)
        terminal = Terminal(descriptor: program)
    }

    deinit {
        close(program)
        close(person)
    }

    func type(_ keys: String) {
        type(Array(keys.utf8))
    }

    func type(_ keys: [UInt8]) {
        _ = write(person, keys, keys.count)
    }

    /// What the screen was sent since the last call: all of it, told by a mark that is sent last.
    func screen() -> String {
        var mark: UInt8 = 0x01
        _ = write(program, &mark, 1)
        var collected: [UInt8] = []
        var byte: UInt8 = 0
        while read(person, &byte, 1) == 1, byte != mark { collected.append(byte) }
        return String(decoding: collected, as: UTF8.self)
    }

    /// The modes, every byte of them.
    func modes() -> [UInt8] {
        var modes = termios()
        tcgetattr(program, &modes)
        return withUnsafeBytes(of: &modes) { Array($0) }
    }

    var echoes: Bool {
        var modes = termios()
        tcgetattr(program, &modes)
        return modes.c_lflag & tcflag_t(ECHO) != 0
    }

    /// The bytes of the password that `keys` give.
    func hidden(_ keys: String) throws -> [UInt8] {
        try hidden(Array(keys.utf8))
    }

    func hidden(_ keys: [UInt8]) throws -> [UInt8] {
        try terminal.conversation {
            type(keys)
            return try terminal.askHidden("Enter new password: ").bytes
        }
    }

    /// The answer that `keys` give.
    func answer(_ keys: String) throws -> String {
        try terminal.conversation {
            type(keys)
            return try terminal.ask("Enter user email: ")
        }
    }
}

extension Password {
    var bytes: [UInt8] { withUnsafeBytes { Array($0) } }
}
