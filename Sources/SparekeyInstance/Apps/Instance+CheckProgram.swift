public import SparekeyApps
import SparekeySQL

extension Instance {
    /// Looks at another program's database and says which profiles fit it. Changes nothing, and needs no instance: the data
    /// folder is asked for profiles only.
    ///
    /// - Parameters:
    ///   - address: a path or URL; see `apps check --help`.
    ///   - name: the profile that should fit; nil asks all of them.
    /// - Returns: the report, and what the operator should know about how the database was named.
    /// - Throws: ``InstanceError``.
    public static func checkProgram(
        at address: String, profile name: String?, _ options: InstanceOptions
    ) async throws -> (report: CheckProgram.Report, warnings: [String]) {
        let shelf = try profiles(options.forProgram)
        do {
            let wanted = try name.map { [try shelf.meant(by: $0)] } ?? shelf.profiles()
            let location = try ProgramLocation(address)
            let report = try await check(location, password: nil, against: wanted)
            return (report, location.holdsPassword ? [FoundProgram.passwordInAddress] : [])
        } catch {
            throw InstanceError.translated(error)
        }
    }

    /// The same for a program that is attached: at its address, with its password file, against its profile.
    ///
    /// - Returns: the report, and which labels are bound that the profile does not have.
    /// - Throws: ``InstanceError``.
    public static func checkProgram(
        _ app: AttachedApp, _ options: InstanceOptions
    ) async throws -> (report: CheckProgram.Report, warnings: [String]) {
        let shelf = try profiles(options.forProgram)
        do {
            let profile = try shelf.named(app.profile)
            let bindings = try bindings(of: app.name, options)
            let report = try await check(
                ProgramLocation(app.database), password: bindings.password(), against: [profile])
            let warnings = app.labelsUnknown(to: profile).map {
                "the app \(app.name) binds \($0), and the profile \(profile.name) has no such label"
            }
            return (report, warnings + bindings.faults(profile))
        } catch {
            throw InstanceError.translated(error)
        }
    }

    static func check(
        _ location: ProgramLocation, password: String?, against profiles: [Profile]
    ) async throws -> CheckProgram.Report {
        let store = try await location.storeToRead(password: password)
        do {
            let report = try await store.check(profiles)
            await store.close()
            return report
        } catch {
            await store.close()
            throw error
        }
    }
}
