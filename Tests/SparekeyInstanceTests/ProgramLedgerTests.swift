import Foundation
import PasswordHashing
import Sparekey
import SparekeyApps
import SparekeyStore
import SparekeyTesting
import Testing

@testable import SparekeyInstance

@Suite("The ledger of resets in a program")
struct ProgramLedgerTests {
    /// Of Nexus, whose account stands in a table and in a file.
    @Test(
        "keeps what every ledger promises", arguments: TestDatabase.Kind.all, LedgerConformance.Promise.allCases)
    func conforms(kind: TestDatabase.Kind, promise: LedgerConformance.Promise) async throws {
        try await TestDatabase.with(kind) { test in
            let own = kind == .sqlite ? nil : try test.url()
            try await ProgramResetTests.withNexus(database: own) { options, folder in
                let path = folder.appending(path: "nexus.db").path
                let first = try await Self.open(path, options, mayCreate: true)
                let second = try await Self.open(path, options, mayCreate: false)
                let suite = LedgerConformance(
                    of: "admin", in: first.directory, first: Self.party(first), second: Self.party(second),
                    steps: Self.steps(first))
                try await suite.check(promise)
                for opened in [first, second] {
                    await opened.close()
                    await opened.instance.close()
                }
            }
        }
    }

    private static func open(_ path: String, _ options: InstanceOptions, mayCreate: Bool) async throws -> OpenedProgram
    {
        let instance = try await Instance.open(options, mayCreate: mayCreate)
        let program = try await FoundProgram(
            .address(path, profile: nil), options.forProgram, choose: { _ in nil })
        return try await instance.open(program)
    }

    private static func party(_ opened: OpenedProgram) -> LedgerConformance.Party {
        let store = opened.instance.store
        return LedgerConformance.Party(
            ledger: AppLedger(journal: store, directory: opened.directory), journal: store,
            settle: { now in
                try await store.settle(now: now)
                let warnings = await opened.instance.settleProgramResets()
                if !warnings.isEmpty { throw NotSettled(warnings: warnings) }
            })
    }

    private struct NotSettled: Error {
        let warnings: [String]
    }

    private static func steps(_ opened: OpenedProgram) -> LedgerConformance.Steps {
        let instance = opened.instance
        return LedgerConformance.Steps(
            make: { password, account, old in
                try await MakeProgramCredentials(opened.directory, clock: instance.clock, random: instance.random)(
                    password, account: account, replacing: old, requireChange: false, expiresAt: nil)
            },
            accepts: { password, account in
                guard let stored = try await opened.directory.read(account) else { return false }
                let hashes = stored.values.values.compactMap { value -> String? in
                    guard case .text(let text) = value, text.hasPrefix("$2") else { return nil }
                    return text
                }
                // Its file's and its table's: a reset is in both or in neither.
                return try hashes.count == 2
                    && hashes.allSatisfy { try HashFormats.standard.verify(password, against: $0) }
            },
            now: { instance.now })
    }
}
