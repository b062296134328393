@testable import PasswordHashing

/// A stored password of several columns: lines of `field=text`, for whichever format the first line names, or every one.
enum Credentials {
    static func judge(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        var stored = StoredCredential([:])
        for line in lines.dropFirst() {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            stored[StoredCredential.Field(rawValue: String(parts[0]))] = parts.count > 1 ? String(parts[1]) : ""
        }
        let named = lines.first.flatMap { CredentialFormats.standard.named(String($0)) }
        for format in named.map({ [$0] }) ?? CredentialFormats.standard.all { judge(stored, by: format) }
        // A cost as settings spell it.
        for format in named.map({ [$0] }) ?? [] {
            let text = stored[.hash] ?? ""
            let cost = refuses(HashError.self) { try HashCost(of: format, text: text) }
            hold(cost.map { $0.description == text } ?? true, "a cost read otherwise")
        }
    }

    private static func judge(_ stored: StoredCredential, by format: any CredentialFormat) {
        let text = stored[.hash] ?? ""
        let found = refuses(HashError.self) {
            try format.parameters(of: stored)
        } judge: {
            Hashes.silent($0, about: text)
        }
        guard let found else { return }
        hold(Hashes.isWithinBounds(found, of: format), "more work than the bounds allow")
        guard Hashes.isCheap(found.cost, of: format) else { return }
        let inputs = CredentialInputs(username: "ada", pepper: Password(utf8: "pepper"))
        _ = refuses(HashError.self) {
            try format.verify(Password(utf8: "any"), against: stored, inputs: inputs)
        } judge: {
            Hashes.silent($0, about: text)
        }
    }
}
