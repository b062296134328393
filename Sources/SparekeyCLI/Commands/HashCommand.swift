import ArgumentParser
import PasswordHashing
import Sparekey
import SparekeyInstance

/// `sparekey hash`: one password hash, in any format; no instance is opened.
struct HashCommand: SparekeyCommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "hash",
        subcommands: [HashMake.self, HashVerify.self, HashIdentify.self, HashFormatsCommand.self], helpNames: [])

    static let help = """
        sparekey hash: one password hash, in any format

          sparekey hash make [--format NAME] [--cost COST]   a new hash on stdout
          sparekey hash verify HASH       status 0 when the password fits, 1 when not
          sparekey hash identify HASH     name and parameters
          sparekey hash formats           the names of all

        make and verify ask for the password in the terminal, or take --password-stdin.

        Example: sparekey hash make --format bcrypt --cost 12
        """
}

/// `sparekey hash make`.
struct HashMake: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "make", helpNames: [])

    static let help = """
        sparekey hash make: a new hash of a password, on stdout

          --format NAME      argon2id (default), bcrypt, yescrypt, scrypt, sha512-crypt,
                             pbkdf2-sha256, pbkdf2-sha512, or as a program writes it:
                             django-pbkdf2-sha256, werkzeug-scrypt, nextcloud-argon2id,
                             wordpress-bcrypt, jellyfin-pbkdf2-sha512, ldap-argon2id, ...
                             All of them: sparekey hash formats
          --cost COST        as in m=19456,t=2,p=1 or 12; default: OWASP's recommendation
          --prefix PREFIX    bcrypt and what holds it: 2b, 2a or 2y
          --password-stdin   read the password from standard input
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: printf '%s\\n' "$PASSWORD" | sparekey hash make --password-stdin
        """

    @OptionGroup var common: CommonOptions
    @Option(completion: .list(HashFormats.makeable)) var format = "argon2id"
    @Option var cost: String?
    @Option var prefix: String?
    @Flag var passwordStdin = false

    func run(_ session: Session) async throws {
        guard let format = HashFormats.standard.named(format) else {
            throw CommandFailure(
                .usage, "there is no format of that name", hint: "all that there are: sparekey hash formats")
        }
        let cost = try cost.map { try HashCost(of: format, text: $0) } ?? format.recommendedCost
        if !cost.meetsFloor { session.output.warn("\(cost) is less than OWASP asks of \(format.name)") }
        let password = try HashPassword.read(fromStandardInput: passwordStdin, twice: true).normalizedNFC()
        let hash = try format.make(password, cost: cost, variant: prefix, salt: .system)
        if session.output.json {
            try session.output.answer(.object(["hash": .string(hash), "format": .string(format.name)]))
        } else {
            try session.output.answer(hash)
        }
    }
}

/// `sparekey hash verify`.
struct HashVerify: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "verify", helpNames: [])

    static let help = """
        sparekey hash verify HASH: does the password fit the hash?

        Status 0 when it fits, 1 when not. Put HASH in single quotes: it holds $ signs.
        The one in the example is of the password: correct horse battery staple

          --password-stdin   read the password from standard input
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey hash verify '$2b$12$nIyXCmnfMAMiIk.F6hHLV.LSOZbngkJhLtYpmSiVL9IEilWvbvmXm'
        """

    @OptionGroup var common: CommonOptions
    @Argument var hash: String
    @Flag var passwordStdin = false

    func run(_ session: Session) async throws {
        let parameters = try HashFormats.standard.parameters(of: hash)
        let password = try HashPassword.read(fromStandardInput: passwordStdin, twice: false)
        // As it was typed first: other programs hash what they receive; Sparekey's own hashes are of the NFC form.
        let fits =
            try HashFormats.standard.verify(password, against: hash)
            || HashPassword.verifyNormalized(password, against: hash)
        if session.output.json {
            try session.output.answer(.object(["fits": .bool(fits), "format": .string(parameters.scheme)]))
        } else {
            try session.output.answer(fits ? "The password fits" : "The password does not fit")
        }
        if !fits { throw Declined() }
    }
}

/// `sparekey hash identify`.
struct HashIdentify: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "identify", helpNames: [])

    static let help = """
        sparekey hash identify HASH: which format, which parameters

        Put HASH in single quotes: it holds $ signs. Nothing is hashed.

          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey hash identify '$2b$12$nIyXCmnfMAMiIk.F6hHLV.LSOZbngkJhLtYpmSiVL9IEilWvbvmXm'
        """

    @OptionGroup var common: CommonOptions
    @Argument var hash: String

    func run(_ session: Session) async throws {
        let parameters = try HashFormats.standard.parameters(of: hash)
        guard !session.output.json else {
            return try session.output.answer(
                .object([
                    "format": .string(parameters.scheme), "prefix": .optional(parameters.variant),
                    "cost": .string("\(parameters.cost)"), "saltBytes": .integer(Int64(parameters.saltLength)),
                    "keyBytes": .integer(Int64(parameters.keyLength)),
                    "belowRecommendation": .bool(!parameters.cost.meetsFloor),
                ]))
        }
        let cost = "\(parameters.cost)"
        try session.output.answer(parameters.scheme + (cost.isEmpty ? "" : " (\(cost))"))
        if !parameters.cost.meetsFloor { session.output.advise("This is less than OWASP asks of new hashes.") }
    }
}

/// The password of `hash make` and `hash verify`.
private enum HashPassword {
    static func read(fromStandardInput: Bool, twice: Bool) throws -> Password {
        if fromStandardInput { return try PasswordSource.readStandardInput() }
        guard let terminal = Terminal.open() else {
            throw CommandFailure(.usage, "there is no terminal to ask for the password", hint: "use --password-stdin")
        }
        while true {
            guard twice else { return try terminal.askHidden("Password: ") }
            let (first, second) = try terminal.conversation {
                (try terminal.askHidden("Password: "), try terminal.askHidden("Confirm password: "))
            }
            if first.isEqual(to: second) { return first }
            terminal.say("The two entries differ; please try again.")
        }
    }

    static func verifyNormalized(_ password: Password, against hash: String) throws -> Bool {
        guard let normalized = try? password.normalizedNFC(), !normalized.isEqual(to: password) else { return false }
        return try HashFormats.standard.verify(normalized, against: hash)
    }
}

extension HashFormats {
    /// The names of the formats that a new hash can be made in.
    fileprivate static let makeable = standard.all.filter(\.canMake).map(\.name)
}
