import Foundation

/// Where one account of a program lies: a row in each place that knows the name.
///
/// Its text is what the journal keeps: the row's id alone where the profile has one place, else a word `PLACE/ID` for each,
/// the places counted from 0 and the id percent-encoded (RFC 3986).
struct ProgramAccountID: Hashable {
    struct Part: Hashable {
        /// The place's number in the profile.
        let place: Int
        /// The row's id as text.
        let row: String
    }

    let parts: [Part]

    init(_ parts: [Part]) {
        self.parts = parts
    }

    /// Nil for a text of another profile's shape.
    init?(_ text: String, places: Int) {
        guard places > 1 else {
            parts = [Part(place: 0, row: text)]
            return
        }
        var parts: [Part] = []
        for word in text.split(separator: " ") {
            let halves = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, let place = Int(halves[0]), (0..<places).contains(place),
                String(place) == halves[0],
                let row = String(halves[1]).removingPercentEncoding
            else { return nil }
            parts.append(Part(place: place, row: row))
        }
        guard !parts.isEmpty else { return nil }
        self.parts = parts
    }

    func text(places: Int) -> String {
        guard places > 1 else { return parts.first?.row ?? "" }
        return parts.map { part in
            "\(part.place)/\(part.row.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? part.row)"
        }.joined(separator: " ")
    }
}
