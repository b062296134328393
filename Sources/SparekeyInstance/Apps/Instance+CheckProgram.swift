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
            let wanted = try name.map { [try shelf.named($0)] } ?? shelf.profiles
            let location = try ProgramLocation(address)
            let database = try await location.openToRead()
            let report: CheckProgram.Report
            do {
                report = try await CheckProgram(wanted)(database)
            } catch {
                await database.close()
                throw error
            }
            await database.close()
            return (report, location.holdsPassword ? [FoundProgram.passwordInAddress] : [])
        } catch {
            throw InstanceError.translated(error)
        }
    }
}
