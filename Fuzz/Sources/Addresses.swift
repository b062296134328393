@testable import SparekeyApps
@testable import SparekeyInstance
@testable import SparekeyMariaDB
@testable import SparekeyPostgreSQL
@testable import SparekeySQL

/// The address of a database, in every spelling that is read: what messages show of it never holds its password, and what
/// cannot be read is refused without a word of it.
enum Addresses {
    static func judge(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let postgreSQL = refuses(SQLError.self) {
            try PostgreSQLAddress(text, password: nil, options: PostgreSQLOptions())
        } judge: {
            silent($0.reason, about: text)
        }
        if let postgreSQL { judge(postgreSQL.place, password: postgreSQL.parameters["password"], of: text) }
        let mariaDB = refuses(SQLError.self) {
            try MariaDBAddress(text, password: nil)
        } judge: {
            silent($0.reason, about: text)
        }
        if let mariaDB { judge(mariaDB.place, password: mariaDB.password, of: text) }
        let container = refuses(AppsError.self) {
            try ContainerURL(text)
        } judge: {
            silent($0.description, about: text)
        }
        if let container, container.kind != .sqlite { judge(container.address, password: container.password, of: text) }
        let own = refuses(InstanceError.self) {
            try DatabaseLocation(text, source: .commandLine)
        } judge: {
            silent($0.description, about: text)
        }
        _ = own?.holdsPassword
    }

    /// Short ones are in every address by chance, and one that is the user's or the host's name too is told by that.
    private static func judge(_ place: String, password: String?, of text: String) {
        hold(isShowable(place), "an address that a terminal obeys")
        guard let password, password.utf8.count >= 8, text.ranges(of: password).count == 1 else { return }
        hold(!place.contains(password), "a message shows the password")
    }

    private static func silent(_ words: String, about text: String) {
        hold(isShowable(words), "an error that a terminal obeys")
        hold(text.utf8.count < 24 || !words.contains(text), "an error repeats an address")
    }
}
