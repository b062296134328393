import Glibc
import NIOCore

/// Lets only the processes of certain users through a Unix socket: the kernel says who the peer is (unix(7), SO_PEERCRED).
final class PeerUserGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    typealias InboundOut = NIOAny

    /// `struct ucred` of sys/socket.h.
    private struct PeerCredentials {
        var process: Int32 = 0
        var user: UInt32 = .max
        var group: UInt32 = .max
    }

    private let allowed: Set<UInt32>
    private var isAllowed: Bool?
    private var held: [NIOAny] = []

    init(allowed: Set<UInt32>) {
        self.allowed = allowed
    }

    func handlerAdded(context: ChannelHandlerContext) {
        guard let socket = context.channel as? any SocketOptionProvider else { return context.close(promise: nil) }
        let credentials: EventLoopFuture<PeerCredentials> = socket.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        credentials.assumeIsolated().whenComplete { result in
            self.isAllowed = (try? result.get().user).map(self.allowed.contains) ?? false
            guard self.isAllowed == true else { return context.close(promise: nil) }
            for data in self.held { context.fireChannelRead(data) }
            self.held = []
        }
    }

    /// Nothing passes before the kernel has answered.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch isAllowed {
        case true?: context.fireChannelRead(data)
        case false?: break
        case nil: held.append(data)
        }
    }
}

@available(*, unavailable)
extension PeerUserGuard: Sendable {}
