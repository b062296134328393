import Foundation
import Sparekey
import Testing

@testable import SparekeyInstance

@Suite("The head file")
struct AuditHeadFileTests {
    let key: InstanceKey

    init() throws {
        key = try #require(InstanceKey([UInt8](repeating: 1, count: 32)))
    }

    private func withFile(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(UUID().uuidString)").path
        try DataFolder(path: folder).create()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder + "/audit.head")
    }

    private var epochs: AuditEpochs { AuditEpochs(AuditChain(key)) }

    private func head(_ sequence: Int64) -> KeptAuditHead {
        KeptAuditHead(
            head: AuditHead(sequence: sequence, mac: [UInt8](repeating: UInt8(sequence), count: 32)),
            origin: [UInt8](repeating: 9, count: 32))
    }

    @Test("it is written whole, for its owner alone, and read back")
    func round() async throws {
        try await withFile { path in
            let file = try AuditHeadFile(path: path)
            #expect(try await file.kept(epochs) == nil)
            #expect(try await file.replace(nil, with: head(1), epochs, isRestored: false))
            #expect(try await file.replace(head(1), with: head(2), epochs, isRestored: false))
            #expect(try await AuditHeadFile(path: path).kept(epochs) == head(2))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let folder = (path as NSString).deletingLastPathComponent
            #expect(
                Set(try FileManager.default.contentsOfDirectory(atPath: folder)) == ["audit.head", "audit.head-lock"])
        }
    }

    @Test("it never moves backwards, and not from a head that is no longer there")
    func forwardOnly() async throws {
        try await withFile { path in
            let file = try AuditHeadFile(path: path)
            #expect(try await file.replace(nil, with: head(5), epochs, isRestored: false))
            #expect(try await !file.replace(nil, with: head(6), epochs, isRestored: false))
            #expect(try await !file.replace(head(4), with: head(6), epochs, isRestored: false))
            #expect(try await !file.replace(head(5), with: head(5), epochs, isRestored: false))
            #expect(try await !file.replace(head(5), with: head(4), epochs, isRestored: false))
            #expect(try await file.kept(epochs) == head(5))
        }
    }

    @Test("of many that replace one head at once, one does")
    func race() async throws {
        try await withFile { path in
            let epochs = epochs
            let heads = (1...24).map { head(Int64($0)) }
            let replaced = try await withThrowingTaskGroup(of: Bool.self) { group in
                for head in heads {
                    group.addTask {
                        try await AuditHeadFile(path: path).replace(nil, with: head, epochs, isRestored: false)
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(replaced == 1)
        }
    }

    @Test("another key's file, an empty one and a link are not believed, and not replaced")
    func forged() async throws {
        try await withFile { path in
            let other = try #require(InstanceKey([UInt8](repeating: 2, count: 32)))
            let file = try AuditHeadFile(path: path)
            for text in [head(1).sealed(AuditChain(other)), "", "1:ff\n"] {
                try Data(text.utf8).write(to: URL(filePath: path))
                await #expect(throws: RecoveryError(.auditHeadForged, reason: "")) { try await file.kept(epochs) }
                await #expect(throws: RecoveryError(.auditHeadForged, reason: "")) {
                    try await file.replace(nil, with: head(3), epochs, isRestored: false)
                }
            }
            try FileManager.default.removeItem(atPath: path)
            symlink("/dev/null", path)
            await #expect(throws: InstanceError(.unsafeFile, reason: "")) { try await file.kept(epochs) }
        }
    }
}
