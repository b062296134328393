import Hummingbird

/// What a handler refuses by itself, before any flow was called: the shape of the call, not its contents.
struct ServerError: Error, Sendable, Equatable {
    let status: HTTPResponse.Status
    /// The last part of the public `type`, pinned by a test.
    let code: String
    /// For the person who made the call.
    let message: String
}
