extension Proof {
    /// The owner's current password, verified by ``ChangePassword``.
    public static let currentPassword = Proof(kind: "currentPassword")
}
