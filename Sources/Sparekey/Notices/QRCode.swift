internal import CQRencode

/// A QR code (ISO/IEC 18004) of a short text, as a square of modules. Terminal and page each draw it their way.
public struct QRCode: Sendable {
    /// Modules a side, without the light margin of ``margin`` that a reader needs around them.
    public let width: Int
    public static let margin = 4

    private let modules: [UInt8]

    /// - Parameter text: at most a few hundred bytes.
    /// - Returns: nil where the text does not fit a code.
    public init?(_ text: String) {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L) else { return nil }
        defer { QRcode_free(code) }
        width = Int(code.pointee.width)
        guard width > 0, let data = code.pointee.data else { return nil }
        modules = Array(UnsafeBufferPointer(start: data, count: width * width))
    }

    /// False outside of the code too: the margin is light.
    public func isDark(_ row: Int, _ column: Int) -> Bool {
        guard (0..<width).contains(row), (0..<width).contains(column) else { return false }
        return modules[row * width + column] & 1 == 1
    }
}
