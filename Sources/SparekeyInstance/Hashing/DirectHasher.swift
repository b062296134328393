public import PasswordHashing
public import Sparekey

/// Hashes where it is called: right for a command, which has nothing else to do meanwhile.
public struct DirectHasher: PasswordHasher {
    private let formats = HashFormats.standard
    private let format: any HashFormat
    /// The directory's scheme and cost.
    public let cost: HashCost

    /// - Parameters:
    ///   - scheme: the setting `hash.scheme`.
    ///   - costText: the setting `hash.cost`; nil takes the scheme's recommended cost.
    /// - Throws: ``InstanceError`` `badSettings` for a scheme that cannot be made or a cost under OWASP's floor.
    init(scheme: String, costText: String?) throws {
        guard let format = formats.named(scheme), format.canMake else {
            let known = formats.all.filter(\.canMake).map(\.name).joined(separator: ", ")
            throw InstanceError(
                .badSettings, reason: "hash.scheme: there is no scheme of that name", hint: "the schemes are: \(known)")
        }
        self.format = format
        do {
            cost = try costText.map { try HashCost(scheme: scheme, text: $0) } ?? format.recommendedCost
        } catch let error as HashError {
            throw InstanceError(.badSettings, reason: "hash.cost: \(error.reason)", cause: error)
        }
        guard cost.meetsFloor else {
            throw InstanceError(
                .badSettings, reason: "hash.cost: \(cost) is less than OWASP asks of \(scheme)",
                hint: "leave hash.cost out for the recommended \(try format.recommendedCost)")
        }
    }

    /// As people are told: `argon2id (m=19456,t=2,p=1)`, `bcrypt (10 rounds)`.
    public var schemeText: String {
        cost.scheme == "bcrypt" ? "bcrypt (\(cost) rounds)" : "\(cost.scheme) (\(cost))"
    }

    public func make(_ password: Password) throws -> String {
        try format.make(password, cost: cost)
    }

    public func verify(_ password: Password, against stored: String) throws -> Bool {
        try formats.verify(password, against: stored)
    }

    public func makePBKDF2(_ password: Password) throws -> String {
        let format = Pbkdf2.sha256
        return try format.make(password, cost: format.recommendedCost)
    }

    public func makeTokenHash(_ token: Password) throws -> String {
        try Argon2.id.make(token, cost: Argon2.id.recommendedCost)
    }

    /// A stored string of the scheme, variant and cost of `stored`.
    func make(_ password: Password, like stored: String) throws -> String {
        try formats.make(password, like: stored)
    }

    public func limitViolation(_ password: Password) -> PolicyViolation? {
        guard cost.scheme == "bcrypt", password.count > Bcrypt.passwordLimit else { return nil }
        return .tooLong(limitBytes: Bcrypt.passwordLimit, scheme: "bcrypt")
    }
}
