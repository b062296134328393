import Logging
import PasswordHashing
import Sparekey
import SparekeyServer
import SparekeyStore

extension Instance {
    /// Runs the server on this instance until SIGTERM or SIGINT.
    ///
    /// - Throws: ``InstanceError`` `unavailable` where it cannot listen, `busy` where another server has this data folder.
    public func serve() async throws {
        var serving = self
        if settings.syncKeys {
            let table = SyncKeyTable(register: store, key: store.key)
            serving.syncKeyTable = table
            serving.liveRefresh = RefreshOwnTable(table: table)
        }
        try await serving.run()
    }

    private func run() async throws {
        let lock = try ServerLock(path: folder.file("server.lock"))
        defer { lock.release() }
        let options = ServerOptions(
            listen: settings.listen, tls: try settings.tls, trustedProxies: settings.trustedProxies,
            socketPath: folder.file("sparekey.sock"), databaseIdentity: try await store.identity())
        let logger = Logger(label: "sparekey") { ServerLog(label: $0) }
        do {
            try await RecoveryServer(
                options: options, flows: try await serverFlows(), services: [], logger: logger
            ).run()
        } catch let error as ServerStartError {
            throw InstanceError(
                error.isConfiguration ? .badSettings : .unavailable, reason: error.reason, hint: error.hint,
                cause: error)
        }
    }

    /// What the server calls people to, where nobody said: the address it listens on.
    private var links: PublicLinks {
        PublicLinks(base: publicURL ?? "http://\(settings.listen.authority)")
    }

    private func serverFlows() async throws -> ServerFlows {
        let dummy = try await hasher.make(Password(random.bytes(32)))
        let store = store
        return ServerFlows(
            signIn: SignIn(sessions: store, hasher: hasher, dummy: dummy, clock: clock, random: random),
            resumeSession: ResumeSession(sessions: store, limits: settings.sessionLimits, clock: clock),
            endSession: EndSession(sessions: store, clock: clock), sessions: store,
            changePassword: ChangePassword(
                directory: store, hasher: hasher, accept: acceptPassword, reset: resetPassword),
            register: store,
            manageAccounts: ManageAccounts(
                register: store, addAccount: addAccount, accept: acceptPassword, clock: clock),
            resetForAnother: ResetForAnother(
                reset: resetPassword, issue: issueResetToken, accept: acceptPassword,
                allowsPasswords: settings.allowsAdministratorPasswords),
            auditTrail: store, links: links, sync: try await syncFlows(dummy: dummy),
            refreshCalls: RefreshCalls(
                signature: RefreshSignature(store.key), secret: settings.secret.map { Password(utf8: $0) }),
            clock: clock, isReady: { (try? await store.count(upTo: 1)) != nil })
    }

    private func syncFlows(dummy: String) async throws -> SyncFlows? {
        guard let syncKeyTable else { return nil }
        try await syncKeyTable.reload()
        let dummies = FetchSyncKey.Dummies(
            login: dummy, pbkdf2: try await hasher.makePBKDF2(Password(random.bytes(32))))
        return SyncFlows(
            fetchKey: FetchSyncKey(
                register: store, hasher: hasher, key: store.key, table: syncKeyTable, dummies: dummies, clock: clock),
            table: syncKeyTable)
    }
}
