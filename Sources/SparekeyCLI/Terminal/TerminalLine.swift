import Glibc
import PasswordHashing
import Sparekey

/// A line while it is typed: what it holds, and what of it is on the screen.
protocol TerminalLine: AnyObject {
    /// What the screen shows of it.
    var shown: String { get }
    var isEmpty: Bool { get }
    /// Whether more came than it takes. Only erasing the whole line takes that back.
    var isTooLong: Bool { get }
    func append(_ byte: UInt8)
    func eraseCharacter()
    func eraseWord()
    func eraseAll()
}

/// A line that is shown. Characters are erased as a reader sees them: a letter goes with its accents.
final class VisibleLine: TerminalLine {
    private(set) var text = ""
    private(set) var isTooLong = false
    private let limit: Int
    // The bytes of a character that has not arrived whole yet.
    private var partial: [UInt8] = []

    init(limit: Int) {
        self.limit = limit
    }

    var isEmpty: Bool { text.isEmpty }

    var shown: String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter(DisplayText.shows)))
    }

    func append(_ byte: UInt8) {
        if !partial.isEmpty, byte & 0xC0 != 0x80 { take() }
        partial.append(byte == 0x09 ? 0x20 : byte)
        if partial.count == Self.length(from: partial[0]) { take() }
    }

    func eraseCharacter() {
        _ = text.popLast()
        partial = []
    }

    func eraseWord() {
        while text.last == " " { text.removeLast() }
        while let last = text.last, last != " " { text.removeLast() }
        partial = []
    }

    func eraseAll() {
        text = ""
        partial = []
        isTooLong = false
    }

    private func take() {
        // What is not UTF-8 becomes U+FFFD, which the person sees and can erase.
        let arrived = String(decoding: partial, as: UTF8.self)
        partial = []
        guard text.utf8.count + arrived.utf8.count <= limit else {
            isTooLong = true
            return
        }
        // C1 controls are no text.
        text.unicodeScalars.append(
            contentsOf: arrived.unicodeScalars.filter { $0.properties.generalCategory != .control })
    }

    private static func length(from first: UInt8) -> Int {
        switch first {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }
}

/// A line that is not shown: a star a character. Its bytes are wiped when it is let go.
///
/// A character is a code point here, in whatever encoding the terminal sends: a byte that continues a UTF-8 sequence adds
/// no star and goes with the byte that began it.
final class HiddenLine: TerminalLine {
    private(set) var isTooLong = false
    private let bytes: UnsafeMutableRawBufferPointer
    private var count = 0
    private var stars = 0

    init(limit: Int) {
        bytes = .allocate(byteCount: limit, alignment: 1)
    }

    deinit {
        wipe(from: 0)
        bytes.deallocate()
    }

    var password: Password { Password(bytes.prefix(count)) }

    var shown: String { String(repeating: "*", count: stars) }

    var isEmpty: Bool { count == 0 }

    func append(_ byte: UInt8) {
        guard count < bytes.count else {
            isTooLong = true
            return
        }
        if count == 0 || !Self.continues(byte) { stars += 1 }
        bytes[count] = byte
        count += 1
    }

    func eraseCharacter() {
        guard count > 0 else { return }
        var start = count - 1
        while start > 0, Self.continues(bytes[start]) { start -= 1 }
        wipe(from: start)
        stars -= 1
    }

    /// The whole line: stars do not tell where a word begins, and erasing must not tell either.
    func eraseWord() {
        eraseAll()
    }

    func eraseAll() {
        wipe(from: 0)
        stars = 0
        isTooLong = false
    }

    private func wipe(from start: Int) {
        if let base = bytes.baseAddress { explicit_bzero(base + start, bytes.count - start) }
        count = start
    }

    private static func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
