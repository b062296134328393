import Foundation

/// The pages of one account.
enum UserPlace: String, Sendable {
    case edit
    case reset
    case delete
}

/// What a form of an account's page does; also what the page says afterwards.
enum UserAct: String, Sendable, CaseIterable {
    case saved
    case disable
    case enable
    case unlock
    case endSessions = "end-sessions"
    case requireChange = "require-change"
}

/// What the listing says at its top after something was done.
enum UsersNotice: String, Sendable {
    case deleted
}

extension SiteURL {
    static func listing(_ search: String, _ after: String?) -> String {
        let parts = [("search", search), ("after", after ?? "")].filter { !$0.1.isEmpty }.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .unreservedInURL) ?? "")"
        }
        return parts.isEmpty ? "/admin/users" : "/admin/users?\(parts.joined(separator: "&"))"
    }
}

extension CharacterSet {
    /// RFC 3986, section 2.3.
    fileprivate static let unreservedInURL = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}

/// The text of a destination in an address: a name of a list, or a place and the id of an account. It is not
/// `RawRepresentable`, whose `==` would ask for that text, which asks for `==`.
extension SiteURL.Destination {
    private static let named: [String: SiteURL.Destination] = [
        "account": .account, "change-password": .changePassword, "requests": .requests, "audit": .audit, "apps": .apps,
        "users": .users, "new-user": .newUser,
    ]

    init?(rawValue: String) {
        if let known = Self.named[rawValue] {
            self = known
            return
        }
        let parts = rawValue.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let place = UserPlace(rawValue: String(parts[0])), let id = Self.id(parts[1]) else {
            return nil
        }
        self = .user(id, place)
    }

    var rawValue: String {
        if case .user(let id, let place) = self { return "\(place.rawValue).\(id)" }
        guard let name = Self.named.first(where: { $0.value == self })?.key else {
            preconditionFailure("a destination without a name")
        }
        return name
    }

    /// The page of that address. A form of an account's page leads to the page.
    init?(path: String) {
        if let known = Self.named.values.first(where: { $0.url.path == path }) {
            self = known
            return
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard parts.starts(with: ["admin", "users"]), (3...4).contains(parts.count), let id = Self.id(parts[3]) else {
            return nil
        }
        self = .user(id, parts.count == 4 ? UserPlace(rawValue: String(parts[4])) ?? .edit : .edit)
    }

    /// Ids are UUIDs in lower case; no other text becomes part of an address.
    private static func id(_ text: Substring) -> String? {
        UUID(uuidString: String(text)).map { $0.uuidString.lowercased() }.flatMap { $0 == text ? $0 : nil }
    }
}
