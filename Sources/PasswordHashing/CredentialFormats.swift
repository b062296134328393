/// The table of formats that a profile names for what a program stores.
///
/// Unlike the texts of ``HashFormats``, what lies in columns does not say by itself which program wrote it: 100 hexadecimal
/// digits can be Gitea's or Grafana's. So a format is looked up by name, or among those that a profile allows.
public struct CredentialFormats: Sendable {
    public let all: [any CredentialFormat]

    public init(_ formats: [any CredentialFormat]) {
        all = formats
    }

    /// Every format of ``HashFormats/standard``, and those that a text alone does not tell.
    public static let standard = CredentialFormats(
        HashFormats.standard.all.map { WholeHash(format: $0) as any CredentialFormat } + columns)

    private static let columns: [any CredentialFormat] = [
        GiteaPbkdf2(), GiteaArgon2(), GiteaScrypt(), GiteaBcrypt(), GrafanaPbkdf2(), AnkiHostKey(), Md5Digest(),
        SonarrPbkdf2.format, DiscoursePbkdf2.format, SaltedBcrypt(), PepperedBcrypt(), KeycloakArgon2(),
        KeycloakPbkdf2.sha512, KeycloakPbkdf2.sha256, KeycloakPbkdf2.sha1,
    ]

    /// A table that also knows `formats`.
    public func adding(_ formats: any CredentialFormat...) -> CredentialFormats {
        CredentialFormats(all + formats)
    }

    /// The format of that name, as profiles spell it.
    public func named(_ name: String) -> (any CredentialFormat)? {
        all.first { $0.name == name }
    }

    /// The first format of `names` that `stored` is a value of; does no hashing.
    public func identify(_ stored: StoredCredential, among names: [String]) -> (any CredentialFormat)? {
        names.lazy.compactMap { named($0) }.first { $0.identifies(stored) }
    }
}
