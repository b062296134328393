import Glibc

/// What a person did at the keyboard, as far as a prompt cares.
enum TerminalKey: Equatable {
    case byte(UInt8)
    case enter
    case erase
    case eraseWord
    case eraseLine
    case interrupt
    case endOfInput
}

/// Reads keys from a terminal whose modes `PromptModes` holds.
///
/// Takes byte after byte, so that what follows a line stays in the terminal: for the next question, the next program.
/// Arrow and function keys, Alt combinations, reports and the marks around a paste are swallowed, other control
/// characters too: Ctrl-Z among them, because stopping a half-answered question leaves a shell on a silent terminal and
/// saves nobody anything.
struct TerminalKeys {
    private let descriptor: Int32
    private var pushedBack: UInt8?
    private var mayFollowReturn = false

    /// How many milliseconds a sequence may pause between two bytes: a program sends it at once, a person who pressed
    /// Escape and then something else does not.
    private static let pause: Int32 = 50

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Waits for a key. Throws `TerminalClosed` when there is no terminal any more.
    mutating func next() throws -> TerminalKey {
        while true {
            if let key = key(for: try nextByte()) { return key }
        }
    }

    private mutating func key(for byte: UInt8) -> TerminalKey? {
        let followsReturn = mayFollowReturn
        mayFollowReturn = false
        switch byte {
        case 0x0A: return followsReturn ? nil : .enter
        case 0x0D:
            // A pasted CR LF is one line end, not an answer and an empty one.
            mayFollowReturn = isReadable(within: Self.pause)
            return .enter
        case 0x03: return .interrupt
        case 0x04: return .endOfInput
        case 0x08, 0x7F: return .erase
        case 0x15: return .eraseLine
        case 0x17: return .eraseWord
        case 0x1B:
            skipSequence()
            return nil
        case 0x09, 0x20...: return .byte(byte)
        default: return nil
        }
    }
}

// MARK: - Sequences

extension TerminalKeys {
    private mutating func skipSequence() {
        guard let first = nextOfSequence() else { return }
        switch first {
        case UInt8(ascii: "["): skipControlSequence()
        case UInt8(ascii: "O"): _ = nextOfSequence()
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"): skipString()
        case 0xC0...:
            // Alt and a letter of several bytes.
            for _ in 1..<max(2, (~first).leadingZeroBitCount) { _ = nextOfSequence() }
        default: break
        }
    }

    private mutating func skipControlSequence() {
        var isFirst = true
        while let byte = nextOfSequence() {
            // The Linux console's function keys: ESC [ [ A.
            if isFirst, byte == UInt8(ascii: "[") { _ = nextOfSequence() }
            isFirst = false
            if byte >= 0x40 { return }
        }
    }

    private mutating func skipString() {
        while let byte = nextOfSequence() {
            if byte == 0x07 { return }
            if byte == 0x1B {
                _ = nextOfSequence()
                return
            }
        }
    }

    /// The sequence's next byte; nil if it pauses, or breaks off with a key that means something, which is kept.
    private mutating func nextOfSequence() -> UInt8? {
        guard isReadable(within: Self.pause), let byte = try? nextByte() else { return nil }
        if byte >= 0x20 && byte != 0x7F || byte == 0x07 || byte == 0x1B { return byte }
        pushedBack = byte
        return nil
    }
}

// MARK: - Bytes

extension TerminalKeys {
    private mutating func nextByte() throws -> UInt8 {
        if let byte = pushedBack {
            pushedBack = nil
            return byte
        }
        while true {
            var byte: UInt8 = 0
            switch read(descriptor, &byte, 1) {
            case 1: return byte
            case -1 where errno == EINTR: continue
            case -1 where errno == EAGAIN: _ = isReadable(within: -1)
            default: throw TerminalClosed()
            }
        }
    }

    private func isReadable(within milliseconds: Int32) -> Bool {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wanted, 1, milliseconds) > 0
    }
}
