import CSodium

/// Salts that are text: letters and digits, each equally likely.
enum AlphanumericSalt {
    private static let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    static func draw(_ count: Int, from source: SaltSource) -> String {
        // 32 random bits a character: the bias that the remainder leaves is one in 70 million.
        let bytes = source.bytes(count * 4)
        let picked = (0..<count).map { index in
            let number = bytes[index * 4..<index * 4 + 4].reduce(0) { $0 << 8 | UInt32($1) }
            return characters[Int(number % UInt32(characters.count))]
        }
        return String(decoding: picked, as: UTF8.self)
    }
}

/// Hexadecimal in lower case, or in capitals where a program writes those; a mixture is never read.
enum HexText {
    /// The digits as ASCII bytes; the caller wipes what is secret.
    static func characters(of bytes: UnsafeMutableRawBufferPointer) -> [UInt8] {
        bytes.flatMap { [digit($0 >> 4), digit($0 & 15)] }
    }

    static func encode(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [digit($0 >> 4), digit($0 & 15)] }, as: UTF8.self)
    }

    static func encodeCapitals(_ bytes: [UInt8]) -> String { encode(bytes).uppercased() }

    /// Nil for anything but whole bytes in lower case.
    static func decode(_ text: String) -> [UInt8]? { decode(Array(text.utf8)) }

    /// Nil for anything but whole bytes in capitals.
    static func decodeCapitals(_ text: [UInt8]) -> [UInt8]? {
        guard !text.contains(where: { (0x61...0x66).contains($0) }) else { return nil }
        return decode(text.map { (0x41...0x46).contains($0) ? $0 + 0x20 : $0 })
    }

    /// Nil for anything but whole bytes in lower case.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        let digits = text.map(value)
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        let values = digits.compactMap(\.self)
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x61 + value - 10 }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x61...0x66: character - 0x61 + 10
        default: nil
        }
    }
}
