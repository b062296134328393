import FoundationEssentials

/// The two JSON documents of a row of Keycloak's table `credential`: `hash` is its `secret_data`, `algorithm` its
/// `credential_data` (keycloak/keycloak 67f2db38, server-spi: PasswordCredentialData.java, PasswordSecretData.java).
struct KeycloakDocuments {
    static let fields: Set<StoredCredential.Field> = [.hash, .algorithm]

    var algorithm: String
    var rounds: Int
    /// Each is a list of one in the document.
    var parameters: [String: String]
    var salt: [UInt8]
    var key: [UInt8]

    /// Nil unless both have the members that Keycloak writes and no others.
    init?(_ stored: StoredCredential) {
        guard let secret: Secret = Self.decode(stored[.hash]), let numbers: Numbers = Self.decode(stored[.algorithm]),
            secret.additionalParameters?.isEmpty != false,
            let key = Base64Text.padded.decodeColumn(secret.value),
            let salt = Base64Text.padded.decodeColumn(secret.salt)
        else { return nil }
        var parameters: [String: String] = [:]
        for (name, values) in numbers.additionalParameters ?? [:] {
            guard values.count == 1 else { return nil }
            parameters[name] = values[0]
        }
        self.init(
            algorithm: numbers.algorithm, rounds: numbers.hashIterations, parameters: parameters, salt: salt, key: key)
    }

    init(algorithm: String, rounds: Int, parameters: [String: String], salt: [UInt8], key: [UInt8]) {
        self.algorithm = algorithm
        self.rounds = rounds
        self.parameters = parameters
        self.salt = salt
        self.key = key
    }

    /// In Keycloak's own order. Nothing in it can need an escape: words of ours, numbers and base64.
    var stored: StoredCredential {
        let (key, salt) = (Base64Text.padded.encode(key), Base64Text.padded.encode(salt))
        let order = ["hashLength", "memory", "type", "version", "parallelism"]
        let more = order.compactMap { name in parameters[name].map { #""\#(name)":["\#($0)"]"# } }.joined(
            separator: ",")
        return StoredCredential([
            .hash: #"{"value":"\#(key)","salt":"\#(salt)","additionalParameters":{}}"#,
            .algorithm: #"{"hashIterations":\#(rounds),"algorithm":"\#(algorithm)","additionalParameters":{\#(more)}}"#,
        ])
    }

    private struct Secret: Codable {
        var value: String
        var salt: String
        var additionalParameters: [String: [String]]?
    }

    private struct Numbers: Codable {
        var hashIterations: Int
        var algorithm: String
        var additionalParameters: [String: [String]]?
    }

    private static func decode<Document: Codable>(_ text: String?) -> Document? {
        guard let text, text.utf8.count <= StoredText.longest,
            let document = try? JSONDecoder().decode(Document.self, from: Data(text.utf8))
        else { return nil }
        // A member more, one given twice, or an escape: then it is longer than its own shortest spelling.
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let bare = text.utf8.filter { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
        guard let shortest = try? encoder.encode(document), shortest.count == bare.count else { return nil }
        return document
    }
}
