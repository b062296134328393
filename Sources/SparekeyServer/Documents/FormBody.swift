import Foundation
import Hummingbird

/// Reads a form that a browser posts.
enum FormBody {
    /// Fields that a form may have; none of ours has a dozen. What decoding costs hangs on them.
    private static let limit = 32

    /// - Throws: ``Problem`` 413 beyond the limit of bodies, 400 for a body that breaks off or lacks a field.
    static func read<Document: Decodable>(_ type: Document.Type, _ request: Request) async throws -> Document {
        try decode(type, try await JSONBody.bytes(of: request))
    }

    /// - Throws: ``Problem`` 400.
    static func decode<Document: Decodable>(_ type: Document.Type, _ bytes: [UInt8]) throws -> Document {
        _ = try fields(bytes)
        do {
            return try URLEncodedFormDecoder().decode(type, from: String(decoding: bytes, as: UTF8.self))
        } catch DecodingError.keyNotFound(let key, _) {
            throw Problem(.malformedRequest, "The field \(key.stringValue) is missing.")
        } catch {
            throw Problem(.malformedRequest, "The form could not be read.")
        }
    }

    /// The token that the page put into the form, with nothing else decoded: before it is known to be right, a form is worth
    /// no work.
    ///
    /// - Throws: ``Problem`` 400 for a form with more fields than any of ours.
    static func token(_ bytes: [UInt8]) throws -> String? {
        try fields(bytes).first { $0.starts(with: "csrf=".utf8) }
            .map { String(decoding: $0.dropFirst("csrf=".utf8.count), as: UTF8.self) }
    }

    private static func fields(_ bytes: [UInt8]) throws -> [ArraySlice<UInt8>] {
        let fields = bytes.split(
            separator: UInt8(ascii: "&"), maxSplits: limit, omittingEmptySubsequences: false)
        guard fields.count <= limit else { throw Problem(.malformedRequest, "The form could not be read.") }
        return fields
    }
}

extension Request {
    var isForm: Bool {
        guard let type = headers[.contentType]?.split(separator: ";").first else { return false }
        return type.trimmingCharacters(in: .whitespaces).lowercased() == "application/x-www-form-urlencoded"
    }
}
