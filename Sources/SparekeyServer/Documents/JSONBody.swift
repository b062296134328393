import Foundation
import Hummingbird
import PasswordHashing

/// Reads a call's JSON body.
enum JSONBody {
    /// Bytes that a body may have (interface.md, Errors).
    static let limit = 65_536

    /// - Throws: ``Problem``: 415 for another content type, 413 beyond the limit, 400 for what is no JSON object or lacks
    ///   a field. Unknown fields are passed over.
    static func read<Document: Decodable>(_ type: Document.Type, _ request: Request) async throws -> Document {
        guard request.isJSON else { throw Problem(.unsupportedMediaType) }
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit { throw Problem(.tooLarge) }
        return try decode(type, try await bytes(of: request))
    }

    static func decode<Document: Decodable>(_ type: Document.Type, _ bytes: [UInt8]) throws -> Document {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch DecodingError.keyNotFound(let key, _) {
            throw Problem(.malformedRequest, "The field \(key.stringValue) is missing.")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            throw Problem(.malformedRequest, wrongType(context.codingPath))
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(.malformedRequest, "The body is not a JSON object.")
        }
    }

    /// A body that breaks off, or whose framing is none, is the client's mistake and not the server's.
    ///
    /// - Throws: ``Problem`` 400, or 413 beyond the limit.
    static func bytes(of request: Request) async throws -> [UInt8] {
        do {
            return Array(try await request.body.collect(upTo: limit).readableBytesView)
        } catch let error as any HTTPResponseError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw Problem(.malformedRequest, "The body ended early, or is not framed as its headers say.")
        }
    }

    private static func wrongType(_ path: [any CodingKey]) -> String {
        guard let field = path.last?.stringValue, field.utf8.count <= 40 else {
            return "The body is not a JSON object."
        }
        return "The field \(field) has another type than expected."
    }
}

extension Request {
    var isJSON: Bool {
        if headers[.contentType] == "application/json" { return true }
        guard let type = headers[.contentType]?.split(separator: ";").first else { return false }
        return type.trimmingCharacters(in: .whitespaces).lowercased() == "application/json"
    }
}

/// A password inside a JSON body: from the decoder straight into the type that is never printed and is wiped after use.
struct PasswordField: Decodable, Sendable {
    let password: Password

    init(from decoder: any Decoder) throws {
        password = Password(utf8: try decoder.singleValueContainer().decode(String.self))
    }
}
