import Foundation
import Sparekey
import Testing

@testable import SparekeyInstance

@Suite("Codes on the console")
struct ConsoleDeliveryTests {
    private func form(
        _ environment: [String: String], settings: String = "", descriptor: Int32 = 1
    ) throws -> ConsoleDelivery.Form {
        ConsoleDelivery.Form(
            descriptor: descriptor, settings: try SettingsFolder(settings).load(), environment: environment)
    }

    private func notice() throws -> CodeNotice {
        let now = Timestamp(microseconds: 1_770_913_800_000_000)
        let account = Account(
            id: "1", username: "ada", email: nil, displayName: "", role: .user, isActive: true, createdAt: now)
        return CodeNotice(
            number: 12, account: account, app: nil, requestedAt: now,
            content: .code(
                try #require(ResetCode(typed: "847293")), lifetime: .seconds(600), expiresAt: now + .seconds(600)))
    }

    @Test("a file or a container gets the box without colours, in ASCII where the locale is C")
    func files() throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        for (locale, isASCII) in [("", true), ("C", true), ("POSIX", true), ("C.UTF-8", false), ("de_DE.utf8", false)] {
            let found = try form(["LANG": locale, "TERM": "xterm"], descriptor: descriptor)
            #expect(found == .box(BoxStyle(hasColor: false, isASCII: isASCII)))
        }
    }

    @Test("a console that is full and that nobody reads is given up, so that later codes are issued all the same")
    func unread() async throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        let flags = fcntl(descriptor, F_GETFL)
        #expect(fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0)
        while write(descriptor, "x", 1) == 1 {}
        #expect(fcntl(descriptor, F_SETFL, flags) == 0)
        let delivery = ConsoleDelivery(try form([:], descriptor: descriptor), descriptor: descriptor)
        let error = await #expect(throws: InstanceError.self) { try await delivery.deliver(try notice()) }
        #expect(error?.code == .notWritable)
    }

    @Test("a terminal gets colours, unless NO_COLOR or its name says otherwise")
    func terminals() throws {
        let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        defer { close(terminal) }
        for (more, hasColor) in [
            ([:], true), (["NO_COLOR": "1"], false), (["NO_COLOR": ""], true), (["TERM": "dumb"], false),
        ] as [([String: String], Bool)] {
            let environment = ["LC_ALL": "C.UTF-8", "TERM": "xterm"].merging(more) { $1 }
            let found = try form(environment, descriptor: terminal)
            #expect(found == .box(BoxStyle(hasColor: hasColor, isASCII: false)))
        }
    }

    @Test("the system journal and the inbox get the line without the code")
    func lines() throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        var status = stat()
        #expect(fstat(descriptor, &status) == 0)
        let named = "\(status.st_dev):\(status.st_ino)"
        #expect(try form(["JOURNAL_STREAM": named], descriptor: descriptor) == .line)
        // Inherited from a service whose output it was: this one goes elsewhere.
        #expect(try form(["JOURNAL_STREAM": "8:1"], descriptor: descriptor) != .line)
        #expect(try form([:], settings: "codes: {delivery: inbox}", descriptor: descriptor) == .line)
    }

    @Test("the whole box is written, and the line holds no code")
    func written() async throws {
        for (form, holds) in [
            (.box(BoxStyle(hasColor: false, isASCII: true)), true), (.line, false),
        ] as [(ConsoleDelivery.Form, Bool)] {
            let pipe = Pipe()
            try await ConsoleDelivery(form, descriptor: pipe.fileHandleForWriting.fileDescriptor).deliver(try notice())
            try pipe.fileHandleForWriting.close()
            let text = String(decoding: try #require(try pipe.fileHandleForReading.readToEnd()), as: UTF8.self)
            #expect(text.contains("847293") == holds)
            #expect(text.hasSuffix("\n") && text.split(separator: "\n").count == (holds ? 12 : 1))
        }
    }

    @Test("a console that takes nothing is an error that names the command")
    func closed() async throws {
        let refused = await #expect(throws: InstanceError.self) {
            try await ConsoleDelivery(.line, descriptor: -1).deliver(try notice())
        }
        #expect(refused?.hint?.contains("sparekey requests show 12") == true)
    }

    @Test("of many notices those that were not written are named")
    func many() async throws {
        #expect(await ConsoleDelivery(.line, descriptor: -1).deliver([try notice(), try notice()]) == [12, 12])
        let pipe = Pipe()
        let delivery = ConsoleDelivery(.line, descriptor: pipe.fileHandleForWriting.fileDescriptor)
        #expect(await delivery.deliver([try notice(), try notice()]).isEmpty)
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: try #require(try pipe.fileHandleForReading.readToEnd()), as: UTF8.self)
        #expect(text.split(separator: "\n").count == 2)
    }

    @Test("boxes that are written together are each whole")
    func together() async throws {
        let pipe = Pipe()
        let box = ConsoleDelivery.Form.box(BoxStyle(hasColor: false, isASCII: false))
        let delivery = ConsoleDelivery(box, descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let notices = [CodeNotice](repeating: try notice(), count: 20)
        #expect(await delivery.deliver(notices).isEmpty)
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: try #require(try pipe.fileHandleForReading.readToEnd()), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count % 20 == 0 && text.split(separator: "847293").count == 21)
        #expect(Set(stride(from: 0, to: lines.count, by: lines.count / 20).map { lines[$0] }).count == 1)
    }

    @Test("the settings of codes and tokens are read, bounded and have their defaults")
    func settings() throws {
        let fallback = try SettingsFolder("").load()
        #expect(fallback.codeLifetime == .seconds(600) && fallback.codeDelivery == .console)
        #expect(fallback.approval == .off && !fallback.tokenKeepAddress)
        let given = try SettingsFolder(
            "codes: {lifetime: 5m, delivery: inbox}\napproval: one\ntokens.keep_address: true"
        ).load()
        #expect(given.codeLifetime == .seconds(300) && given.codeDelivery == .inbox)
        #expect(given.approval == .one && given.tokenKeepAddress)
        #expect(try SettingsFolder("approval: off").load().approval == .off)
        try SettingsFolder("codes.lifetime: 61m").expectRefusal(.badSettings, containing: "at most 1h")
        try SettingsFolder("approval: two").expectRefusal(.badSettings, containing: "off or one")
    }
}
