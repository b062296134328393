/// The server that runs on the same data folder, as a command reaches it.
public protocol RunningServer: Sendable {
    /// What tells whether it uses the same database as this command; nil where no server runs.
    ///
    /// - Throws: where one runs and does not answer, or is somebody else's; the error's text is for people.
    func databaseIdentity() async throws -> String?
}
