public import PasswordHashing

/// What every format of several columns owes (a hash with its salt beside it, say), whoever wrote it: the suite that all of
/// ``PasswordHashing/CredentialFormats/standard`` pass. Used as ``HashFormatConformance``.
public struct CredentialFormatConformance: Sendable {
    /// What another program stored, with what goes into the hash from elsewhere.
    public struct Value: Sendable {
        public let password: [UInt8]
        public let stored: StoredCredential
        public let inputs: CredentialInputs

        public init(password: [UInt8], stored: StoredCredential, inputs: CredentialInputs = CredentialInputs()) {
            (self.password, self.stored, self.inputs) = (password, stored, inputs)
        }
    }

    /// The raw value is the promise as a clause behind "the format".
    public enum Promise: String, Sendable, CaseIterable {
        case acceptsValues = "accepts the password behind each of the values, and no longer one"
        case tellsItsCost = "tells the cost of a value in the spelling that settings use"
        case refusesDamage = "refuses a value with any bit of any column flipped, and cut at any byte"
        case makesItsOwn = "makes values in all its columns that verify, at the cost asked for"
        case saltsEach = "makes another value each time"
        case makesOnlyWhatItMay = "refuses to make what it only verifies"
        case asksForInputs = "refuses to verify without the name or pepper that it needs"
    }

    private let format: any CredentialFormat
    private let values: [Value]
    private let specimen: Value
    private let unread: Set<StoredCredential.Field>
    private let hasSalt: Bool

    /// - Parameters:
    ///   - values: made by the program whose format it is; at least one with a password.
    ///   - unread: columns that the program writes and does not read.
    ///   - hasSalt: false where the program gives every password of an account the same value.
    /// - Throws: ``BrokenPromise`` where no value has a password, or the format does not know one.
    public init(
        _ format: any CredentialFormat, values: [Value], unread: Set<StoredCredential.Field> = [], hasSalt: Bool = true
    ) throws {
        (self.format, self.values, self.unread, self.hasSalt) = (format, values, unread, hasSalt)
        specimen = try BrokenPromise.cheapest(of: values.filter { !$0.password.isEmpty }, for: format.name) {
            try format.parameters(of: $0.stored).cost
        }
    }

    /// - Throws: ``BrokenPromise``, or what the format throws where it should not.
    public func check(_ promise: Promise) throws {
        switch promise {
        case .acceptsValues: try acceptsValues()
        case .tellsItsCost: try tellsItsCost()
        case .refusesDamage: try refusesDamage()
        case .makesItsOwn: try makesItsOwn()
        case .saltsEach: try saltsEach()
        case .makesOnlyWhatItMay: try makesOnlyWhatItMay()
        case .asksForInputs: try asksForInputs()
        }
    }

    private func acceptsValues() throws {
        for (index, value) in values.enumerated() {
            let isAccepted = try format.verify(Password(value.password), against: value.stored, inputs: value.inputs)
            try BrokenPromise.unless(isAccepted, "the password of value \(index + 1) is refused")
            let longer = Password(value.password + [0x21])
            let isTaken = try format.verify(longer, against: value.stored, inputs: value.inputs)
            try BrokenPromise.unless(!isTaken, "value \(index + 1) takes a longer password too")
        }
    }

    private func tellsItsCost() throws {
        for (index, value) in values.enumerated() {
            let cost = try format.parameters(of: value.stored).cost
            let read = try HashCost(of: format, text: cost.description)
            try BrokenPromise.unless(read == cost, "the cost of value \(index + 1) is spelled \(cost)")
        }
    }

    private func refusesDamage() throws {
        for field in format.fields.subtracting(unread) {
            let text = try BrokenPromise.found(specimen.stored[field], "the values have no \(field)")
            for (number, bytes) in Self.damaged(Array(text.utf8)).enumerated() {
                var stored = specimen.stored
                stored[field] = String(decoding: bytes, as: UTF8.self)
                let fits = try? format.verify(Password(specimen.password), against: stored, inputs: specimen.inputs)
                try BrokenPromise.unless(fits != true, "damage \(number) of \(field) is passed over")
            }
        }
    }

    private static func damaged(_ bytes: [UInt8]) -> [[UInt8]] {
        let cut = (0..<bytes.count).map { Array(bytes.prefix($0)) }
        return cut
            + bytes.indices.flatMap { index in
                (0..<8).map { bit in
                    var flipped = bytes
                    flipped[index] ^= 1 << bit
                    return flipped
                }
            }
    }

    private func makesItsOwn() throws {
        guard format.canMake else { return }
        let (cost, stored) = (try format.cheapestCost, try made())
        try BrokenPromise.unless(stored.fields == format.fields, "what it makes has other columns than it says")
        let isAccepted = try format.verify(Password(utf8: "pässwörd"), against: stored, inputs: specimen.inputs)
        try BrokenPromise.unless(isAccepted, "what it makes does not verify")
        let isTaken = try format.verify(Password(utf8: "pässwörD"), against: stored, inputs: specimen.inputs)
        try BrokenPromise.unless(!isTaken, "what it makes takes another password too")
        let told = try format.parameters(of: stored)
        try BrokenPromise.unless(told.cost == cost && !told.isOutdated, "what it makes is outdated, or of another cost")
    }

    private func saltsEach() throws {
        guard format.canMake else { return }
        let isOther = try made() != made()
        try BrokenPromise.unless(isOther == hasSalt, hasSalt ? "two values are the same" : "it has a salt after all")
    }

    private func makesOnlyWhatItMay() throws {
        guard !format.canMake else { return }
        do {
            _ = try made()
        } catch let error as HashError where error.code == .cannotMake {
            return
        }
        throw BrokenPromise("it makes what it says it cannot")
    }

    private func asksForInputs() throws {
        guard format.needsUsername || format.needsPepper else { return }
        do {
            _ = try format.verify(Password(specimen.password), against: specimen.stored, inputs: CredentialInputs())
        } catch let error as HashError where error.code == .missingInput {
            return
        }
        throw BrokenPromise("it verifies without the name or pepper that it says it needs")
    }

    private func made() throws -> StoredCredential {
        try format.make(
            Password(utf8: "pässwörd"), cost: format.cheapestCost, variant: nil, inputs: specimen.inputs, salt: .system)
    }
}
