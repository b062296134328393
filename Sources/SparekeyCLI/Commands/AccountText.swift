import Foundation
import Sparekey

extension Account {
    /// `'USERNAME' (EMAIL)`; without an e-mail the brackets are left out.
    var quoted: String {
        email.map { "'\(username)' (\($0))" } ?? "'\(username)'"
    }

    /// The lines that PAL-1 shows before it asks.
    var details: [String] {
        [
            "   Name: \(displayName)",
            "   Username: \(username)",
            "   E-mail: \(email ?? "none")",
            "   Status: \(isActive ? "Active" : "Disabled")",
            "   Admin: \(role == .admin ? "Yes" : "No")",
        ]
    }

    /// As `reset-password --json` names it.
    var reference: JSONValue { reference(in: nil) }

    /// The same for an account of an app.
    func reference(in app: AppReference?) -> JSONValue {
        .object([
            "id": .string(id), "username": .string(username), "email": .optional(email),
            "app": .optional(app?.name),
        ])
    }

    /// As `users list --json` shows it.
    var listing: JSONValue {
        .object([
            "id": .string(id), "username": .string(username), "email": .optional(email),
            "displayName": .string(displayName), "role": .string(role.rawValue), "active": .bool(isActive),
            "requirePasswordChange": .bool(requirePasswordChange),
            "lastSignInAt": .optional(lastSignInAt?.rfc3339),
        ])
    }
}
