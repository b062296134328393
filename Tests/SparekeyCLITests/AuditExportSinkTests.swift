import Foundation
import Testing

@testable import SparekeyCLI

@Suite("Where an export goes")
struct AuditExportSinkTests {
    private let output = Output(json: false, quiet: true, noColor: true)

    private func withPath(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.appending(path: "audit.jsonl").path)
    }

    @Test("a new file is written for its owner alone, and not written over")
    func created() throws {
        try withPath { path in
            let sink = try AuditExportSink(path, output)
            try sink.write(["{\"sequence\":1}", "{\"sequence\":2}"])
            try sink.finish()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "{\"sequence\":1}\n{\"sequence\":2}\n")
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
            #expect(throws: CommandFailure.self) { try AuditExportSink(path, output) }
            #expect(try String(contentsOfFile: path, encoding: .utf8).count == 30)
        }
    }

    @Test("an export that failed leaves no file")
    func discarded() throws {
        try withPath { path in
            let sink = try AuditExportSink(path, output)
            try sink.write(["{}"])
            sink.discard()
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }
}
