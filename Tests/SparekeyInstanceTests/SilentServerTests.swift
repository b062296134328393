import Foundation
import Glibc
import SparekeySQL
import SparekeyTesting
import Testing

@testable import Sparekey
@testable import SparekeyInstance
@testable import SparekeyStore

/// Resets that were cut off in a program whose database server takes connections and never answers.
@Suite("What cannot be settled because nobody answers")
struct SilentServerTests {
    @Test("is asked for once, whatever number of resets waits for it")
    func once() async throws {
        let listener = try Listener()
        defer { listener.end() }
        try await ProgramResetTests.withNexus { options, _ in
            let app = AppReference(
                name: "portal", profile: "proxmox-manager-portal",
                database: "postgres://portal@127.0.0.1:\(listener.port)/portal?sslmode=disable")
            let first = try await Instance.open(options, mayCreate: true)
            for name in ["ada", "grace", "alan"] {
                await (try await first.store.prepare(Self.plan(name, app, first))).release()
            }
            await first.close()
            let second = try await Instance.open(options, mayCreate: false)
            #expect(second.warnings.count == 3 && second.warnings.allSatisfy { $0.contains("is not settled yet") })
            await second.close()
            #expect(listener.waiting() == 1)
        }
    }

    private static func plan(_ name: String, _ app: AppReference, _ instance: Instance) -> ResetPlan {
        let account = Account(
            id: name, username: name, email: nil, displayName: "", role: .user, isActive: true, createdAt: nil)
        return ResetPlan(
            id: instance.random.uuid(), app: app, account: account,
            old: StoredColumns(["users.password": .text("old")]),
            new: StoredColumns(["users.password": .text("new")]), revocations: [], keptSession: nil,
            proof: .operatorShell, historyKept: nil, undoes: nil, undoUntil: nil,
            audit: AuditEvent(
                .passwordReset, actor: .server, at: instance.now, account: account, app: app.name,
                proof: Proof.operatorShell.kind, reason: nil),
            at: instance.now)
    }
}

/// A port of this machine behind which connections pile up.
private struct Listener {
    let descriptor: Int32
    let port: UInt16

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (socket, length) = (descriptor, size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && listen(socket, 16) == 0 && getsockname(socket, $0, &size) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileReadUnknown) }
        port = UInt16(bigEndian: address.sin_port)
    }

    /// How many have connected.
    func waiting() -> Int {
        var count = 0
        while true {
            let one = accept(descriptor, nil, nil)
            guard one >= 0 else { return count }
            close(one)
            count += 1
        }
    }

    func end() { close(descriptor) }
}
