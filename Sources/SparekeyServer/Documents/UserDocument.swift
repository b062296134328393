import Sparekey

/// An account as administrators see it.
struct UserDocument: Encodable, Sendable {
    let id: String
    let username: String
    let email: String?
    let displayName: String
    let role: String
    let active: Bool
    let requirePasswordChange: Bool
    let lastSignInAt: String?

    init(_ account: Account) {
        id = account.id
        username = account.username
        email = account.email
        displayName = account.displayName
        role = account.role.rawValue
        active = account.isActive
        requirePasswordChange = account.requirePasswordChange
        lastSignInAt = account.lastSignInAt?.rfc3339
    }

    enum CodingKeys: CodingKey {
        case id, username, email, displayName, role, active, requirePasswordChange, lastSignInAt
    }

    /// Absent values are null, so that every user has the same keys.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(username, forKey: .username)
        try container.encode(email, forKey: .email)
        try container.encode(displayName, forKey: .displayName)
        try container.encode(role, forKey: .role)
        try container.encode(active, forKey: .active)
        try container.encode(requirePasswordChange, forKey: .requirePasswordChange)
        try container.encode(lastSignInAt, forKey: .lastSignInAt)
    }
}
