public import PasswordHashing

/// What every hash format owes, whoever wrote it: the suite that all formats of ``PasswordHashing/HashFormats/standard`` pass.
///
/// A format of your own: give it to a table by ``PasswordHashing/HashFormats/adding(_:)``, give this some values that another
/// program made, and ask for every promise, each in a test of its own:
///
/// ```swift
/// let suite = try HashFormatConformance(MyFormat(), in: .standard.adding(MyFormat()), values: [(password, stored)])
/// @Test(arguments: HashFormatConformance.Promise.allCases)
/// func keeps(promise: HashFormatConformance.Promise) throws { try suite.check(promise) }
/// ```
///
/// Hashes thousands of times at the cheapest of the values: give one of the least cost that the format takes.
public struct HashFormatConformance: Sendable {
    /// The raw value is the promise as a clause behind "the format".
    public enum Promise: String, Sendable, CaseIterable {
        case acceptsValues = "accepts the password behind each of the values"
        case refusesWrongPasswords = "refuses passwords that differ in a byte, or in length"
        case isAloneWithItsValues = "is the only one to recognise its values"
        case refusesTruncation = "refuses a value cut at any byte"
        case refusesFlippedBits = "refuses a value with any bit flipped"
        case refusesInsertions = "refuses a value with a byte added anywhere"
        case refusesLookalikes = "refuses letters that only look like ASCII"
        case keepsSecrets = "never repeats the stored value or the password in an error"
        case tellsItsCost = "tells the cost of a value in the spelling that settings use"
        case makesItsOwn = "makes values that verify, are recognised, and need no rehash"
        case saltsEach = "makes another value each time, and the same of the same salt"
        case makesOnlyWhatItMay = "refuses to make what is too weak, and values of another format's cost"
    }

    private let format: any HashFormat
    private let table: HashFormats
    private let values: [(password: [UInt8], stored: String)]
    /// The cheapest value with a password in it, for promises that take hundreds of tries.
    private let specimen: (password: [UInt8], stored: String)

    /// - Parameters:
    ///   - table: the formats beside which it is used, itself among them.
    ///   - values: made elsewhere, by the program or library whose format it is; at least one with a password.
    /// - Throws: ``BrokenPromise`` where no value has a password, or the format does not know one.
    public init(
        _ format: any HashFormat, in table: HashFormats, values: [(password: [UInt8], stored: String)]
    ) throws {
        (self.format, self.table, self.values) = (format, table, values)
        specimen = try BrokenPromise.cheapest(of: values.filter { !$0.password.isEmpty }, for: format.name) {
            try format.parameters(of: $0.stored).cost
        }
    }

    /// - Throws: ``BrokenPromise``, or what the format throws where it should not.
    public func check(_ promise: Promise) throws {
        switch promise {
        case .acceptsValues: try acceptsValues()
        case .refusesWrongPasswords: try refusesWrongPasswords()
        case .isAloneWithItsValues: try isAloneWithItsValues()
        case .refusesTruncation: try refusesTruncation()
        case .refusesFlippedBits: try refusesFlippedBits()
        case .refusesInsertions: try refusesInsertions()
        case .refusesLookalikes: try refusesLookalikes()
        case .keepsSecrets: try keepsSecrets()
        case .tellsItsCost: try tellsItsCost()
        case .makesItsOwn: try makesItsOwn()
        case .saltsEach: try saltsEach()
        case .makesOnlyWhatItMay: try makesOnlyWhatItMay()
        }
    }
}

// Values made elsewhere.
extension HashFormatConformance {
    private func acceptsValues() throws {
        for value in values {
            let isAccepted = try format.verify(Password(value.password), against: value.stored)
            try BrokenPromise.unless(isAccepted, "the password of value \(number(value.stored)) is refused")
        }
    }

    private func refusesWrongPasswords() throws {
        var (first, last) = (specimen.password, specimen.password)
        first[0] ^= 1
        last[last.count - 1] ^= 0x40
        let wrong = [Array(specimen.password.dropLast()), specimen.password + [0x21], first, last, []]
        for (number, password) in wrong.enumerated() {
            let isAccepted = try format.verify(Password(password), against: specimen.stored)
            try BrokenPromise.unless(!isAccepted, "wrong password \(number + 1) of \(wrong.count) is accepted")
        }
    }

    private func isAloneWithItsValues() throws {
        for value in values {
            let names = table.all.filter { $0.identifies(value.stored) }.map(\.name)
            try BrokenPromise.unless(
                names == [format.name],
                "value \(number(value.stored)) is recognised by \(names.joined(separator: ", "))")
        }
    }

    private func tellsItsCost() throws {
        for value in values {
            let cost = try format.parameters(of: value.stored).cost
            let read = try HashCost(of: format, text: cost.description)
            try BrokenPromise.unless(read == cost, "the cost of value \(number(value.stored)) is spelled \(cost)")
        }
    }

    /// Never the value: it may be somebody's.
    private func number(_ stored: String) -> Int { (values.firstIndex { $0.stored == stored } ?? -1) + 1 }
}

// Values that were damaged.
extension HashFormatConformance {
    private func refusesTruncation() throws {
        let bytes = Array(specimen.stored.utf8)
        for count in 0..<bytes.count {
            try BrokenPromise.unless(!isTaken(Array(bytes.prefix(count))), "the first \(count) bytes are a value")
            // Behind a word in front stands, in some programs, a whole value of another format.
            try BrokenPromise.unless(
                !isOwn(Array(bytes.dropFirst(count + 1))), "without its first \(count + 1) bytes it is a value")
        }
    }

    private func refusesFlippedBits() throws {
        let bytes = Array(specimen.stored.utf8)
        for (index, bit) in bytes.indices.flatMap({ index in (0..<8).map { (index, $0) } }) {
            var flipped = bytes
            flipped[index] ^= 1 << bit
            try BrokenPromise.unless(!isTaken(flipped), "bit \(bit) of byte \(index) says nothing")
        }
    }

    private func refusesInsertions() throws {
        let bytes = Array(specimen.stored.utf8)
        for index in 0...bytes.count {
            for added in [0, 9, 10, 13, 32, 36, 43, 46, 48, 61, 65, 127, 128, 255] as [UInt8] {
                var longer = bytes
                longer.insert(added, at: index)
                // The whole table is slow to ask: for those that could make a value of another format.
                let isRefused = [36, 48, 65].contains(added) ? !isTaken(longer) : !isOwn(longer)
                try BrokenPromise.unless(isRefused, "byte \(added) at \(index) is passed over")
            }
        }
    }

    private func refusesLookalikes() throws {
        for strange in ["\u{FF04}", "\u{0661}", "e\u{301}", "\u{200B}", "\u{FEFF}"] {
            for text in [specimen.stored + strange, strange + specimen.stored] {
                try BrokenPromise.unless(
                    table.identify(text) == nil, "a value with \(strange.unicodeScalars) in it is one")
            }
        }
    }

    private func keepsSecrets() throws {
        let secret = specimen.stored.split(separator: "$").last.map { $0.prefix(20) } ?? ""
        do {
            _ = try format.verify(Password(utf8: "hunter2"), against: specimen.stored + "$")
        } catch let error as HashError {
            let words = error.description
            return try BrokenPromise.unless(
                !words.contains(secret) && !words.contains("hunter2"), "an error repeats what is secret")
        }
        throw BrokenPromise("a value with something behind it is one")
    }

    /// Whether the format itself takes `bytes` for a value of the password.
    private func isOwn(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return (try? format.verify(Password(specimen.password), against: text)) ?? false
    }

    /// Whether anything in the table does.
    private func isTaken(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return (try? table.verify(Password(specimen.password), against: text)) ?? false
    }
}

// Values that it makes.
extension HashFormatConformance {
    private func makesItsOwn() throws {
        guard format.canMake else { return }
        let cost = try format.cheapestCost
        for word in ["", "password", "pässwörd 密码 🔑", String(repeating: "x", count: 72)] {
            let stored = try format.make(Password(utf8: word), cost: cost)
            try BrokenPromise.unless(table.identify(stored)?.name == format.name, "what it makes is another format's")
            let isAccepted = try format.verify(Password(utf8: word), against: stored)
            try BrokenPromise.unless(isAccepted, "what it makes does not verify")
            try BrokenPromise.unless(try !verifies(word + "x", stored), "what it makes takes a longer password too")
            try BrokenPromise.unless(!format.needsRehash(stored, to: cost), "what it makes is outdated at once")
            let told = try format.parameters(of: stored).cost
            try BrokenPromise.unless(told == cost, "what it makes has another cost than asked, \(told)")
        }
    }

    private func saltsEach() throws {
        guard format.canMake else { return }
        let (cost, password) = (try format.cheapestCost, Password(utf8: "password"))
        let fixed = SaltSource { Array(repeating: 7, count: $0) }
        let free = try (format.make(password, cost: cost), format.make(password, cost: cost))
        try BrokenPromise.unless(free.0 != free.1, "two values of one password are the same")
        let same = try [0, 1].map { _ in try format.make(password, cost: cost, variant: nil, salt: fixed) }
        try BrokenPromise.unless(same[0] == same[1], "something else than the salt decides")
    }

    private func makesOnlyWhatItMay() throws {
        let foreign = try BrokenPromise.found(
            table.all.first { $0.name != format.name && !$0.costShape.numbers.isEmpty }, "the table has no other format"
        )
        let wanted = format.canMake ? HashError.Code.malformedCost : .cannotMake
        let cost = try format.canMake ? foreign.cheapestCost : format.cheapestCost
        do {
            _ = try format.make(Password(utf8: "a"), cost: cost)
        } catch let error as HashError where error.code == wanted {
            return
        }
        throw BrokenPromise(format.canMake ? "it takes another format's cost" : "it makes what it says it cannot")
    }

    /// Being too long for the format counts as being wrong.
    private func verifies(_ password: String, _ stored: String) throws -> Bool {
        do {
            return try format.verify(Password(utf8: password), against: stored)
        } catch let error as HashError where error.code == .passwordTooLong {
            return false
        }
    }
}

extension HashScheme {
    /// The least that it takes.
    public var cheapestCost: HashCost {
        get throws {
            let numbers = costShape.numbers
            let words = numbers.map { (numbers.count > 1 ? "\($0.name)=" : "") + "\($0.range.lowerBound)" }
            return try HashCost(of: self, text: words.joined(separator: ","))
        }
    }
}
