// The compiler takes the types of C for those of the module that it meets first, and this file is the first of its module: were
// it Dispatch, files that import Glibc alone would not have `stat` (MemberImportVisibility).
import Glibc
public import SparekeyApps

/// What an operator wants to attach, before anybody has looked whether it is there.
public struct AppProposal: Sendable {
    public let name: String
    /// Nil where the tables are to say which program it is.
    public var profile: String?
    /// A path or URL. A password in it is taken out and kept in a file of its own.
    public var address: String
    public var passwordFile: String?
    /// Kept in a file of its own beside the settings; for the password that a container was given.
    public var password: String?
    /// Where several profiles fit, these come first.
    public var likely: [String] = []
    public var secrets: [String: AttachedApp.Secret] = [:]
    public var hooks: [String: AttachedApp.Hook] = [:]
    public var login: String?
    /// What a person should know of how this was found.
    public var notes: [String] = []

    public init(name: String, address: String) {
        self.name = name
        self.address = address
    }

    /// What a container says of the program in it.
    public init(name: String, _ found: ContainerProgram) {
        self.init(name: name, address: found.address)
        (passwordFile, password) = (found.passwordFile, found.password)
        (likely, notes) = (found.likely, found.notes)
    }
}

/// A proposal that was looked at: the database is there and fits the profile. Nothing is written yet.
public struct AppAttachment: Sendable {
    public let app: AttachedApp
    public let profile: Profile
    public let report: CheckProgram.Report
    /// The file that the entry goes into; it may not exist yet.
    public let settingsFile: String
    /// What is kept in ``AttachedApp/passwordFile``; nil where that file is the operator's own.
    let password: String?
    public let notes: [String]
    /// What would not work yet, a secret that cannot be read say.
    public let faults: [String]
    /// Whether the password stood in the address, where other programs could see it.
    public let addressHeldPassword: Bool

    /// Whether attaching makes the file that holds the database's password.
    public var makesPasswordFile: Bool { password != nil }
}

/// A database's address in two parts.
struct SplitAddress {
    let address: String
    let password: String?

    /// Takes `user:password@` out of a URL. A path is left alone.
    ///
    /// - Throws: ``InstanceError`` `badSettings` for a password anywhere else in it.
    init(_ text: String) throws {
        guard let scheme = text.firstRange(of: "://") else {
            (address, password) = (text, nil)
            return
        }
        let rest = text[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
            guard !text.lowercased().contains("password=") else { throw Self.unreadable }
            (address, password) = (text, nil)
            return
        }
        guard let decoded = Self.decoded(authority[authority.index(after: colon)..<at]) else { throw Self.unreadable }
        address = String(text[..<colon]) + String(text[at...])
        password = decoded.isEmpty ? nil : decoded
    }

    /// Without `%40` and the like (RFC 3986, 2.1).
    private static func decoded(_ text: Substring) -> String? {
        var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.count == 2, digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static let unreadable = InstanceError(
        .badSettings, reason: "the password in the database's address cannot be told from the rest of it",
        hint: "leave it out and name a file that holds it with --password-file; nothing was changed")
}
