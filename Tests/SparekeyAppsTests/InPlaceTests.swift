import Foundation
import Sparekey
import Testing

@testable import SparekeyApps

/// `--in-place`: the file itself is written, and what was in it is a value of the reset.
@Suite("A file that is written in place")
struct InPlaceTests {
    private static let whole = "file as a whole"

    private static func directory(_ path: String) throws -> ProgramDirectory {
        ProgramDirectory(
            try ProfileShelf().named("htpasswd"), in: path,
            reference: AppReference(name: "htpasswd", profile: "htpasswd", database: path), isInPlace: true)
    }

    /// grace's line becomes longer, ada's stays as long.
    @Test("keeps its second name, and is put back to the last byte", arguments: ["ada", "grace", "Ada", "alan"])
    func thereAndBack(name: String) async throws {
        try await FileProgramTests.with("htpasswd") { path in
            #expect(link(path, path + ".too") == 0)
            let before = try FileProgramTests.bytes(path)
            let directory = try Self.directory(path)
            let account = try #require(try await directory.find(AccountName(name)))
            let (old, new) = try await ProgramDirectoryTests.make(FileProgramTests.new, account, directory)
            #expect(old[Self.whole] == .text(String(decoding: before, as: UTF8.self)))
            #expect(try await directory.apply(new, to: account, expecting: old) == .applied)
            let present = try #require(try await directory.read(account))
            #expect(present.agrees(with: new, in: directory.decisiveColumns))
            #expect(try FileProgramTests.bytes(path + ".too") == FileProgramTests.bytes(path))
            let lines = zip(FileProgramTests.lines(before), FileProgramTests.lines(try FileProgramTests.bytes(path)))
            #expect(lines.filter { $0 != $1 }.count == 1)
            #expect(try await directory.apply(old, to: account, expecting: present) == .applied)
            #expect(try FileProgramTests.bytes(path + ".too") == before)
        }
    }

    @Test("is left alone when any byte of it is no longer what was sealed")
    func changedMeanwhile() async throws {
        try await FileProgramTests.with("htpasswd") { path in
            let directory = try Self.directory(path)
            let account = try #require(try await directory.find(AccountName("ada")))
            let (old, new) = try await ProgramDirectoryTests.make(FileProgramTests.new, account, directory)
            let changed = try FileProgramTests.bytes(path) + Array("# one more\n".utf8)
            try Data(changed).write(to: URL(filePath: path))
            #expect(try await directory.apply(new, to: account, expecting: old) == .changedMeanwhile)
            #expect(try FileProgramTests.bytes(path) == changed)
        }
    }

    /// Each length that a cut off write can leave, in both directions: longer (grace) and shorter (its undo).
    @Test("that was cut off at any byte is found whole, as it was", arguments: [true, false])
    func cutOff(isLonger: Bool) async throws {
        try await FileProgramTests.with("htpasswd") { path in
            let directory = try Self.directory(path)
            let account = try #require(try await directory.find(AccountName("grace")))
            var (old, new) = try await ProgramDirectoryTests.make(FileProgramTests.new, account, directory)
            let first = try FileProgramTests.bytes(path)
            #expect(try await directory.apply(new, to: account, expecting: old) == .applied)
            let second = try FileProgramTests.bytes(path)
            if !isLonger { (old, new) = (try #require(try await directory.read(account)), old) }
            let (before, after) = isLonger ? (first, second) : (second, first)
            for written in 0...after.count {
                // Until the file is cut, what was behind the end stays.
                let found = after.prefix(written) + before.dropFirst(written)
                try Data(found).write(to: URL(filePath: path))
                try await directory.putRight(account.id, old: old, new: new)
                let isNew = Array(found) == after
                #expect(try FileProgramTests.bytes(path) == (isNew ? after : before), "\(written) bytes were written")
            }
        }
    }

    @Test("that power left longer and empty there is found as it was, and what somebody else wrote stays")
    func emptyEndAndStranger() async throws {
        try await FileProgramTests.with("htpasswd") { path in
            let directory = try Self.directory(path)
            let account = try #require(try await directory.find(AccountName("grace")))
            let (old, new) = try await ProgramDirectoryTests.make(FileProgramTests.new, account, directory)
            let before = try FileProgramTests.bytes(path)
            #expect(try await directory.apply(new, to: account, expecting: old) == .applied)
            let after = try FileProgramTests.bytes(path)
            let empty = before + [UInt8](repeating: 0, count: after.count - before.count)
            try Data(empty).write(to: URL(filePath: path))
            try await directory.putRight(account.id, old: old, new: new)
            #expect(try FileProgramTests.bytes(path) == before)
            let strange = before + Array("eve:x\n".utf8)
            for found in [strange, Array("other:x\n".utf8), []] {
                try Data(found).write(to: URL(filePath: path))
                try await directory.putRight(account.id, old: old, new: new)
                #expect(try FileProgramTests.bytes(path) == found)
            }
        }
    }

    @Test("without it nothing of the file is kept beside its values")
    func replaced() async throws {
        try await FileProgramTests.with("htpasswd") { path in
            let directory = try FileProgramTests.directory("htpasswd", path)
            let account = try #require(try await directory.find(AccountName("ada")))
            #expect(try await directory.read(account)?.values.keys.sorted() == ["file.password"])
            #expect(try await !ProgramDirectory.isInPlace(#require(directory.read(account))))
        }
    }
}
