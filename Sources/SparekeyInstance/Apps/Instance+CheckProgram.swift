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
        // The database of these options is a program's here, and would be refused as an own one.
        let own = InstanceOptions(
            data: options.data, config: options.config, database: nil, environment: options.environment)
        let shelf = try profiles(own)
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
            return (report, location.holdsPassword ? [passwordInAddress] : [])
        } catch {
            throw InstanceError.translated(error)
        }
    }

    private static let passwordInAddress = """
        the password in --database can be seen in the list of running programs; .pgpass or my.cnf keep it out of there
        """
}
