/// Whether there is a backup, and whether one holds the instance key.
public struct CheckBackup: Sendable {
    private let register: any HealthRegister

    public init(register: any HealthRegister) {
        self.register = register
    }

    public func callAsFunction() async throws -> HealthCheck {
        let name = "backup"
        let record = try await register.backups()
        guard let latest = record.latest else {
            return HealthCheck(
                name, .warning, "sparekey backup has never been used here",
                remedy: "sparekey backup FILE --with-key, and keep FILE on another machine")
        }
        guard let withKey = record.latestWithKey else {
            return HealthCheck(
                name, .warning, "the last was made at \(latest.rfc3339), and none holds the instance key",
                remedy: "sparekey backup FILE --with-key; or keep a copy of the key file, apart from the backups")
        }
        return .ok(name, "the last was made at \(latest.rfc3339), the last with the key at \(withKey.rfc3339)")
    }
}
