public import Sparekey
public import SparekeyApps
import SparekeySQL

/// A program's database that was looked at and not changed: which program it is, and what a reset would do there.
public struct FoundProgram: Sendable {
    public let profile: Profile
    /// `SQLite 3.40.1`
    public let database: String
    /// Without a password.
    public let place: String
    let location: ProgramLocation
    /// Of a server's database, where the settings name a file that holds it.
    let password: String?
    /// Of a program that is attached.
    let bindings: AppBindings?
    /// How journal and tokens name it.
    public let reference: AppReference

    /// Which database is meant.
    public enum Choice: Sendable {
        /// By its address, and perhaps the profile that it has to fit.
        case address(String, profile: String?, password: String? = nil)
        /// By the name that the settings attach it under.
        case attached(String)
    }

    /// Whose database it is.
    ///
    /// - Parameter choose: which of several profiles that fit; nil for none.
    /// - Throws: ``InstanceError`` `misfit` where none fits, `severalFit` where none was chosen.
    public init(
        _ choice: Choice, _ options: InstanceOptions, choose: ([Profile]) throws -> Profile?
    ) async throws {
        do {
            try NamedInstance(options.forProgram).refuseStrangersRecords()
            let shelf = try Instance.profiles(options.forProgram)
            let named: Profile?
            var name: String?
            switch choice {
            case .address(let address, let wanted, let known):
                location = try ProgramLocation(address)
                (named, password, bindings) = (try wanted.map(shelf.meant), known, nil)
            case .attached(let attached):
                let bound = try Instance.bindings(of: attached, options)
                location = try ProgramLocation(bound.app.database)
                named = try shelf.named(bound.app.profile)
                (password, name, bindings) = (try bound.password(), attached, bound)
            }
            if case .sqlite(let path) = location, KeptCopy.isOne(path) { throw KeptCopy.refusal(path) }
            let wanted = try named.map { [$0] } ?? shelf.profiles()
            let report = try await Self.look(location, password) { try await $0.check(wanted, surveys: false) }
            let fitting = report.fitting.map(\.profile)
            guard let fit = fitting.count > 1 ? try choose(fitting) : fitting.first else {
                throw Self.misfit(report, named: named?.reference)
            }
            if let refusal = fit.refusal {
                throw InstanceError(.refused, reason: "nothing was changed: \(refusal.reason)", hint: refusal.wayOut)
            }
            self.profile = fit
            database = [report.kind.words, DisplayText(report.version, limit: 60).text].filter { !$0.isEmpty }
                .joined(separator: " ")
            place = report.place
            reference = AppReference(name: name ?? fit.name, profile: fit.reference, database: location.reference)
        } catch {
            throw InstanceError.translated(error)
        }
    }

    init(
        _ reference: AppReference, profile: Profile, password: String?, bindings: AppBindings?,
        location: ProgramLocation
    ) {
        self.location = location
        self.password = password
        self.bindings = bindings
        self.profile = profile
        self.reference = reference
        database = ""
        place = reference.database
    }

    public static let passwordInAddress = """
        the password in --database can be seen in the list of running programs; .pgpass or my.cnf keep it out of there
        """

    /// Whether everybody on this machine can read a password in the address.
    public var holdsPassword: Bool { location.holdsPassword }

    /// The account that a person means, what a reset would do to it, and what is stored now. Nothing is changed.
    ///
    /// - Throws: ``RecoveryError`` `unknownAccount` or `ambiguous`, ``InstanceError``.
    public func account(_ name: String, isInPlace: Bool = false) async throws -> (
        account: ProgramAccount, preview: ProgramPreview, stored: StoredColumns?
    ) {
        do {
            return try await Self.look(location, password) { store in
                let directory = directory(in: store, isConfirmed: false, isInPlace: isInPlace)
                guard let account = try await directory.look(name) else { throw unknown(name) }
                let stored = try await directory.read(account.account)
                return (account, try await directory.preview(account.account), stored)
            }
        } catch {
            throw InstanceError.translated(error)
        }
    }

    func directory(in store: ProgramStore, isConfirmed: Bool, isInPlace: Bool = false) -> ProgramDirectory {
        switch store {
        case .database(let database):
            ProgramDirectory(
                profile, in: database, reference: reference, folder: location.folder, isConfirmed: isConfirmed,
                isInPlace: isInPlace)
        case .file(let path):
            ProgramDirectory(profile, in: path, reference: reference, isConfirmed: isConfirmed, isInPlace: isInPlace)
        }
    }

    private func unknown(_ name: String) -> RecoveryError {
        let how = profile.accounts.flatMap(\.lookups).map(\.words)
        return RecoveryError(
            .unknownAccount, reason: "\(profile.title) has no account '\(DisplayText(name).text)'",
            hint: "nothing was changed; an account is named by \(how.joined(separator: " or "))")
    }

    private static func look<Value: Sendable>(
        _ location: ProgramLocation, _ password: String?, _ body: (ProgramStore) async throws -> Value
    ) async throws -> Value {
        let store = try await location.storeToRead(password: password)
        do {
            let value = try await body(store)
            await store.close()
            return value
        } catch {
            await store.close()
            throw error
        }
    }

    private static func misfit(_ report: CheckProgram.Report, named: String?) -> InstanceError {
        if report.fitting.count > 1 {
            let names = report.fitting.map(\.profile.reference).joined(separator: ", ")
            return InstanceError(
                .severalFit, reason: "the database \(report.place) fits several profiles: \(names)",
                hint: "nothing was changed; say which program it is with --profile NAME")
        }
        guard let named, let first = report.fits.first?.mismatches.first else {
            return InstanceError(
                .misfit, reason: report.whyNot,
                hint: "nothing was changed; is it the right file or address? sparekey apps check says what differs; "
                    + "for a program or a version without a profile, sparekey apps detect proposes one")
        }
        return InstanceError(
            .misfit, reason: "the database \(report.place) does not fit the profile \(named): \(first.words)",
            hint: "nothing was changed; sparekey apps check \(named) says all that differs, "
                + "sparekey apps show \(named) which versions it is for")
    }
}
