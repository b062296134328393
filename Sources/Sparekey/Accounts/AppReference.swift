import Crypto
import Foundation

/// How the journal names an app, so that a later command finds it again.
public struct AppReference: Sendable, Hashable {
    /// What the operator calls it: its name in the settings, else its profile's.
    public let name: String
    public let profile: String
    /// A path or a URL without a password.
    public let database: String

    public init(name: String, profile: String, database: String) {
        self.name = name
        self.profile = profile
        self.database = database
    }

    /// Tells databases of one program apart by where they lie, in a file's name: 12 hexadecimal digits.
    public var databaseMark: String {
        Array(SHA256.hash(data: Data(database.utf8)).prefix(6)).hexadecimal
    }
}
