public import Sparekey

/// Self-service and the administrators' inbox: codes and tokens.
public struct RecoveryFlows: Sendable {
    public let requestCode: RequestResetCode
    public let issueCodes: IssueResetCodes
    public let verifyCode: VerifyResetCode
    public let resetWithCode: ResetWithCode
    public let consumeToken: ConsumeResetToken
    public let decide: DecideCodeRequest
    public let inbox: any CodeRequestInbox
    public let directories: any RecoverableDirectories
    /// Where people look for their code: the last sentence of every answer to a request, whatever the name.
    public let whereCodesAppear: String
    /// Wakes the worker that issues codes.
    let arrivals = Arrivals()
    /// The same for accounts of apps.
    let appArrivals = Arrivals()

    public init(
        requestCode: RequestResetCode, issueCodes: IssueResetCodes, verifyCode: VerifyResetCode,
        resetWithCode: ResetWithCode, consumeToken: ConsumeResetToken, decide: DecideCodeRequest,
        inbox: any CodeRequestInbox, directories: any RecoverableDirectories, whereCodesAppear: String
    ) {
        self.directories = directories
        self.requestCode = requestCode
        self.issueCodes = issueCodes
        self.verifyCode = verifyCode
        self.resetWithCode = resetWithCode
        self.consumeToken = consumeToken
        self.decide = decide
        self.inbox = inbox
        self.whereCodesAppear = whereCodesAppear
    }

    /// A request, and the worker woken; the same for a call and a page.
    func request(name: String, app: String?, address: String?) async throws {
        try await requestCode(name: name, app: app, address: address)
        (app == nil ? arrivals : appArrivals).ring()
    }
}

/// A bell: ringing it twice before somebody listens is ringing it once.
final class Arrivals: Sendable {
    let stream: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    init() {
        (stream, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func ring() {
        bell.yield()
    }
}
