public import PasswordHashing
public import Sparekey
import SparekeySQL

/// Makes a program's stored values from a password: its own formats, with prefix and cost of the values that they replace,
/// its flag and its stamps. Each credential is proved to accept the password (house.md, New values).
public struct MakeProgramCredentials: CredentialMaker {
    private let directory: ProgramDirectory
    private let formats: CredentialFormats
    private let secret: SecretSource
    private let hashing: any HashingPlace
    private let clock: any WallClock
    private let random: any RandomSource

    /// What a label of the profile stands for in the operator's settings; nil where nothing is bound to it.
    public typealias SecretSource = @Sendable (_ label: String) throws -> Password?

    /// - Parameter secret: asked only for what a credential needs, before anything is written.
    public init(
        _ directory: ProgramDirectory, formats: CredentialFormats = .standard,
        secret: @escaping SecretSource = { _ in nil }, hashing: any HashingPlace = HashingInPlace(),
        clock: any WallClock, random: any RandomSource
    ) {
        self.hashing = hashing
        self.directory = directory
        self.formats = formats
        self.secret = secret
        self.clock = clock
        self.random = random
    }

    public func callAsFunction(
        _ password: Password, account: Account, replacing old: StoredColumns, requireChange: Bool, expiresAt: Timestamp?
    ) async throws -> StoredColumns {
        let layout = try await directory.written(account)
        var new = StoredColumns()
        for place in layout {
            let name = place.place.identity.username == nil ? nil : account.username
            for credential in place.place.credentials {
                let texts = try await hashing.run {
                    try make(credential, password, place.fields(of: credential), old, username: name)
                }
                for (written, value) in texts {
                    new.values[written.name] = try written.target.taking(value, like: SQLValue(old[written.name]))
                        .stored
                }
            }
            for written in place.columns {
                let before = SQLValue(old[written.name])
                switch written.content {
                case .credential: continue
                case .flag(let flag):
                    let value = NewValue.constant(requireChange ? flag.on : flag.off)
                    new.values[written.name] = try value.made(for: written.target, like: before).stored
                case .stamp(let value):
                    new.values[written.name] =
                        try value.made(for: written.target, like: before, at: clock.now, random: random).stored
                }
            }
        }
        return new
    }

    private func make(
        _ credential: Credential, _ password: Password, _ columns: [ProgramLayout.Field], _ old: StoredColumns,
        username: String?
    ) throws -> [(WrittenColumn, SQLValue)] {
        let before = StoredCredential(
            columns.reduce(into: [:]) { $0[$1.part] = SQLValue(old[$1.written.name]).credentialText })
        let recipe = try credential.recipe(replacing: before[.hash] == nil ? nil : before, formats: formats)
        guard let format = formats.named(recipe.format) else {
            preconditionFailure("a profile that was read names formats that there are")
        }
        let inputs = CredentialInputs(username: username, pepper: try pepper(credential))
        let made: StoredCredential
        do {
            made = try format.make(password, cost: recipe.cost, variant: recipe.variant, inputs: inputs, salt: .system)
            guard try format.verify(password, against: made, inputs: inputs) else {
                throw RecoveryError(.notVerified, reason: "the new hash does not accept its own password")
            }
        } catch let error as HashError where error.code == .passwordTooLong || error.code == .passwordContainsNUL {
            throw RecoveryError(
                .policy, reason: "the new password does not meet the requirements",
                violations: [
                    PolicyViolation(
                        .tooLong, message: "\(directory.profile.title) cannot hold this password: \(error.reason).")
                ])
        }
        return try columns.map { field in
            (field.written, try Self.value(made[field.part] ?? "", field.encoding))
        }
    }

    private static func value(_ text: String, _ encoding: StoredField.Encoding) throws -> SQLValue {
        switch encoding {
        case .text: return .text(text)
        case .bytes: return .blob(Array(text.utf8))
        case .integer:
            guard let number = Int64(text) else {
                preconditionFailure("a profile that was read keeps numbers as numbers")
            }
            return .integer(number)
        }
    }

    private func pepper(_ credential: Credential) throws -> Password? {
        guard let label = credential.pepper else { return nil }
        if let secret = try secret(label) { return secret }
        let what = directory.profile.secrets.first { $0.name == label }?.what ?? label
        throw AppsError(
            .secretMissing, reason: "nothing was changed: the secret \(label) is not bound (\(what))",
            hint: "attach the program with it: sparekey apps add NAME --database ADDRESS --secret \(label)=FILE, then "
                + "sparekey reset-password --app NAME ACCOUNT")
    }
}
