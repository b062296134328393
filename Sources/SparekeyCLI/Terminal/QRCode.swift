import CQRencode

/// A QR code (ISO/IEC 18004) drawn with half blocks, two modules a character, for a camera held at a terminal.
struct QRCode {
    /// One string a line, all of one width.
    let lines: [String]

    /// - Parameter text: at most a few hundred bytes.
    /// - Returns: nil where the text does not fit a code.
    init?(_ text: String) {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L) else { return nil }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        guard width > 0, let modules = code.pointee.data else { return nil }
        // The quiet zone of four modules is light. Outside of it nothing is known of the terminal's colours, so both
        // colours are set by the caller's style or, without one, light is drawn and dark left out.
        let margin = 4
        func isDark(_ row: Int, _ column: Int) -> Bool {
            guard (0..<width).contains(row), (0..<width).contains(column) else { return false }
            return modules[row * width + column] & 1 == 1
        }
        lines = stride(from: -margin, to: width + margin, by: 2).map { row in
            (-margin..<(width + margin)).map { column in
                switch (isDark(row, column), isDark(row + 1, column)) {
                case (false, false): "\u{2588}"
                case (false, true): "\u{2580}"
                case (true, false): "\u{2584}"
                case (true, true): " "
                }
            }.joined()
        }
    }
}
