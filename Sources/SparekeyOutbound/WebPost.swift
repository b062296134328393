import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One POST of JSON over a connection of its own, and the status of its whole answer (RFC 9112).
///
/// Sent once: no redirect is followed, no proxy asked, nothing tried again. https shows a certificate for the host that
/// this machine trusts, or nothing is sent; http goes to this machine, or nothing is sent.
struct WebPost: Sendable {
    let address: ServerAddress
    let path: String
    let authorization: String
    let body: [UInt8]

    /// - Parameter limit: for everything from the look-up of the name to the answer's last byte.
    /// - Throws: ``OutboundError``.
    func status(within limit: Duration) async throws -> Int {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = loop.makePromise(of: Int.self)
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
        on loop: any EventLoop, _ answer: EventLoopPromise<Int>
    ) -> EventLoopFuture<any Channel> {
        let connecting = ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try add(to: channel.pipeline.syncOperations, answer) }
            }
            .connect(host: address.host, port: address.port)
        connecting.cascadeFailure(to: answer)
        return connecting
    }

    private func add(to pipeline: ChannelPipeline.SynchronousOperations, _ answer: EventLoopPromise<Int>) throws {
        if address.isEncrypted {
            // The defaults check the chain against this machine's authorities, and the name or address.
            let context = try NIOSSLContext(configuration: .clientDefault)
            let name = Self.isAddress(address.host) ? nil : address.host
            try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
        }
        try pipeline.addHTTPClientHandlers()
        try pipeline.addHandler(NIOHTTPClientResponseAggregator(maxContentLength: 65_536))
        try pipeline.addHandler(Exchange(post: self, answer: answer))
    }

    /// A certificate holds addresses apart from names; for an address the peer's own is compared.
    private static func isAddress(_ host: String) -> Bool {
        (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }

    var head: HTTPRequestHead {
        HTTPRequestHead(
            version: .http1_1, method: .POST, uri: address.prefix + path,
            headers: [
                "Host": address.authority, "Connection": "close", "Content-Type": "application/json",
                "Content-Length": "\(body.count)", "Authorization": authorization,
            ])
    }
}

/// Sends the request as soon as there is a connection, and takes the first whole answer.
private final class Exchange: ChannelInboundHandler {
    typealias InboundIn = NIOHTTPClientResponseFull
    typealias OutboundOut = HTTPClientRequestPart

    private let post: WebPost
    private let answer: EventLoopPromise<Int>

    init(post: WebPost, answer: EventLoopPromise<Int>) {
        self.post = post
        self.answer = answer
    }

    /// What is written here waits for the end of the TLS handshake.
    func channelActive(context: ChannelHandlerContext) {
        // `localhost` is whatever this machine's resolver says.
        guard post.address.isEncrypted || context.remoteAddress?.isLoopback == true else {
            return end(context, .failure(OutboundError(.refused, reason: "\(post.address) is not this machine")))
        }
        context.write(wrapOutboundOut(.head(post.head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: post.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        end(context, .success(Int(unwrapInboundIn(data).head.status.code)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(context, .failure(error))
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(context, .failure(ChannelError.eof))
    }

    /// The first result counts.
    private func end(_ context: ChannelHandlerContext, _ result: Result<Int, any Error>) {
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
