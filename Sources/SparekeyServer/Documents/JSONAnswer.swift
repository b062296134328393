import Foundation
import Hummingbird
import NIOCore

/// Writes a document as an answer: keys in order, so that equal documents are equal bytes.
enum JSONAnswer {
    static func response(
        _ document: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        response(bytes(of: document), status: status, headers: headers)
    }

    /// An answer that was written before.
    static func response(
        _ bytes: ByteBuffer, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        if !headers.contains(.contentType) { headers[.contentType] = "application/json" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: bytes))
    }

    /// For what is answered to everybody alike.
    static func bytes(of document: some Encodable) -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(document) else {
            preconditionFailure("documents hold text, numbers and truth values only")
        }
        return ByteBuffer(bytes: bytes)
    }
}

/// `{"success":true,"message"?,"data"?}`: the form that the source documents' clients read.
struct SuccessDocument<Payload: Encodable & Sendable>: Encodable, Sendable {
    let success = true
    let message: String?
    let data: Payload?

    init(message: String? = nil, data: Payload? = nil) {
        self.message = message
        self.data = data
    }
}

struct NoData: Encodable, Sendable {}
