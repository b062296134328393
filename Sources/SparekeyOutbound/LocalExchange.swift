/// A request to the server of the own data folder (RFC 9112), after whose answer the connection ends.
struct LocalRequest: Sendable {
    /// `GET` or `POST`.
    let method: String
    let path: String
    /// JSON.
    let body: [UInt8]?

    var bytes: [UInt8] {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
        return Array((head + "\r\n").utf8) + (body ?? [])
    }
}

/// Its answer: a status, and a body whose length is told.
struct LocalAnswer: Sendable, Equatable {
    /// Bytes of head and body together.
    static let limit = 65_536

    let status: Int
    let body: [UInt8]

    /// - Parameter bytes: everything that came until the connection ended.
    /// - Throws: ``OutboundError`` `refused` for anything else than one whole answer.
    init(_ bytes: [UInt8]) throws {
        let end = Array("\r\n\r\n".utf8)
        guard let split = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { throw Self.refusal }
        let lines = String(decoding: bytes[..<split], as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first?.split(separator: " "), first.count >= 2, first[0] == "HTTP/1.1",
            first[1].utf8.count == 3, let status = Int(first[1])
        else { throw Self.refusal }
        body = Array(bytes[(split + end.count)...])
        self.status = status
        guard try Self.length(lines.dropFirst()) == body.count else { throw Self.refusal }
    }

    private static func length(_ headers: ArraySlice<Substring>) throws -> Int {
        for header in headers {
            let parts = header.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw refusal }
            let name = parts[0].lowercased()
            guard name != "transfer-encoding" else { throw refusal }
            if name == "content-length", let length = Int(parts[1].drop { $0 == " " }) { return length }
        }
        return 0
    }

    private static let refusal = OutboundError(.refused, reason: "the running server's answer is not understood")
}
