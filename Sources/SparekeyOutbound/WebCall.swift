import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One call over a connection of its own, and its whole answer (RFC 9112).
///
/// Sent once: no redirect is followed, no proxy asked, nothing tried again. https shows a certificate for the host that
/// this machine trusts, or nothing is sent; http goes to this machine, or nothing is sent.
struct WebCall: Sendable {
    /// The answer as a whole: nobody reads it in parts.
    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]
    }

    let address: ServerAddress
    /// Behind the address's own prefix.
    let path: String
    var method = HTTPMethod.POST
    var contentType: String? = "application/json"
    /// Beside those that every call has.
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// The most bytes of an answer's body.
    var answerLimit = 65_536

    func status(within limit: Duration) async throws -> Int {
        try await answer(within: limit).status
    }

    /// - Parameter limit: for everything from the look-up of the name to the answer's last byte.
    /// - Throws: ``OutboundError``.
    func answer(within limit: Duration) async throws -> Answer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = loop.makePromise(of: Answer.self)
        // The promise, not a task, is what ends in time: a look-up of a name cannot be cancelled.
        let timer = loop.scheduleTask(in: TimeAmount(limit)) {
            answer.fail(
                OutboundError(
                    .timeout, reason: "\(address) gave no whole answer within \(limit.components.seconds) seconds"))
        }
        let connecting = connect(on: loop, answer)
        defer {
            timer.cancel()
            connecting.whenSuccess { $0.close(promise: nil) }
        }
        do {
            return try await answer.futureResult.get()
        } catch {
            throw OutboundError(error, at: address)
        }
    }

    private func connect(
        on loop: any EventLoop, _ answer: EventLoopPromise<Answer>
    ) -> EventLoopFuture<any Channel> {
        let connecting = ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try add(to: channel.pipeline.syncOperations, answer) }
            }
            .connect(host: address.host, port: address.port)
        connecting.cascadeFailure(to: answer)
        return connecting
    }

    private func add(to pipeline: ChannelPipeline.SynchronousOperations, _ answer: EventLoopPromise<Answer>) throws {
        if address.isEncrypted {
            // The defaults check the chain against this machine's authorities, and the name or address.
            let context = try NIOSSLContext(configuration: .clientDefault)
            let name = Self.isAddress(address.host) ? nil : address.host
            try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
        }
        try pipeline.addHTTPClientHandlers()
        try pipeline.addHandler(NIOHTTPClientResponseAggregator(maxContentLength: answerLimit))
        try pipeline.addHandler(Exchange(call: self, answer: answer))
    }

    /// A certificate holds addresses apart from names; for an address the peer's own is compared.
    private static func isAddress(_ host: String) -> Bool {
        (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }

    var head: HTTPRequestHead {
        var fields: HTTPHeaders = ["Host": address.authority, "Connection": "close", "User-Agent": "sparekey"]
        if method == .POST { fields.add(name: "Content-Length", value: "\(body.count)") }
        if method == .POST, let contentType { fields.add(name: "Content-Type", value: contentType) }
        for header in headers { fields.add(name: header.name, value: header.value) }
        return HTTPRequestHead(version: .http1_1, method: method, uri: address.prefix + path, headers: fields)
    }
}

/// Sends the request as soon as there is a connection, and takes the first whole answer.
private final class Exchange: ChannelInboundHandler {
    typealias InboundIn = NIOHTTPClientResponseFull
    typealias OutboundOut = HTTPClientRequestPart

    private let call: WebCall
    private let answer: EventLoopPromise<WebCall.Answer>

    init(call: WebCall, answer: EventLoopPromise<WebCall.Answer>) {
        self.call = call
        self.answer = answer
    }

    /// What is written here waits for the end of the TLS handshake.
    func channelActive(context: ChannelHandlerContext) {
        // `localhost` is whatever this machine's resolver says.
        guard call.address.isEncrypted || context.remoteAddress?.isLoopback == true else {
            return end(context, .failure(OutboundError(.refused, reason: "\(call.address) is not this machine")))
        }
        context.write(wrapOutboundOut(.head(call.head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: call.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let whole = unwrapInboundIn(data)
        end(
            context,
            .success(
                WebCall.Answer(
                    status: Int(whole.head.status.code), headers: whole.head.headers,
                    body: whole.body.map { Array($0.readableBytesView) } ?? [])))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(context, .failure(error))
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(context, .failure(ChannelError.eof))
    }

    /// The first result counts.
    private func end(_ context: ChannelHandlerContext, _ result: Result<WebCall.Answer, any Error>) {
        answer.completeWith(result)
        context.close(promise: nil)
    }
}

extension SocketAddress {
    fileprivate var isLoopback: Bool {
        switch self {
        case .v4: ipAddress?.hasPrefix("127.") == true
        case .v6: ipAddress == "::1"
        case .unixDomainSocket: true
        }
    }
}
