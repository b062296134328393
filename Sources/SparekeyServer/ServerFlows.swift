public import Sparekey

/// What the server's handlers call: flows and ports of the domain, wired by the instance. No handler decides anything
/// itself.
public struct ServerFlows: Sendable {
    public let signIn: SignIn
    public let recordWrongTries: RecordWrongTries
    public let resumeSession: ResumeSession
    public let admitAdministrator: AdmitAdministrator
    public let endSession: EndSession
    public let sessions: any SessionRegister
    public let changePassword: ChangePassword
    public let register: any AccountRegister
    public let manageAccounts: ManageAccounts
    public let resetForAnother: ResetForAnother
    public let recovery: RecoveryFlows
    public let auditTrail: any AuditTrail
    public let place: PublicPlace
    public let pages: PageFlows
    /// nil while `sync_keys` is off.
    public let sync: SyncFlows?
    public let refreshCalls: RefreshCalls
    /// The programs that the settings attach.
    public let surveyPrograms: SurveyPrograms
    /// Tells of what other processes commit; nil where the database tells nobody.
    public let changes: (any ChangeFeed)?
    let watch = AccountWatch()
    public let clock: any WallClock
    /// Whether the database answers.
    public let isReady: @Sendable () async -> Bool

    /// What people are given now.
    public var links: PublicLinks { place.links }

    public init(
        signIn: SignIn, recordWrongTries: RecordWrongTries, resumeSession: ResumeSession,
        admitAdministrator: AdmitAdministrator, endSession: EndSession,
        sessions: any SessionRegister,
        changePassword: ChangePassword, register: any AccountRegister, manageAccounts: ManageAccounts,
        resetForAnother: ResetForAnother, recovery: RecoveryFlows, auditTrail: any AuditTrail, place: PublicPlace,
        pages: PageFlows,
        sync: SyncFlows?,
        refreshCalls: RefreshCalls, surveyPrograms: SurveyPrograms,
        changes: (any ChangeFeed)?,
        clock: any WallClock, isReady: @escaping @Sendable () async -> Bool
    ) {
        self.signIn = signIn
        self.recordWrongTries = recordWrongTries
        self.resumeSession = resumeSession
        self.admitAdministrator = admitAdministrator
        self.endSession = endSession
        self.sessions = sessions
        self.changePassword = changePassword
        self.register = register
        self.manageAccounts = manageAccounts
        self.resetForAnother = resetForAnother
        self.recovery = recovery
        self.auditTrail = auditTrail
        self.place = place
        self.pages = pages
        self.sync = sync
        self.refreshCalls = refreshCalls
        self.surveyPrograms = surveyPrograms
        self.changes = changes
        self.clock = clock
        self.isReady = isReady
    }
}
