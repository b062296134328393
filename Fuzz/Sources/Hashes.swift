@testable import PasswordHashing

/// A stored password of one text: two formats never recognise one value, what it asks for stays within the bounds, and no
/// error repeats it.
enum Hashes {
    static func judge(_ bytes: [UInt8]) {
        let stored = String(decoding: bytes, as: UTF8.self)
        let formats = HashFormats.standard
        let owners = formats.all.filter { $0.identifies(stored) }
        hold(owners.count <= 1, "two formats recognise one value")
        hold(owners.isEmpty || bytes.count <= StoredText.longest, "a value longer than any")
        _ = HashFormats.costPrefix(of: stored)
        for format in formats.all {
            let found = refuses(HashError.self) {
                try format.parameters(of: stored)
            } judge: {
                silent($0, about: stored)
            }
            guard let found else { continue }
            hold(isWithinBounds(found, of: format), "more work than the bounds allow")
            hold(
                (try? HashCost(scheme: format.name, text: found.cost.description)) == found.cost,
                "a cost read otherwise")
            guard isCheap(found.cost, of: format) else { continue }
            _ = refuses(HashError.self) {
                try format.verify(Password(utf8: "any"), against: stored)
            } judge: {
                silent($0, about: stored)
            }
        }
    }

    static func silent(_ error: HashError, about stored: String) {
        hold(stored.utf8.count < 16 || !error.description.contains(stored), "an error repeats a stored value")
    }

    static func isWithinBounds(_ found: HashParameters, of format: any HashScheme) -> Bool {
        let shape = format.costShape
        return found.cost.numbers.count == shape.numbers.count && found.saltLength >= 0 && found.keyLength >= 0
            && zip(shape.numbers, found.cost.numbers).allSatisfy { $0.range.contains($1) }
            && shape.crossing(found.cost.numbers) == nil
    }

    /// Microseconds: a fuzzer that waits for hashes finds nothing.
    static func isCheap(_ cost: HashCost, of format: any HashScheme) -> Bool {
        let numbers = cost.numbers
        switch format.costShape.numbers.map(\.name) {
        case []: return true
        case ["m", "t", "p"]: return numbers[0] <= 64 && numbers[1] <= 2 && numbers[2] <= 2
        case ["ln", "r", "p"]: return numbers[0] <= 4 && numbers[1] * numbers[2] <= 4
        // Of sha-crypt a thousand rounds are the fewest.
        case ["rounds"]: return numbers[0] <= 100
        default: return false
        }
    }
}
