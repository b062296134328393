import NIOCore
import NIOHTTPTypes

/// Bounds how long a client may take, in all and not between two bytes: an idle timeout is reset by every dribbled byte.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// From the connection, or the last answer, to a whole request head. It covers the TLS handshake too.
    static let headTime = TimeAmount.seconds(20)
    /// From a request's head to the end of its body.
    static let bodyTime = TimeAmount.seconds(15)

    private let book: ConnectionBook
    private var deadline: Scheduled<Void>?
    private var isBodyOpen = false
    private var unanswered = 0

    init(book: ConnectionBook) {
        self.book = book
    }

    func handlerAdded(context: ChannelHandlerContext) {
        book.opened(context.channel)
        expectHead(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        book.closed(context.channel)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
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
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { book.disconnected(context.channel) }
        context.fireUserInboundEventTriggered(event)
    }

    private func expectHead(_ context: ChannelHandlerContext) {
        book.setWaiting(true, context.channel)
        expect(within: Self.headTime, context)
    }

    private func expect(within time: TimeAmount, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
