public import Sparekey

/// What `sparekey doctor` found out about an instance.
public struct Examination: Sendable {
    public internal(set) var checks: [HealthCheck] = []
    /// Every setting in force, secrets masked; empty when the settings could not be read.
    public internal(set) var settings: [Settings.Listed] = []

    /// Whether a recovery would work today. Warnings do not count.
    public var isHealthy: Bool { !checks.contains { $0.level == .wrong } }
}

extension HealthCheck {
    /// What stopped somebody, as a check that found it.
    static func wrong(_ name: String, _ error: any Error) -> HealthCheck {
        switch InstanceError.translated(error) {
        case let error as InstanceError: HealthCheck(name, .wrong, error.reason, remedy: error.hint)
        case let error as RecoveryError: HealthCheck(name, .wrong, error.reason, remedy: error.hint)
        case let error: HealthCheck(name, .wrong, "\(error)")
        }
    }

    /// The checks of `look`, or that it could not be done.
    static func looking(_ name: String, _ look: () async throws -> [HealthCheck]) async -> [HealthCheck] {
        do {
            return try await look()
        } catch {
            return [.wrong(name, error)]
        }
    }
}
