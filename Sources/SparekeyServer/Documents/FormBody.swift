import Foundation
import Hummingbird

/// Reads a form that a browser posts.
enum FormBody {
    /// - Throws: ``Problem`` 413 beyond the limit of bodies, 400 for a body that breaks off or lacks a field.
    static func read<Document: Decodable>(_ type: Document.Type, _ request: Request) async throws -> Document {
        try decode(type, try await JSONBody.bytes(of: request))
    }

    /// - Throws: ``Problem`` 400.
    static func decode<Document: Decodable>(_ type: Document.Type, _ bytes: [UInt8]) throws -> Document {
        do {
            return try URLEncodedFormDecoder().decode(type, from: String(decoding: bytes, as: UTF8.self))
        } catch DecodingError.keyNotFound(let key, _) {
            throw Problem(.malformedRequest, "The field \(key.stringValue) is missing.")
        } catch {
            throw Problem(.malformedRequest, "The form could not be read.")
        }
    }
}

extension Request {
    var isForm: Bool {
        guard let type = headers[.contentType]?.split(separator: ";").first else { return false }
        return type.trimmingCharacters(in: .whitespaces).lowercased() == "application/x-www-form-urlencoded"
    }
}
