import CPostgres
import Glibc
internal import SparekeySQL

/// Reaching a server and signing in, step by step: only this way libpq lets the whole have one deadline and tells the
/// SQLSTATE of a refusal, whatever language the server speaks (libpq's manual, 34.1, PQconnectPoll).
struct PostgreSQLSignIn {
    private let address: PostgreSQLAddress
    private let deadline: ContinuousClock.Instant

    init(_ address: PostgreSQLAddress, within timeout: Duration) {
        self.address = address
        deadline = ContinuousClock.now + timeout
    }

    /// The caller ends the session with PQfinish.
    func session() throws -> OpaquePointer {
        guard let handle = start() else {
            throw SQLError(.unavailable, reason: "\(address.place): no memory is left for a connection")
        }
        do {
            PQsetErrorVerbosity(handle, PQERRORS_SQLSTATE)
            // Notices would go to standard error.
            PQsetNoticeProcessor(handle, { _, _ in }, nil)
            try complete(handle)
            return handle
        } catch {
            PQfinish(handle)
            throw error
        }
    }

    private func start() -> OpaquePointer? {
        let entries = Array(address.parameters)
        let keywords = entries.map { strdup($0.key) } + [nil]
        let values = entries.map { strdup($0.value) } + [nil]
        defer {
            for text in keywords { free(text) }
            for text in values { forget(text) }
        }
        return PQconnectStartParams(keywords.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 0)
    }

    /// One of the values is the password.
    private func forget(_ text: UnsafeMutablePointer<CChar>?) {
        guard let text else { return }
        explicit_bzero(text, strlen(text))
        free(text)
    }

    private func complete(_ handle: OpaquePointer) throws {
        guard PQstatus(handle) != CONNECTION_BAD else { throw failure(handle) }
        // A fresh connection waits for its socket to become writable (libpq's manual, PQconnectPoll).
        var step = PGRES_POLLING_WRITING
        while step != PGRES_POLLING_OK {
            guard step != PGRES_POLLING_FAILED else { throw failure(handle) }
            try wait(handle, for: step == PGRES_POLLING_READING ? POLLIN : POLLOUT)
            step = PQconnectPoll(handle)
        }
    }

    private func wait(_ handle: OpaquePointer, for event: CInt) throws {
        while true {
            let left = deadline - .now
            guard left > .zero else {
                throw SQLError(.unavailable, reason: "\(address.place): the PostgreSQL server does not answer")
            }
            var wanted = pollfd(fd: PQsocket(handle), events: Int16(event), revents: 0)
            let ready = poll(&wanted, 1, CInt(clamping: left.wholeMilliseconds))
            if ready > 0 { return }
            guard ready == 0 || errno == EINTR else { throw SQLError.postgreSQL(connecting: nil, "", address.place) }
        }
    }

    private func failure(_ handle: OpaquePointer) -> SQLError {
        let message = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        if PQconnectionNeedsPassword(handle) == 1 {
            let reason = "the PostgreSQL server asks for a password and none was given"
            return SQLError(.denied, reason: "\(address.place): \(reason)")
        }
        return SQLError.postgreSQL(connecting: Self.sqlState(in: message), message, address.place)
    }

    /// With PQERRORS_SQLSTATE a refusal by the server ends in `FATAL:  28P01`; a failure to reach it has no such end.
    private static func sqlState(in message: String) -> String? {
        let words = message.split { $0.isWhitespace }
        guard words.count > 1, let last = words.last, words[words.count - 2].hasSuffix(":"), last.utf8.count == 5,
            last.allSatisfy({ $0.isASCII && ($0.isNumber || $0.isUppercase) })
        else { return nil }
        return String(last)
    }
}
