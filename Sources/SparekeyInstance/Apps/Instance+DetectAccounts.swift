import Sparekey
public import SparekeyApps
import SparekeySQL

/// What `apps detect` found, and whether it was tried out.
public struct Detection: Sendable {
    /// Whether the proposal was tried out on one account.
    public enum Rehearsal: Sendable {
        case done(RehearseReset.Outcome)
        /// Why not: a clause.
        case left(String)
    }

    public let report: DetectionReport
    /// The profiles that were not ignored and fit: then nothing has to be proposed.
    public let known: [Profile]
    /// Of the first candidate; nil where it has no profile.
    public let rehearsal: Rehearsal?
    public let warnings: [String]

    /// How far the first candidate can be trusted, its rehearsal included.
    public var confidence: DetectedAccounts.Confidence? {
        guard let first = report.candidates.first else { return nil }
        if case .done(let outcome)? = rehearsal, !outcome.isGood { return .unsure }
        return first.confidence
    }
}

extension Instance {
    /// Looks where another program's database keeps its accounts, and proposes a profile. Changes nothing in it, and needs no
    /// instance: the proposal is tried out on a copy that is gone afterwards, in a server's database in a transaction that is
    /// rolled back.
    ///
    /// - Parameters:
    ///   - address: a path or URL; see `apps detect --help`.
    ///   - name: what the profile is to be called; nil for a name like the database's.
    ///   - ignoresProfiles: whether it proposes where a profile is there already.
    /// - Throws: ``InstanceError``.
    public static func detectAccounts(
        at address: String, name: String?, ignoresProfiles: Bool, _ options: InstanceOptions
    ) async throws -> Detection {
        let shelf = try profiles(options.forProgram)
        do {
            let location = try ProgramLocation(address)
            let warnings = location.holdsPassword ? [FoundProgram.passwordInAddress] : []
            let folder = try NamedInstance(options.forProgram).folder
            let proposal = location.proposedName(avoiding: shelf.names)
            let detect = DetectAccounts(name: name ?? proposal, title: name ?? location.stem ?? proposal)
            let database = try await location.openToRead()
            do {
                let known =
                    ignoresProfiles
                    ? [] : try await CheckProgram(shelf.profiles())(database, surveys: false).fitting.map(\.profile)
                let report = try await detect(database)
                let tried = known.isEmpty ? report.candidates.first?.profile : nil
                let rehearsal = await rehearse(tried, database, folder)
                return Detection(report: report, known: known, rehearsal: rehearsal, warnings: warnings)
            } catch {
                await database.close()
                throw error
            }
        } catch {
            throw InstanceError.translated(error)
        }
    }

    /// Closes `database`: a SQLite file before the copy is worked on, since looking at it may keep its program waiting.
    ///
    /// What keeps the profile from being tried is said, and no error: the proposal stands without it.
    private static func rehearse(
        _ profile: Profile?, _ database: any SQLDatabase, _ folder: DataFolder
    ) async -> Detection.Rehearsal? {
        guard let profile else {
            await database.close()
            return nil
        }
        let rehearsal = RehearseReset(profile, clock: SystemWallClock(), random: SystemRandomSource())
        guard let file = database as? SQLiteDatabase else {
            let outcome = await tried { try await rehearsal(in: database) }
            await database.close()
            return outcome
        }
        let copy: ScratchCopy
        do {
            copy = try await ScratchCopy(of: file, in: folder)
        } catch {
            await database.close()
            return .left(reason(error))
        }
        defer { copy.discard() }
        await database.close()
        return await tried { try await copy.with { try await rehearsal(in: $0) } }
    }

    private static func tried(_ rehearsal: () async throws -> RehearseReset.Outcome) async -> Detection.Rehearsal {
        do {
            return .done(try await rehearsal())
        } catch {
            return .left(reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch InstanceError.translated(error) {
        case let left as RehearseReset.Left: left.reason
        case let error as InstanceError: error.reason
        case let error as RecoveryError: error.reason
        default: "\(error)"
        }
    }
}

extension ProgramLocation {
    /// `kuma` of `/app/data/kuma.db` and of `mysql://me@db/kuma`; nil where there is none.
    var stem: String? {
        let path = reference.prefix { $0 != "?" }
        let last = path.split(separator: "/").last.map(String.init) ?? ""
        let stem = last.prefix { $0 != "." }
        return stem.isEmpty || stem.contains("@") || stem.contains(":")
            ? nil : DisplayText(String(stem), limit: 40).text
    }

    /// A name that a profile may have and none has yet.
    func proposedName(avoiding taken: [String]) -> String {
        let letters = (stem ?? "").lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let name = String(letters).split(separator: "-").joined(separator: "-").prefix(24)
        let base = name.isEmpty ? "program" : String(name)
        return taken.contains(base) ? "\(base)-found" : base
    }
}
