import CSodium

/// The base64 spellings of PHC strings, of passlib and of Django: no line breaks, unused bits zero.
enum Base64Text {
    /// RFC 4648 section 4 without padding: `+` and `/`. PHC strings.
    case standard
    /// passlib's "ab64": `.` where the standard has `+`.
    case adapted
    /// RFC 4648 section 4 with its padding. Django.
    case padded

    private var variant: Int32 {
        self == .padded ? sodium_base64_VARIANT_ORIGINAL : sodium_base64_VARIANT_ORIGINAL_NO_PADDING
    }

    /// Nil for anything but the canonical spelling.
    func decode(_ text: [UInt8]) -> [UInt8]? {
        guard let text = unadapted(text) else { return nil }
        var bytes = [UInt8](repeating: 0, count: text.count)
        var count = 0
        // libsodium refuses unused bits that are set, and with no end pointer anything left over.
        let status = text.withUnsafeBytes { source in
            sodium_base642bin(
                &bytes, bytes.count, source.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, nil, &count,
                nil, variant)
        }
        return status == 0 ? Array(bytes.prefix(count)) : nil
    }

    /// ``decode(_:)`` of what a whole column holds.
    func decodeColumn(_ text: String) -> [UInt8]? {
        text.utf8.count <= StoredText.longest ? decode(Array(text.utf8)) : nil
    }

    func encode(_ bytes: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant))
        _ = sodium_bin2base64(&text, text.count, bytes, bytes.count, variant)
        let characters = text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        return String(decoding: self == .adapted ? Self.swap(characters, "+", ".") : characters, as: UTF8.self)
    }

    private func unadapted(_ text: [UInt8]) -> [UInt8]? {
        guard self == .adapted else { return text }
        return text.contains(UInt8(ascii: "+")) ? nil : Self.swap(text, ".", "+")
    }

    private static func swap(_ text: [UInt8], _ from: Unicode.Scalar, _ to: Unicode.Scalar) -> [UInt8] {
        text.map { $0 == UInt8(ascii: from) ? UInt8(ascii: to) : $0 }
    }
}
