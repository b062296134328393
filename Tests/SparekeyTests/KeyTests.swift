import Foundation
import Sparekey
import Testing

@Suite("The instance key and what hangs on it")
struct KeyTests {
    let key: InstanceKey
    let other: InstanceKey

    init() throws {
        key = try #require(InstanceKey([UInt8](repeating: 7, count: 32)))
        other = try #require(InstanceKey([UInt8](repeating: 8, count: 32)))
    }

    @Test("only 32 bytes are a key", arguments: [0, 31, 33])
    func length(_ count: Int) {
        #expect(InstanceKey([UInt8](repeating: 1, count: count)) == nil)
    }

    @Test("every purpose has a key of its own")
    func purposes() {
        let macs = KeyPurpose.allCases.map { key.authenticate([1, 2, 3], for: $0) }
        #expect(Set(macs).count == KeyPurpose.allCases.count)
    }

    @Test("the key does not show itself")
    func description() {
        #expect("\(key)" == "<instance key>")
        var dumped = ""
        dump(PasswordlessWrapper(key: key), to: &dumped)
        #expect(!dumped.contains("7, 7, 7"))
    }

    @Test("a sealed value opens in its own row only, under its own key, unchanged")
    func sealing() throws {
        let seal = Seal(key)
        let plain = Data("old hash".utf8)
        let sealed = try seal.seal(plain, for: "reset/1/old")
        #expect(try seal.open(sealed, for: "reset/1/old") == plain)
        #expect(throws: RecoveryError.self) { try seal.open(sealed, for: "reset/2/old") }
        #expect(throws: RecoveryError.self) { try Seal(other).open(sealed, for: "reset/1/old") }
        var flipped = sealed
        flipped[20] ^= 1
        #expect(throws: RecoveryError.self) { try seal.open(flipped, for: "reset/1/old") }
    }

    @Test("the mark beside a hash is bound to the account and the hash")
    func witness() {
        let mark = key.witness(of: "$argon2id$x", account: "a")
        #expect(mark == key.witness(of: "$argon2id$x", account: "a"))
        #expect(mark != key.witness(of: "$argon2id$x", account: "b"))
        #expect(mark != key.witness(of: "$argon2id$y", account: "a"))
        #expect(mark != other.witness(of: "$argon2id$x", account: "a"))
    }

    @Test("a link of the audit chain depends on everything before it")
    func chain() {
        let chain = AuditChain(key)
        let first = chain.link(previous: [], sequence: 1, row: "{}")
        #expect(first != chain.link(previous: [], sequence: 2, row: "{}"))
        #expect(first != chain.link(previous: first, sequence: 1, row: "{}"))
        #expect(first != AuditChain(other).link(previous: [], sequence: 1, row: "{}"))
    }

    private struct PasswordlessWrapper { let key: InstanceKey }
}
