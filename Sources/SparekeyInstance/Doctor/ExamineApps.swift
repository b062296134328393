import Sparekey
import SparekeyApps

/// Whether a password could be reset in each attached program now, as the user whose data folder this is.
struct ExamineApps {
    let apps: [AttachedApp]
    let options: InstanceOptions

    /// A check for each; none where nothing is attached.
    func callAsFunction() async -> [HealthCheck] {
        var checks: [HealthCheck] = []
        for app in apps { checks.append(await check(app)) }
        return checks
    }

    private func check(_ app: AttachedApp) async -> HealthCheck {
        let name = "app \(app.name)"
        do {
            let (report, warnings) = try await Instance.checkProgram(app, options)
            guard let fit = report.fits.first, fit.mismatches.isEmpty else {
                let first = report.fits.first?.mismatches.first?.words ?? "nothing of it is there"
                return HealthCheck(
                    name, .wrong, "the database \(report.place) does not fit the profile \(app.profile): \(first)",
                    remedy: "sparekey apps check \(app.name) says all that differs")
            }
            if let warning = warnings.first {
                return HealthCheck(
                    name, .warning, warning, remedy: "sparekey apps check \(app.name) says more")
            }
            return .ok(name, "\(fit.profile.title) in \(report.place) can be reached and fits")
        } catch {
            return .wrong(name, error)
        }
    }
}
