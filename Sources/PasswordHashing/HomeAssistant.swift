/// Home Assistant's: standard base64 of a bcrypt value (home-assistant/core 07d19996, homeassistant/auth/providers/homeassistant.py).
///
/// Home Assistant cuts a password at 72 bytes without a word; a longer one is refused here, as bcrypt's are.
struct HomeAssistantBcrypt: HashFormat {
    var name: String { "home-assistant-bcrypt" }
    var costShape: CostShape { Bcrypt().costShape }

    func parameters(of stored: String) throws -> HashParameters {
        let plain = try Bcrypt().parameters(of: decoded(stored))
        return HashParameters(
            scheme: name, cost: try cost(plain.cost.numbers), saltLength: plain.saltLength,
            keyLength: plain.keyLength, isOutdated: plain.isOutdated)
    }

    func verify(_ password: Password, against stored: String) throws -> Bool {
        try Bcrypt().verify(password, against: decoded(stored))
    }

    func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try checkMake(cost: cost, variant: variant)
        let plain = try Bcrypt().make(password, cost: Bcrypt().cost(cost.numbers), variant: "2b", salt: salt)
        return Base64Text.padded.encode(Array(plain.utf8))
    }

    private func decoded(_ stored: String) throws -> String {
        guard let bytes = Base64Text.padded.decodeColumn(stored) else {
            throw HashError.malformed(name)
        }
        let plain = String(decoding: bytes, as: UTF8.self)
        // Python's library writes no other prefix, and two spellings of one hash would be one too many.
        guard plain.hasPrefix("$2b$"), Bcrypt().identifies(plain) else { throw HashError.malformed(name) }
        return plain
    }
}
