import NIOCore
import NIOHTTPTypes

/// Bounds how long a client may take, in all and not between two bytes: an idle timeout is reset by every dribbled byte.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// From the connection, or the last answer, to a whole request head. It covers the TLS handshake too.
    static let headTime = TimeAmount.seconds(15)
    /// From a request's head to the end of its body.
    static let bodyTime = TimeAmount.seconds(15)
    /// From the first byte that waits to be sent until none waits: for clients that ask and never read.
    static let sendTime = TimeAmount.seconds(15)

    /// Bytes that the system keeps of what a client has not read. Left to itself it keeps megabytes, and a client that sends
    /// requests and reads nothing has thousands of them answered before its writes stop.
    static let sendBuffer: ChannelOptions.Types.SocketOption.Value = 32_768

    private let book: ConnectionBook
    private var deadline: Scheduled<Void>?
    private var isBodyOpen = false
    private var unanswered = 0
    private var sendDeadline: Scheduled<Void>?
    private var unsent = 0

    init(book: ConnectionBook) {
        self.book = book
    }

    func handlerAdded(context: ChannelHandlerContext) {
        book.opened(context.channel)
        try? context.channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: Self.sendBuffer)
        expectHead(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        sendDeadline?.cancel()
        book.closed(context.channel)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        sendDeadline?.cancel()
        book.closed(context.channel)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            unanswered += 1
            isBodyOpen = true
            expect(within: Self.bodyTime, context)
        case .body: break
        case .end:
            isBodyOpen = false
            deadline?.cancel()
            book.setWaiting(false, context.channel)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            unanswered -= 1
            if unanswered <= 0, !isBodyOpen { expectHead(context) }
        }
        let sent = promise ?? context.eventLoop.makePromise()
        unsent += 1
        if unsent == 1 { sendDeadline = closing(in: Self.sendTime, context) }
        sent.futureResult.assumeIsolated().whenComplete { _ in
            self.unsent -= 1
            if self.unsent == 0 { self.sendDeadline?.cancel() }
        }
        context.write(data, promise: sent)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed, book.disconnected(context.channel) {
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func expectHead(_ context: ChannelHandlerContext) {
        book.setWaiting(true, context.channel)
        expect(within: Self.headTime, context)
    }

    private func expect(within time: TimeAmount, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = closing(in: time, context)
    }

    private func closing(in time: TimeAmount, _ context: ChannelHandlerContext) -> Scheduled<Void> {
        let channel = context.channel
        return context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
