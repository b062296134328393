import PasswordHashing
public import Sparekey
import SparekeyApps
import SparekeySQL
import SparekeyStore

/// A program's database, open for changes, with its accounts joined to this instance's journal: the same pipeline as for
/// own accounts.
public struct OpenedProgram: Sendable {
    let instance: Instance
    let directory: ProgramDirectory
    let store: ProgramStore
    /// What the operator bound to the profile's labels; nil where the program is not attached.
    let bindings: AppBindings?

    /// Costs two runs of each of the program's hash formats and four small transactions.
    public var resetPassword: ResetPassword {
        ResetPassword(
            directory: directory, ledger: ledger,
            credentials: MakeProgramCredentials(
                directory, secret: { [bindings] in try bindings?.secret($0) }, hashing: instance.hashingPlace,
                clock: instance.clock, random: instance.random),
            refresh: hooks, trySignIn: ProgramSignIn(form: directory.profile.signIn, bindings: bindings),
            rules: ResetRules(
                temporary: instance.temporary, historyKept: 0, undoKept: instance.settings.undoKeep),
            clock: instance.clock, random: instance.random)
    }

    public var undoReset: UndoReset {
        UndoReset(
            directory: directory, ledger: ledger, journal: instance.store, refresh: hooks,
            clock: instance.clock, random: instance.random)
    }

    public func close() async {
        await store.close()
    }

    private var hooks: ProgramHooks {
        ProgramHooks(hooks: directory.profile.hooks, bindings: bindings, log: instance.log)
    }

    private var ledger: AppLedger { AppLedger(journal: instance.store, directory: directory) }
}

extension Instance {
    /// Opens the program's database to change it.
    ///
    /// - Parameters:
    ///   - isConfirmed: whether the person has said yes to what a refusal may be lifted for.
    ///   - isInPlace: whether files are written themselves, and not replaced.
    public func open(
        _ program: FoundProgram, isConfirmed: Bool = false, isInPlace: Bool = false
    ) async throws -> OpenedProgram {
        do {
            let store = try await program.location.storeToWrite(password: program.password, isInPlace: isInPlace)
            return OpenedProgram(
                instance: self,
                directory: program.directory(in: store, isConfirmed: isConfirmed, isInPlace: isInPlace), store: store,
                bindings: program.bindings)
        } catch {
            throw InstanceError.translated(error)
        }
    }

    /// The program of an earlier reset.
    ///
    /// - Parameter address: where it is now; nil for where it was.
    public func program(_ app: AppReference, at address: String?) throws -> FoundProgram {
        do {
            return try program(app, at: ProgramAddress(address ?? app.database))
        } catch {
            throw InstanceError.translated(error)
        }
    }

    /// The policy in force, joined with the program's own: the stricter counts. Passwords are kept as they are spelt.
    public func acceptPassword(for program: FoundProgram) -> AcceptPassword {
        let (own, asked) = (settings.passwordPolicy, program.profile.policy)
        let policy = PasswordPolicy(
            own.preset,
            minLength: min(max(own.minLength, asked.minimumLength), PasswordPolicy.minLengthRange.upperBound),
            requiresClasses: own.requiresClasses || asked.classes == 4, strengthBits: own.strengthBits, history: 0)
        let judge = JudgePassword(
            policy: policy, hasher: ProgramLimits(base: hashing, profile: program.profile), keepsSpelling: true)
        return AcceptPassword(judge: judge, directory: store, domain: domain)
    }

    /// Settles resets in programs that were cut off.
    ///
    /// - Parameter known: a place that the caller has named, with its password.
    /// - Returns: a warning for each that could not be: its database was not reached, say.
    func settleProgramResets(known: ProgramAddress? = nil) async -> [String] {
        guard let left = try? await store.unfinishedInApps() else { return [] }
        var (warnings, away) = ([String](), [String: any Error]())
        for reset in left {
            do {
                // Nobody waits twice for a database that does not answer.
                if let error = away[reset.app.database] { throw error }
                // Whoever began it has confirmed what there was to confirm.
                let program = try reach(
                    try self.program(of: reset, known: known), isConfirmed: true,
                    isInPlace: ProgramDirectory.isInPlace(reset.old), patience: Self.settlingPatience)
                try await SettleAppReset(journal: store, directory: program.directory)(reset, now: now)
                try program.directory.removeDrafts()
            } catch {
                away[reset.app.database] = error
                warnings.append(await explain(unsettled: reset, error))
            }
            await reset.release()
        }
        return warnings
    }

    /// How long a command waits for the server of a program that was left unsettled: it has work of its own, and the next
    /// one looks again.
    private static var settlingPatience: Duration { .seconds(2) }
}

/// What a program's formats cannot hold, beside what Sparekey's own can.
private struct ProgramLimits: PasswordHasher {
    let base: any PasswordHasher
    let profile: Profile

    func make(_ password: Password) async throws -> String { try await base.make(password) }
    func makePBKDF2(_ password: Password) async throws -> String { try await base.makePBKDF2(password) }
    func makeTokenHash(_ token: Password) async throws -> String { try await base.makeTokenHash(token) }

    func verify(_ password: Password, against stored: String) async throws -> Bool {
        try await base.verify(password, against: stored)
    }

    func limitViolation(_ password: Password) -> PolicyViolation? {
        let formats = profile.accounts.flatMap(\.credentials).flatMap(\.writes).map(\.format)
        if formats.contains("bcrypt"), password.count > Bcrypt.passwordLimit {
            return .tooLong(limitBytes: Bcrypt.passwordLimit, scheme: "bcrypt")
        }
        guard let most = profile.policy.maximumLength else { return nil }
        let length = password.withUnsafeBytes { String(decoding: $0, as: UTF8.self).unicodeScalars.count }
        return length > most
            ? PolicyViolation(.tooLong, message: "\(profile.title) takes at most \(most) characters.") : nil
    }
}
