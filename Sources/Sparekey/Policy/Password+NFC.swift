internal import Foundation
public import PasswordHashing

extension Password {
    /// The same password in Unicode Normalization Form C, which Sparekey's own hashes are made of: `é` typed as one key or
    /// as two gives the same bytes. NIST SP 800-63B-4 section 3.1.1.2 asks for a normal form before hashing.
    ///
    /// Not for an app's passwords: other programs hash what they receive.
    ///
    /// All-ASCII passwords, nearly all of them, are returned as they are, without a copy. Others pass through Foundation,
    /// whose copies cannot be wiped, in pieces that begin where nothing can combine with what stands before: mostly one
    /// letter at a time, but whole runs of Arabic, Indic scripts and Thai.
    ///
    /// - Throws: the violation `encoding` when the bytes are not UTF-8; `tooLong` beyond what any password may have, because
    ///   normalising long runs of marks costs more than hashing.
    public func normalizedNFC() throws(PolicyViolation) -> Password {
        if let violation = SizeRule.violation(of: self) { throw violation }
        if withUnsafeBytes({ $0.allSatisfy { $0 < 0x80 } }) { return self }
        // UAX #15, section 9: in UTF-8 the form is at most three times as long.
        let normalized = withWipedBytes(capacity: count * 3) { output -> Password? in
            var writer = NormalizedWriter(output: output)
            guard forEachScalar({ writer.append($0) }) else { return nil }
            writer.flush()
            return Password(output.prefix(writer.count))
        }
        guard let normalized else { throw .notUTF8 }
        return normalized
    }

    /// Decodes without making a string. False as soon as a byte is not UTF-8.
    @discardableResult
    func forEachScalar(_ body: (Unicode.Scalar) -> Void) -> Bool {
        withUnsafeBytes { bytes in
            var parser = Unicode.UTF8.ForwardParser()
            var input = bytes.makeIterator()
            while true {
                switch parser.parseScalar(from: &input) {
                case .valid(let encoded): body(Unicode.UTF8.decode(encoded))
                case .emptyInput: return true
                case .error: return false
                }
            }
        }
    }
}

/// Collects scalars up to a place where normalisation cannot reach across, and writes that piece in NFC.
private struct NormalizedWriter {
    let output: UnsafeMutableRawBufferPointer
    private(set) var count = 0
    private var piece = ""

    init(output: UnsafeMutableRawBufferPointer) {
        self.output = output
    }

    mutating func append(_ scalar: Unicode.Scalar) {
        if scalar.beginsPiece { flush() }
        piece.unicodeScalars.append(scalar)
    }

    mutating func flush() {
        for byte in piece.precomposedStringWithCanonicalMapping.utf8 {
            output[count] = byte
            count += 1
        }
        piece = ""
    }
}

extension Unicode.Scalar {
    /// Never combines with what stands before it. Only marks, conjoining jamo and a few vowel signs do; letters without
    /// case count as such signs unless they are known not to be, because newer versions of Unicode add more.
    fileprivate var beginsPiece: Bool {
        if isASCII { return true }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .decimalNumber, .mathSymbol, .currencySymbol,
            .otherSymbol, .dashPunctuation, .openPunctuation, .closePunctuation, .otherPunctuation, .spaceSeparator:
            return true
        case .otherLetter:
            let isKanaOrHangulSyllable = (0x3041...0x30FF).contains(value) || (0xAC00...0xD7A3).contains(value)
            return isKanaOrHangulSyllable || properties.isIdeographic
        default:
            return false
        }
    }
}
