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
        let lock = try ServerLock(path: folder.file("server.lock"))
        defer { lock.release() }
        let options = ServerOptions(
            listen: settings.listen, tls: try settings.tls, trustedProxies: settings.trustedProxies,
            socketPath: try folder.socketPath(), databaseIdentity: try await store.identity(),
            metricsToken: settings.metricsToken)
        let logger = Logger(label: "sparekey") { ServerLog(label: $0) }
        do {
            try await RecoveryServer(
                options: options, flows: try await serverFlows(), services: [], logger: logger
            ).run()
        } catch let error as ServerStartError {
            throw InstanceError(.unavailable, reason: error.reason, hint: error.hint, cause: error)
        }
    }

    /// What the server calls people to, where nobody said: the address it listens on.
    private var links: PublicLinks {
        PublicLinks(base: publicURL ?? "http://\(settings.listen.authority)")
    }

    func serverFlows() async throws -> ServerFlows {
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
            links: links, clock: clock,
            isReady: { (try? await store.count(upTo: 1)) != nil })
    }
}
