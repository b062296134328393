import ArgumentParser
import PasswordHashing

/// `sparekey hash formats`: every format that a hash or a profile can name; no instance is opened.
struct HashFormatsCommand: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "formats", helpNames: [])

    static let help = """
        sparekey hash formats: every format, and what it is good for

        MADE is the cost of a new hash unless you say another; `no` stands by what is too weak
        for new passwords and is only verified. PARTS are the columns that a program keeps it
        in. Those with one part are for hash make, verify and identify; a profile names any.

          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey hash formats
        """

    @OptionGroup var common: CommonOptions

    func run(_ session: Session) async throws {
        let formats = CredentialFormats.standard.all
        guard !session.output.json else {
            let members = try formats.map { JSONValue.object(try $0.members) }
            return try session.output.answer(.object(["formats": .array(members)]))
        }
        let rows = try formats.map { [$0.name, try $0.made ?? "no", $0.parts.joined(separator: ", ")] }
        for line in Table(["NAME", "MADE", "PARTS"], rows).lines { try session.output.answer(line) }
    }
}

extension CredentialFormat {
    /// The cost of a new value; nil for what is only verified.
    fileprivate var made: String? {
        get throws {
            guard canMake else { return nil }
            let cost = try recommendedCost.description
            return cost.isEmpty ? "yes" : cost
        }
    }

    /// The hash first, then what stands beside it, then what comes from elsewhere.
    fileprivate var parts: [String] {
        let others = fields.subtracting([.hash]).map(\.rawValue).sorted()
        return ["hash"] + others + (needsUsername ? ["account"] : []) + (needsPepper ? ["pepper"] : [])
    }

    fileprivate var members: [String: JSONValue] {
        get throws {
            [
                "name": .string(name), "made": .bool(canMake), "cost": .optional(try made),
                "prefixes": .array(variants.map(JSONValue.string)), "parts": .array(parts.map(JSONValue.string)),
            ]
        }
    }
}
