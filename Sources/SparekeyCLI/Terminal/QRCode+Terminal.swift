import Sparekey

extension QRCode {
    /// The code drawn with half blocks, two modules a character, for a camera held at a terminal: one string a line, all
    /// of one width.
    ///
    /// Outside of the margin nothing is known of the terminal's colours, so both are set by the caller's style or, without
    /// one, light is drawn and dark left out.
    var lines: [String] {
        let margin = Self.margin
        return stride(from: -margin, to: width + margin, by: 2).map { row in
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
