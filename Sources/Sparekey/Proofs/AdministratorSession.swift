extension Proof {
    /// An administrator's session that began within the last ten minutes (SEC-15), acting on somebody else's account.
    public static let administratorSession = Proof(kind: "administrator")
}
