import Glibc
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
            let database = try await location.openToRead()
            do {
                let known =
                    ignoresProfiles
                    ? [] : try await CheckProgram(shelf.profiles)(database, surveys: false).fitting.map(\.profile)
                let proposal = location.proposedName(avoiding: shelf.profiles.map(\.name))
                let detect = DetectAccounts(name: name ?? proposal, title: name ?? location.stem ?? proposal)
                let report = try await detect(database)
                let tried = known.isEmpty ? report.candidates.first?.profile : nil
                let folder = try NamedInstance(options.forProgram).folder
                var rehearsal: Detection.Rehearsal?
                if let tried { rehearsal = await rehearse(tried, database, folder) }
                await database.close()
                return Detection(report: report, known: known, rehearsal: rehearsal, warnings: warnings)
            } catch {
                await database.close()
                throw error
            }
        } catch {
            throw InstanceError.translated(error)
        }
    }

    /// What keeps it from being tried is said, and no error: the proposal stands without it.
    private static func rehearse(
        _ profile: Profile, _ database: any SQLDatabase, _ folder: DataFolder
    ) async -> Detection.Rehearsal {
        do {
            let rehearsal = RehearseReset(profile, clock: SystemWallClock(), random: SystemRandomSource())
            guard let file = database as? SQLiteDatabase else { return .done(try await rehearsal(in: database)) }
            return .done(try await onCopy(of: file, folder) { try await rehearsal(in: $0) })
        } catch let left as RehearseReset.Left {
            return .left(left.reason)
        } catch {
            let translated = InstanceError.translated(error)
            return .left((translated as? InstanceError)?.reason ?? (translated as? RecoveryError)?.reason ?? "\(error)")
        }
    }

    /// Larger files are not copied for it.
    private static var mostBytes: Int64 { 1 << 30 }

    /// Copies the database to where nobody else can read it: into the data folder, or without one into a folder of its own.
    private static func onCopy<Value: Sendable>(
        of database: SQLiteDatabase, _ folder: DataFolder, _ body: (any SQLDatabase) async throws -> Value
    ) async throws -> Value {
        let size = try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size
                """
            ).first?.integer("bytes") ?? 0
        }
        guard size <= mostBytes else { throw RehearseReset.Left(reason: "the database is larger than 1 GiB") }
        let scratch = folder.exists ? nil : try temporaryFolder()
        defer { if let scratch { rmdir(scratch) } }
        let file = try BackupFile(
            path: scratch.map { "\($0)/rehearsal.db" } ?? folder.file("rehearsal.db"), random: SystemRandomSource())
        defer { file.discard() }
        try await database.copy(to: file.draft) { _, _ in }
        let copy = try await SQLiteDatabase.program(path: file.draft)
        do {
            let value = try await body(copy)
            await copy.close()
            return value
        } catch {
            await copy.close()
            throw error
        }
    }

    /// For this user alone, by mkdtemp(3).
    private static func temporaryFolder() throws -> String {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/sparekey-rehearsal.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw RehearseReset.Left(
                reason: "no private folder can be made in \(base): \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
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
