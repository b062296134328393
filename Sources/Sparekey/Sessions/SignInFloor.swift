public import PasswordHashing
import Synchronization

/// A password that was checked, for an account or for nobody.
public struct SignInCheck: Sendable {
    /// Never true where there was no account or no password to compare with.
    public let isAccepted: Bool
    /// The request's start, put off by what its hash waited in line.
    let begun: ContinuousClock.Instant
    let worked: Duration
}

/// Makes a failed sign-in take the same time whoever it was for: nobody, a disabled account, one without a password, one
/// whose hash is of an older and quicker or slower kind (SEC-4).
///
/// It takes both a dummy and a floor. The *dummy*, a value of the slowest scheme present, is verified where there is
/// nothing to verify, so that a name that is nobody's costs a thread what an account costs it: without it the server's
/// load would tell, and the answers to everybody else. But hashes of two kinds differ by what no dummy can equal, and so
/// do an early refusal and a late one. So a refusal leaves no earlier than a *floor* after its start: the 99th percentile
/// of one verification of the slowest kind, with what sign-ins do besides, kept by a timer and not by burning CPU. The
/// timer's deadline follows from the start alone, whichever branch ran.
///
/// Under load a request waits in line before it is hashed. The floor counts from when its hash began, so waiting is added
/// to every branch alike. Where the processors are so busy that a hash itself takes longer than the floor, the slowest
/// kind and the dummy still take the same; a quicker kind would show. The floor follows within a few sign-ins, because
/// real verifications are samples too. Values that take over a second are left to the timer: they make no dummy, or
/// anybody could make the server spend that second by a name that does not exist.
///
/// Success is not delayed: it shows by itself.
public final class SignInFloor: Sendable {
    struct State {
        var costs: PresentCosts
        var dummy: String
        /// A stored value of each scheme and cost while they are being measured, people's own among them.
        var examples: [String: String] = [:]
    }

    let hasher: any TimedHasher
    let register: any SignInFloorRegister
    let random: any RandomSource
    let formats = HashFormats.standard
    let state: Mutex<State>

    /// Makes the dummy and verifies it once: two hashes of the directory's own scheme. What else is present is measured by
    /// ``keepMeasured(spacing:again:)``; until then a floor kept from an earlier run stands in.
    ///
    /// - Parameter samples: how many verifications of the slowest kind make its 99th percentile.
    /// - Throws: what hashing or the store throws.
    public init(
        hasher: any TimedHasher, register: any SignInFloorRegister, random: any RandomSource, samples: Int = 200
    ) async throws {
        self.hasher = hasher
        self.register = register
        self.random = random
        let own = try await hasher.make(Self.randomPassword(random))
        let kept = try await register.keptSignInFloor()
        state = Mutex(State(costs: PresentCosts(enough: samples, kept: kept), dummy: own))
        try await sample(own)
    }

    /// A stored string of the slowest scheme present, made from random bytes that nobody knows.
    public var dummy: String { state.withLock(\.dummy) }

    /// How long after its start a failed sign-in is answered, while nothing waits in line.
    public var floor: Duration {
        state.withLock { state in
            let floor = state.costs.floor
            guard let kept = state.costs.kept else { return floor }
            return max(floor, min(kept.p99, PresentCosts.longest))
        }
    }

    /// Compares a password with the account's stored hash, or with the dummy where there is none or none that can be read.
    ///
    /// - Parameters:
    ///   - stored: `password_hash`, also of a disabled account; nil for a name that is nobody's and without a password.
    ///   - start: when the request came in, before anything was looked up.
    /// - Throws: ``RecoveryError`` `overloaded`, which says nothing about the account; `CancellationError`; and a
    ///   ``HashError`` when the machine could not do the work.
    public func check(
        _ password: Password, against stored: String?, since start: ContinuousClock.Instant
    ) async throws -> SignInCheck {
        let readable = stored.flatMap { (try? formats.parameters(of: $0)) == nil ? nil : $0 }
        let target = readable ?? dummy
        let timed = try await hasher.timedVerify(password, against: target, isUrgent: true)
        let isAccepted = try Self.isAccepted(timed.outcome)
        // A hash that ran in a crowd took what the crowd took.
        if case .success = timed.outcome, timed.waited < .milliseconds(5) { learn(timed.worked, target) }
        let (waited, worked) = try await makeUp(for: timed.worked, password)
        return SignInCheck(
            isAccepted: isAccepted && readable != nil, begun: start + timed.waited + waited,
            worked: timed.worked + worked)
    }

    /// After a hash of a quick kind the dummy is verified as well: a processor that has worked for two milliseconds is
    /// slower at what follows than one that has worked for twenty, by a tenth of a millisecond that no timer takes away.
    /// Whoever signs in so is rehashed, and pays once.
    private func makeUp(for worked: Duration, _ password: Password) async throws -> (waited: Duration, worked: Duration)
    {
        let (dummy, usual) = state.withLock { state in
            (state.dummy, HashFormats.costPrefix(of: state.dummy).flatMap { state.costs.median($0) })
        }
        guard let usual, worked * 2 < usual else { return (.zero, .zero) }
        do {
            let timed = try await hasher.timedVerify(password, against: dummy, isUrgent: true)
            return (timed.waited, timed.worked)
        } catch let error as RecoveryError where error.code == .overloaded {
            // What was asked for is known; a crowd hides what this would.
            return (.zero, .zero)
        }
    }

    /// Waits until a refusal may leave. Call it last, when everything that the refusal writes is written.
    public func delay(_ check: SignInCheck) async {
        state.withLock { $0.costs.addBesides(ContinuousClock.now - check.begun - check.worked) }
        await delay(since: check.begun)
    }

    /// Waits until the floor has passed since `start`; for a refusal that hashed nothing. Returns at once when it has
    /// passed already, or when the task is cancelled, because then nobody is there to look at the clock.
    public func delay(since start: ContinuousClock.Instant) async {
        let end = start + floor
        for step in Self.lastSteps where ContinuousClock.now < end - step {
            try? await Task.sleep(until: end - step, tolerance: .zero, clock: .continuous)
        }
    }

    /// A processor that slept for long wakes a tenth of a millisecond later than one that worked a moment ago, which would
    /// tell a quick hash from a slow one. So the last wait before an answer is as short as the one before it, for all.
    private static let lastSteps: [Duration] = [4, 3, 2, 1, 0].map { .milliseconds($0) }

    /// What a format cannot hold was not the password. Any other failure is the machine's, and no answer.
    private static func isAccepted(_ outcome: Result<Bool, any Error>) throws -> Bool {
        do {
            return try outcome.get()
        } catch let error as HashError where [.passwordTooLong, .passwordContainsNUL].contains(error.code) {
            return false
        }
    }

    /// A value of a kind that was not there when the directory was looked through is measured from now on.
    private func learn(_ worked: Duration, _ stored: String) {
        guard let prefix = HashFormats.costPrefix(of: stored) else { return }
        state.withLock { $0.costs.add(worked, costPrefix: prefix) }
    }

    /// Visible characters only: crypt(3) formats hold no NUL.
    static func randomPassword(_ random: any RandomSource) -> Password {
        Password(utf8: random.bytes(16).hexadecimal)
    }
}
