import Foundation
import Logging
import PasswordHashing
import ServiceLifecycle
import Sparekey
import SparekeyServer
import SparekeyStore

extension Instance {
    /// Runs the server on this instance until SIGTERM or SIGINT.
    ///
    /// - Throws: ``InstanceError`` `unavailable` where it cannot listen, `busy` where another server has this data folder,
    ///   `badSettings` where settings do not go together.
    public func serve() async throws {
        try refuseOpenLimits()
        let lock = try ServerLock(path: folder.file("server.lock"))
        defer { lock.release() }
        let pool = try hashPool()
        var serving = self
        serving.hashing = pool
        if settings.syncKeys {
            let table = SyncKeyTable(register: store, key: store.key)
            serving.syncKeyTable = table
            serving.liveRefresh = RefreshOwnTable(table: table)
        }
        let logger = Logger(label: "sparekey") { ServerLog(label: $0) }
        if !settings.limits.areOn { logger.warning("limits are off: for measuring on this machine only") }
        let place = PublicPlace(links(domain))
        serving.log = { logger.warning("\($0)") }
        programs.follow(serving.log)
        do {
            try await serving.server(pool, place, logger).run()
        } catch let error as ServerStartError {
            throw InstanceError(
                error.isConfiguration ? .badSettings : .unavailable, reason: error.reason, hint: error.hint,
                cause: error)
        }
        await store.keepHead()
        await pool.shutdown()
    }

    /// Without limits nobody but this machine may come in.
    private func refuseOpenLimits() throws {
        guard !settings.limits.areOn, !settings.listen.isLoopback else { return }
        throw InstanceError(
            .badSettings, reason: "limits are off and the server would listen on \(settings.listen.authority)",
            hint: "limits can be off only while listening on loopback: leave the setting out")
    }

    func server(_ pool: HashPool, _ place: PublicPlace, _ logger: Logger) async throws -> RecoveryServer {
        let floor = try await signInFloor(pool)
        let rehash = RehashQueue(rehash: rehashPassword(pool), needsRehash: NeedsRehash(to: hasher.cost))
        let options = ServerOptions(
            listen: settings.listen, tls: try settings.tls, trustedProxies: settings.trustedProxies,
            socketPath: try folder.socketPath(), databaseIdentity: try await store.identity(),
            metricsToken: settings.metricsToken, metricsSources: [pool.metrics])
        let watch = try programWatch()
        return RecoveryServer(
            options: options, flows: try await serverFlows(floor, rehash, watch, place),
            workers: [
                { try await floor.keepMeasured() },
                { [store] in await store.keepLaggingHead() },
                { try await keepLooking(for: place, logger) },
                { try await keepSettling(log) },
                {
                    await rehash.run { error in
                        logger.warning("a password could not be rehashed", metadata: ["cause": "\(error)"])
                    }
                },
            ],
            onListening: {
                // Not before: the address may be another server's.
                do { try await offerSetUp(place.links) } catch {
                    logger.error("no set-up link could be made", metadata: ["cause": "\(error)"])
                }
            }, logger: logger)
    }

    /// What the server calls people to, where nobody said: the address it listens on.
    private func links(_ domain: String?) -> PublicLinks {
        PublicLinks(base: publicURL(domain) ?? "http://\(settings.listen.authority)")
    }

    /// The set-up in a browser or by a command names the domain while this server runs: from then on people's links begin with
    /// it, and their browsers may come from there.
    private func keepLooking(for place: PublicPlace, _ logger: Logger) async throws {
        var isKnown = domain != nil || settings.publicURL != nil
        while true {
            try await Task.sleep(for: isKnown ? .seconds(3_600) : .seconds(1))
            guard !isKnown, let domain = try? await store.domain() else { continue }
            place.move(to: links(domain))
            isKnown = true
            logger.info("set up", metadata: ["address": "\(place.links.base)"])
        }
    }

    func serverFlows(
        _ floor: SignInFloor, _ rehash: RehashQueue, _ attached: any AttachedPrograms, _ place: PublicPlace
    ) async throws -> ServerFlows {
        let store = store
        let entrance = SignInGuard(chargeTry: chargeTry, recordWrongTries: recordWrongTries, floor: floor)
        let signIn = SignIn(sessions: store, entrance: entrance, rehash: rehash, clock: clock, random: random)
        let changePassword = ChangePassword(
            directory: store, entrance: entrance, hasher: hashing, accept: acceptPassword, reset: resetPassword)
        let resume = ResumeSession(sessions: store, limits: settings.sessionLimits, clock: clock)
        return ServerFlows(
            signIn: signIn,
            recordWrongTries: recordWrongTries,
            resumeSession: resume,
            admitAdministrator: AdmitAdministrator(resume: resume, chargeTry: chargeTry, clock: clock),
            endSession: EndSession(sessions: store, clock: clock), sessions: store,
            changePassword: changePassword,
            register: store,
            manageAccounts: ManageAccounts(
                register: store, addAccount: addAccount, accept: acceptPassword,
                unlockAccount: unlockAccount, allowsPasswords: settings.allowsAdministratorPasswords, clock: clock),
            resetForAnother: ResetForAnother(
                reset: resetPassword, issue: issueResetToken, accept: acceptPassword,
                allowsPasswords: settings.allowsAdministratorPasswords),
            recovery: recoveryFlows, auditTrail: store, place: place,
            pages: pageFlows(signIn, changePassword), sync: try await syncFlows(entrance),
            refreshCalls: RefreshCalls(
                signature: RefreshSignature(store.key), secret: settings.secret.map { Password(utf8: $0) }),
            surveyPrograms: SurveyPrograms(attached, journal: store),
            changes: try store.changeFeed(),
            clock: clock, isReady: { (try? await store.holdsPresentKey()) == true })
    }

    private var recoveryFlows: RecoveryFlows {
        let form = ConsoleDelivery.Form(settings: settings, environment: ProcessInfo.processInfo.environment)
        return RecoveryFlows(
            requestCode: requestResetCode, issueCodes: issueResetCodes(delivery: ConsoleDelivery(form)),
            verifyCode: verifyResetCode, resetWithCode: resetWithCode, consumeToken: consumeResetToken,
            decide: decideCodeRequest, inbox: codeRequests, directories: directories,
            whereCodesAppear: settings.codeDelivery == .console
                ? "Check the server console for the code." : "Ask an administrator for the code.")
    }

    private func syncFlows(_ entrance: SignInGuard) async throws -> SyncFlows? {
        guard let syncKeyTable else { return nil }
        try await syncKeyTable.reload()
        let dummies = FetchSyncKey.Dummies(
            login: try await hashing.make(Password(random.bytes(32))),
            pbkdf2: try await hashing.makePBKDF2(Password(random.bytes(32))))
        return SyncFlows(
            fetchKey: FetchSyncKey(
                register: store, entrance: entrance, hasher: hashing, key: store.key, table: syncKeyTable,
                dummies: dummies, clock: clock),
            table: syncKeyTable)
    }
}
