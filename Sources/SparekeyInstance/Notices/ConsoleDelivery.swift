import Dispatch
import Glibc
public import Sparekey

/// Brings notices to this process's console: the box with the code, or the line without it (NEX-2).
public struct ConsoleDelivery: CodeDelivery {
    public enum Form: Sendable, Hashable {
        case box(BoxStyle)
        /// For the inbox, and for the system journal: whoever may read it should not come to a code by that.
        case line
    }

    public let form: Form
    private let descriptor: Int32
    /// Keeps boxes apart from each other, and a console that nobody reads off the threads of everybody else.
    private let queue = DispatchQueue(label: "sparekey.console")

    /// - Parameter descriptor: 1 is standard output.
    public init(_ form: Form, descriptor: Int32 = 1) {
        self.form = form
        self.descriptor = descriptor
    }

    /// - Throws: ``InstanceError`` `notWritable` when the console takes nothing, or not within a second.
    public func deliver(_ notice: CodeNotice) async throws {
        guard await deliver([notice]).isEmpty else {
            throw InstanceError(
                .notWritable, reason: "the console cannot be written",
                hint: "sparekey requests show \(notice.number) shows what it would have said")
        }
    }

    /// A console that does not take some is not asked to take those after them: nobody waits a second for each.
    public func deliver(_ notices: [CodeNotice]) async -> [Int64] {
        notices.dropFirst(await write(notices, to: descriptor)).map(\.number)
    }

    public func rehearse(_ notices: [CodeNotice]) async {
        guard Self.nowhere >= 0 else { return }
        _ = await write(notices, to: Self.nowhere)
    }

    private static let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)

    /// How many of them were taken.
    private func write(_ notices: [CodeNotice], to descriptor: Int32) async -> Int {
        guard !notices.isEmpty else { return 0 }
        let parcels = Self.parcels(notices.map(text))
        return await withCheckedContinuation { continuation in
            queue.async {
                let taken = parcels.prefix { Self.write($0.bytes, to: descriptor) }
                continuation.resume(returning: taken.reduce(0) { $0 + $1.count })
            }
        }
    }

    /// Whole texts, as many together as one write takes: a write costs more than what is in it.
    private static func parcels(_ texts: [[UInt8]]) -> [(bytes: [UInt8], count: Int)] {
        texts.reduce(into: []) { parcels, text in
            if let last = parcels.last, last.bytes.count + text.count <= atOnce {
                parcels[parcels.count - 1].bytes += text
                parcels[parcels.count - 1].count += 1
            } else {
                parcels.append((text, 1))
            }
        }
    }

    private func text(_ notice: CodeNotice) -> [UInt8] {
        let lines =
            switch form {
            case .box(let style): notice.box(style)
            case .line: [notice.line]
            }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard isReady(descriptor) else { return false }
            let written = rest.prefix(atOnce).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return false }
            rest = rest.dropFirst(written)
        }
        return true
    }

    /// A pipe that is ready takes so many bytes without waiting (PIPE_BUF of pipe(7)).
    private static let atOnce = 4096

    /// Whether it takes bytes within a second: one that is full and that nobody reads would hold up every later code, and
    /// the end of the server.
    private static func isReady(_ descriptor: Int32) -> Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&waiting, 1, 1000) != 0
    }
}

extension ConsoleDelivery.Form {
    /// What suits `descriptor`: the line where it is the system journal or where codes go to the inbox, else the box, in
    /// colours on a terminal.
    public init(
        descriptor: Int32 = 1, settings: Settings, environment: [String: String]
    ) {
        guard settings.codeDelivery == .console, !Self.isJournal(descriptor, environment) else {
            self = .line
            return
        }
        let term = environment["TERM"] ?? ""
        let hasColor =
            isatty(descriptor) == 1 && !term.isEmpty && term != "dumb" && (environment["NO_COLOR"] ?? "").isEmpty
        self = .box(BoxStyle(hasColor: hasColor, isASCII: !Self.isUTF8(environment)))
    }

    /// Whether `descriptor` is the stream that `JOURNAL_STREAM` names by device and inode (systemd.exec(5)).
    static func isJournal(_ descriptor: Int32, _ environment: [String: String]) -> Bool {
        guard let named = environment["JOURNAL_STREAM"] else { return false }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return named == "\(status.st_dev):\(status.st_ino)"
    }

    private static func isUTF8(_ environment: [String: String]) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        return locale.uppercased().replacing("-", with: "").hasSuffix("UTF8")
    }
}
