public import SparekeySQL

/// Holds another program's database against profiles: against one that was named, or against all, which tells whose it is.
///
/// Reads only: the schema, the number of accounts, and at most a thousand stored values for the names of their formats.
/// Costs one transaction with a few questions for each table that a profile names and the database has.
public struct CheckProgram: Sendable {
    public struct Report: Sendable {
        /// Without a password.
        public let place: String
        public let kind: Profile.DatabaseKind
        /// As the database says it.
        public let version: String
        /// In the order of the profiles; of one whose tables have a prefix, one for each prefix that was found.
        public let fits: [ProfileFit]

        public var fitting: [ProfileFit] { fits.filter(\.fits) }

        /// Where none fits: the one that lacks no table and at most three columns, as an older or newer version of a program
        /// would; nil where there is none, or several are as near.
        public var nearest: ProfileFit? {
            guard fitting.isEmpty else { return nil }
            let near = fits.filter { $0.mismatches.count <= 3 && $0.mismatches.allSatisfy { $0.column != nil } }
            guard let least = near.map(\.mismatches.count).min() else { return nil }
            let found = near.filter { $0.mismatches.count == least }
            return found.count == 1 ? found.first : nil
        }

        /// Why no profile fits, as far as there is one that could be meant.
        public var whyNot: String {
            let near = nearest.flatMap { fit in
                fit.mismatches.first.map {
                    "; nearest is \(fit.profile.title) (\(fit.profile.reference)), but for \($0.words)"
                }
            }
            return "no profile fits the database \(place)\(near ?? "")"
        }
    }

    let profiles: [Profile]

    public init(_ profiles: [Profile]) {
        self.profiles = profiles
    }

    /// - Parameter surveys: whether accounts are counted and formats of stored values named.
    /// - Throws: ``SQLError``.
    public func callAsFunction(_ database: any SQLDatabase, surveys: Bool = true) async throws -> Report {
        let (place, profiles) = (database.place, profiles)
        return try await database.transaction(.read) { connection in
            var candidates: [Profile] = []
            let schema = try FoundSchema(connection) { names in
                candidates = profiles.flatMap { $0.candidates(among: names) }
                return candidates.reduce(into: []) { $0.formUnion($1.tablesNamed) }
            }
            let fits = try candidates.map { profile in
                var fit = ProfileFit(profile, in: schema)
                guard fit.fits, surveys else { return fit }
                fit.surveys = try profile.accounts.compactMap { try AccountSurvey($0, schema, connection) }
                return fit
            }
            return Report(
                place: place, kind: schema.kind, version: try connection.schema.server().version, fits: fits)
        }
    }
}
