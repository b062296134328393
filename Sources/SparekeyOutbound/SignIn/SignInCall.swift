import Foundation
import NIOHTTP1
public import PasswordHashing
public import Sparekey

/// A program's own sign-in, asked once whether it takes a password (APP-4): https, or http to this machine; no redirect is
/// followed, because it would carry the password elsewhere.
public struct SignInCall: Sendable {
    /// What is sent, and how the answer is read.
    public struct Form: Sendable, Equatable {
        /// Whether it is an object of JSON; else the form of the page, which is fetched first.
        public let isJSON: Bool
        public let nameField: String
        public let passwordField: String
        /// Further fields.
        public let also: [String: String]
        public let accepts: [Int]
        public let refuses: [Int]

        public init(
            isJSON: Bool, nameField: String, passwordField: String, also: [String: String], accepts: [Int],
            refuses: [Int]
        ) {
            self.isJSON = isJSON
            self.nameField = nameField
            self.passwordField = passwordField
            self.also = also
            self.accepts = accepts
            self.refuses = refuses
        }
    }

    /// For each of the two calls.
    private static let timeLimit = Duration.seconds(5)

    private let address: ServerAddress
    private let path: String
    private let form: Form

    /// - Parameter path: as the operator wrote it, its last slash included.
    public init(to address: ServerAddress, path: String, form: Form) {
        self.address = address
        self.path = path
        self.form = form
    }

    /// Takes at most ten seconds.
    public func callAsFunction(_ name: String, _ password: Password) async -> SignInTrial {
        do {
            return try await form.isJSON ? sendJSON(name, password) : sendForm(name, password)
        } catch let error as OutboundError {
            return .unclear(error.reason)
        } catch {
            return .unclear("\(address) could not be asked")
        }
    }

    private func sendJSON(_ name: String, _ password: Password) async throws -> SignInTrial {
        var fields = form.also
        fields[form.nameField] = name
        fields[form.passwordField] = Self.text(password)
        let call = WebCall(
            address: address, path: path, body: try Array(JSONEncoder().encode(fields)), answerLimit: 1_048_576)
        return verdict(try await call.answer(within: Self.timeLimit).status)
    }

    private func sendForm(_ name: String, _ password: Password) async throws -> SignInTrial {
        let page = try await WebCall(address: address, path: path, method: .GET, answerLimit: 1_048_576).answer(
            within: Self.timeLimit)
        guard page.status == 200 else {
            return .unclear("its page at \(address) answers \(page.status), where a form was expected")
        }
        guard var fields = SignInPage(page.body).hiddenFields(besides: form.passwordField) else {
            return .unclear("the page at \(address) has no form with the field \(form.passwordField)")
        }
        fields.merge(form.also) { $1 }
        fields[form.nameField] = name
        fields[form.passwordField] = Self.text(password)
        let call = WebCall(
            address: address, path: path, contentType: "application/x-www-form-urlencoded",
            headers: [("Referer", "\(address)\(path)")] + Self.cookies(page.headers),
            body: Array(Self.encoded(fields).utf8), answerLimit: 1_048_576)
        return verdict(try await call.answer(within: Self.timeLimit).status)
    }

    private func verdict(_ status: Int) -> SignInTrial {
        if form.accepts.contains(status) { return .accepted }
        if form.refuses.contains(status) { return .refused }
        return .unclear("\(address) answered \(status), which says neither yes nor no")
    }

    private static func text(_ password: Password) -> String {
        password.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// RFC 6265, 5.4; what each cookie is for beside its value does not matter for one call.
    private static func cookies(_ headers: HTTPHeaders) -> [(name: String, value: String)] {
        let pairs = headers["Set-Cookie"].compactMap { $0.split(separator: ";").first.map(String.init) }
        return pairs.isEmpty ? [] : [("Cookie", pairs.joined(separator: "; "))]
    }

    /// The WHATWG URL Standard, application/x-www-form-urlencoded.
    private static func encoded(_ fields: [String: String]) -> String {
        fields.sorted { $0.key < $1.key }.map { "\(encoded($0.key))=\(encoded($0.value))" }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"):
                String(UnicodeScalar(byte))
            case 0x20: "+"
            default: "%" + [byte].hexadecimal.uppercased()
            }
        }.joined()
    }
}
