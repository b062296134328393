import Sparekey
import Testing

@Suite("The box on the console")
struct CodeBoxTests {
    private static let plain = BoxStyle(hasColor: false, isASCII: false)

    private static func notice(_ username: String, app: String? = nil, lifetime: Duration = .seconds(600)) throws
        -> CodeNotice
    {
        let now = Timestamp(microseconds: 1_770_913_800_000_000)
        let code = try #require(ResetCode(typed: "847293"))
        let account = Account(
            id: "1", username: username, email: nil, displayName: "", role: .user, isActive: true, createdAt: now)
        return CodeNotice(
            number: 12, account: account, app: app, requestedAt: now,
            content: .code(code, lifetime: lifetime, expiresAt: now + lifetime))
    }

    @Test("it says who, the code, how long and what to do with it")
    func words() throws {
        let box = try Self.notice("john.doe").box(Self.plain)
        #expect(
            box == [
                "╔══════════════════════════════════════════════════════════════════════════════╗",
                "║                             PASSWORD RESET CODE                              ║",
                "╠══════════════════════════════════════════════════════════════════════════════╣",
                "║  Username:      john.doe                                                     ║",
                "║  Reset code:    847293                                                       ║",
                "║  Valid for:     10 minutes, until 2026-02-12 16:40:00 UTC                    ║",
                "║  Requested at:  2026-02-12 16:30:00 UTC (request 12)                         ║",
                "║                                                                              ║",
                "║  ! It expires in 10 minutes and works once.                                  ║",
                "║  ! Give it by voice or encrypted chat, and only to the person you know.      ║",
                "║  ! Nobody spoke to you? Do nothing: without the code nothing changes.        ║",
                "╚══════════════════════════════════════════════════════════════════════════════╝",
            ])
    }

    static let names = [
        "ada", "\u{1B}[31mred\u{1B}[0m", "\u{1B}]8;;https://evil.example\u{7}link\u{1B}]8;;\u{7}",
        "\u{1B}]52;c;ZXZpbA==\u{7}", "\u{202E}nimda\u{202C}", "two\nlines\r\u{2028}three", "tab\tbell\u{7}\u{8}",
        String(repeating: "x", count: 10_000), String(repeating: "漢", count: 10_000),
        String(repeating: "👩‍👩‍👧", count: 500), "e" + String(repeating: "\u{301}", count: 10_000), "\u{9B}31m", "║", "",
        String(repeating: "漢", count: 30) + "x", "x" + String(repeating: "漢", count: 31),
    ]
    static let styles = [false, true].flatMap { color in
        [false, true].map { BoxStyle(hasColor: color, isASCII: $0) }
    }

    @Test("whatever the name, every line is 80 columns and the borders stand", arguments: names, styles)
    func aligned(_ name: String, _ style: BoxStyle) throws {
        let box = try Self.notice(name, app: name).box(style)
        #expect(box.count == 13)
        for line in box {
            // The sequences that we wrote ourselves; any other stays and is seen below.
            let bare = line.replacing(/\u{1B}\[(0|31|33|36|1;32;40)m/, with: "")
            #expect(DisplayText.columns(of: bare) == 80)
            #expect(DisplayText(bare, limit: 1000).text == bare)
            #expect(style.hasColor || bare == line)
            #expect(!style.isASCII || bare.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        }
        #expect(box.filter { $0.contains("847293") }.count == 1)
    }

    @Test("colours: cyan border, yellow labels, green on black, red warnings")
    func colours() throws {
        let box = try Self.notice("ada").box(BoxStyle(hasColor: true, isASCII: false))
        #expect(box[0].hasPrefix("\u{1B}[36m╔"))
        #expect(box[3].contains("\u{1B}[33mUsername:\u{1B}[0m"))
        #expect(box[4].contains("\u{1B}[1;32;40m847293\u{1B}[0m"))
        #expect(box[8].contains("\u{1B}[31m! It expires"))
    }

    @Test("the line for logs holds no code and no line end of a name", arguments: names)
    func line(_ name: String) throws {
        let line = try Self.notice(name).line
        #expect(!line.contains("847293"))
        #expect(DisplayText(line, limit: 1000).text == line)
        #expect(line.hasSuffix("sparekey requests show 12"))
    }

    @Test(
        "the time is said in the largest unit that says it",
        arguments: [(1, "1 second"), (90, "90 seconds"), (60, "1 minute"), (3600, "1 hour")] as [(Int, String)])
    func units(_ seconds: Int, _ text: String) throws {
        let box = try Self.notice("ada", lifetime: .seconds(seconds)).box(Self.plain)
        #expect(box[5].contains("Valid for:     \(text), until"))
    }

    @Test("where an approval is needed there is no box, but the command")
    func approval() throws {
        let code = try Self.notice("ada")
        for isOver in [false, true] {
            let notice = CodeNotice(
                number: 12, account: code.account, app: nil, requestedAt: code.requestedAt,
                content: .needsApproval(isOverBudget: isOver))
            #expect(notice.box(Self.plain) == [notice.line])
            #expect(notice.line.hasSuffix("sparekey requests approve 12"))
        }
    }
}
