/// Whether somebody could sign in as an administrator.
public struct CheckAdministrators: Sendable {
    public static let name = "administrators"

    private let register: any HealthRegister

    public init(register: any HealthRegister) {
        self.register = register
    }

    public func callAsFunction() async throws -> HealthCheck {
        switch try await register.enabledAdministrators(upTo: 2) {
        case 0:
            HealthCheck(
                Self.name, .wrong, "nobody can sign in as an administrator: none is enabled with a password",
                remedy: "sparekey setup creates one; or sparekey users enable ACCOUNT")
        case 1:
            HealthCheck(
                Self.name, .warning, "there is only one enabled administrator, and nobody to help if that one is lost",
                remedy: "add another: sparekey users add --admin")
        default: .ok(Self.name, "two or more are enabled and have a password")
        }
    }
}
