/// The two alphabets of crypt(3), for checking that a value is spelled canonically. Encoding is libxcrypt's.
struct CryptAlphabet {
    private let characters: [UInt8]

    /// `./0-9A-Za-z`: md5-crypt, sha-crypt, yescrypt; the low bits come first.
    static let standard = CryptAlphabet(characters: Array("./".utf8) + digits + capitals + smalls)
    /// `./A-Za-z0-9`: bcrypt; the high bits come first.
    static let bcrypt = CryptAlphabet(characters: Array("./".utf8) + capitals + smalls + digits)

    private static let digits = Array(UInt8(ascii: "0")...UInt8(ascii: "9"))
    private static let capitals = Array(UInt8(ascii: "A")...UInt8(ascii: "Z"))
    private static let smalls = Array(UInt8(ascii: "a")...UInt8(ascii: "z"))

    /// The six bits behind a character.
    func value(_ character: UInt8) -> Int? {
        characters.firstIndex(of: character)
    }

    func holds(_ text: some Sequence<UInt8>) -> Bool {
        text.allSatisfy { value($0) != nil }
    }

    /// Whether `text` spells `bits` bits with none of the unused low bits set (bcrypt).
    func isCanonicalHighFirst(_ text: some BidirectionalCollection<UInt8>, bits: Int) -> Bool {
        guard text.count == (bits + 5) / 6, holds(text), let last = text.last.flatMap(value) else { return false }
        return last % (1 << (text.count * 6 - bits)) == 0
    }

    /// Whether `text` spells `bits` bits with none of the unused high bits set (all others).
    func isCanonicalLowFirst(_ text: some BidirectionalCollection<UInt8>, bits: Int) -> Bool {
        guard text.count == (bits + 5) / 6, holds(text), let last = text.last.flatMap(value) else { return false }
        return last < 1 << (6 - (text.count * 6 - bits))
    }

    /// The whole bytes that `text` spells; nil unless canonical (phpass).
    func decodeLowFirst(_ text: some BidirectionalCollection<UInt8>) -> [UInt8]? {
        let count = text.count * 6 / 8
        guard isCanonicalLowFirst(text, bits: count * 8) else { return nil }
        var bytes: [UInt8] = []
        var (bits, waiting) = (0, 0)
        for value in text.compactMap(value) {
            bits |= value << waiting
            waiting += 6
            guard waiting >= 8 else { continue }
            bytes.append(UInt8(bits & 0xff))
            (bits, waiting) = (bits >> 8, waiting - 8)
        }
        return bytes
    }
}
