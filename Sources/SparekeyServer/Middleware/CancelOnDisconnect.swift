import Hummingbird
import NIOCore

/// Cancels what a request still waits for once its client is gone, so that it leaves the queue of the hashing pool. For
/// the calls that hash.
struct CancelOnDisconnect: RouterMiddleware {
    typealias Context = VisitorContext

    let book: ConnectionBook

    func handle(
        _ request: Request, context: VisitorContext,
        next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        let channel = context.channel
        let gone = AsyncStream.makeStream(of: Void.self)
        book.onDisconnect(channel) { gone.continuation.finish() }
        defer { book.onDisconnect(channel, nil) }
        return try await withoutActuallyEscaping(next) { next in
            let next = UncheckedNext(call: next)
            return try await withThrowingTaskGroup(of: Response?.self) { group in
                group.addTask { try await next.call(request, context) }
                group.addTask {
                    for await _ in gone.stream {}
                    return nil
                }
                // Whichever comes first; a cancelled handler still ends before the group does.
                let first = try await group.next() ?? nil
                gone.continuation.finish()
                guard let first else {
                    group.cancelAll()
                    throw CancellationError()
                }
                return first
            }
        }
    }

    /// The closure is lent for the length of this call and called once, by the group's task that ends before the call
    /// does: it never runs on two threads.
    private struct UncheckedNext: @unchecked Sendable {
        let call: (Request, VisitorContext) async throws -> Response
    }
}
