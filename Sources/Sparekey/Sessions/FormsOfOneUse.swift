/// Marks a form that must not do its work twice: an answer that shows a secret once is loaded again by sending its form
/// again.
///
/// The mark is a MAC over the session and what the act changes, the stored password and the newest reset token. Once a
/// password is set or a link made, whoever did it, every mark of before is void, on every server. While the work is under
/// way nothing of that has changed yet: the mark is reserved meanwhile, as a counter of one try that is given back.
public struct FormsOfOneUse: Sendable {
    /// The longest that a mark stays reserved where the server ended in the middle of the work; no work takes as long.
    private static let reservation = Duration.seconds(60)

    private let directory: any Directory
    private let tokens: any ResetTokenRegister
    private let register: any ThrottleRegister
    private let formTokens: FormTokens
    private let keys: ThrottleKeys
    private let clock: any WallClock

    public init(
        directory: any Directory, tokens: any ResetTokenRegister, register: any ThrottleRegister, key: InstanceKey,
        clock: any WallClock
    ) {
        self.directory = directory
        self.tokens = tokens
        self.register = register
        self.clock = clock
        formTokens = FormTokens(key)
        keys = ThrottleKeys(key)
    }

    /// What a form about the account carries.
    public func mark(for account: Account, in session: SessionRecord) async throws -> String {
        formTokens.token(for: try await bearer(account, session))
    }

    /// Does a form's work, once however often the form is sent, on however many servers. Where the work fails, the form is good
    /// again.
    ///
    /// Costs two small write transactions and two reads beside the work.
    ///
    /// - Returns: nil, with nothing done, where the work was done since the form was shown, or is being done.
    /// - Throws: what the work throws.
    public func once<Value: Sendable>(
        _ mark: String, for account: Account, in session: SessionRecord, _ work: () async throws -> Value
    ) async throws -> Value? {
        guard formTokens.isValid(mark, for: try await bearer(account, session)) else { return nil }
        let charge = try await register.charge(
            ThrottleDemand(first: nil, visible: [reservation(of: mark)], silent: nil, at: clock.now))
        guard charge.verdict == .allowed else { return nil }
        do {
            // Whoever held the mark before may have done the work since it was looked at.
            let value =
                formTokens.isValid(mark, for: try await bearer(account, session)) ? try await work() : nil
            await release(charge)
            return value
        } catch {
            await release(charge)
            throw error
        }
    }

    /// Also when the client has gone meanwhile. Where it cannot be written, the reservation ends by itself, and what the work
    /// did stands all the same.
    private func release(_ charge: ThrottleCharge) async {
        await Task { try? await register.giveBack(charge) }.value
    }

    private func reservation(of mark: String) -> ThrottleCounter {
        ThrottleCounter(.form, key: keys.form(mark), limit: 1, window: Self.reservation)
    }

    private func bearer(_ account: Account, _ session: SessionRecord) async throws -> FormTokens.Bearer {
        var password = ""
        if case .text(let hash) = try await directory.read(account)?[OwnColumn.passwordHash] { password = hash }
        let token = try await tokens.newestToken(of: account) ?? ""
        return .act(session: session.id, account: account.id, state: "\(token)\u{0}\(password)")
    }
}
