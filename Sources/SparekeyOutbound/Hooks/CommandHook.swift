import Glibc
import Sparekey

/// A command that the operator bound to a program's hook: run by its path, without a shell and with an empty environment,
/// ten seconds at most. It is told nothing, neither the account nor a password.
public struct CommandHook: Sendable {
    private let words: [String]
    private let trustedOwners: Set<UInt32>
    private let patience: Duration

    /// - Parameters:
    ///   - words: an absolute path first.
    ///   - trustedOwners: whose programs are run; root's and the caller's.
    public init(_ words: [String], trustedOwners: Set<UInt32>, patience: Duration = .seconds(10)) {
        self.words = words
        self.trustedOwners = trustedOwners
        self.patience = patience
    }

    /// Runs it.
    ///
    /// - Throws: ``OutboundError`` unless it ends with 0 in time.
    public func callAsFunction() async throws {
        let path = try trustedPath()
        let child = ChildProgram(
            path: path, words: Array(words.dropFirst()), patience: patience, mostBytes: 4_096, flood: .forgotten,
            keepsErrors: true)
        switch await child.ending() {
        case .exited(0, _): return
        case .exited(let status, let output):
            throw OutboundError(.refused, reason: "\(name) ended with status \(status)\(Self.saying(output))")
        case .killed: throw OutboundError(.refused, reason: "\(name) was ended by a signal")
        case .cutOff:
            let limit = patience.components.seconds
            throw OutboundError(.timeout, reason: "\(name) did not end within \(limit) seconds and was ended")
        case .notStarted: throw OutboundError(.unreachable, reason: "\(name) could not be started")
        }
    }

    /// The program with its links followed, where nobody but the trusted could have put it there or changed it.
    ///
    /// - Throws: ``OutboundError`` `unreachable`, `refused`.
    @discardableResult
    public func trustedPath() throws -> String {
        guard let first = words.first, first.hasPrefix("/") else {
            throw OutboundError(.refused, reason: "\(name) is no absolute path: no shell looks for it")
        }
        guard let resolved = realpath(first, nil) else {
            throw OutboundError(.unreachable, reason: "there is no program \(name)")
        }
        defer { free(resolved) }
        let path = String(cString: resolved)
        for place in Self.places(of: path) { try requireTrusted(place, isProgram: place == path) }
        guard access(path, X_OK) == 0 else {
            throw OutboundError(.refused, reason: "\(name) may not be run by this user")
        }
        return path
    }

    /// Whoever can write a folder on the way can put another program there; a sticky one (/tmp) holds what is another's.
    private func requireTrusted(_ place: String, isProgram: Bool) throws {
        var status = stat()
        guard lstat(place, &status) == 0 else {
            throw OutboundError(.unreachable, reason: "\(DisplayText(place).text) cannot be looked at")
        }
        guard !isProgram || status.st_mode & S_IFMT == S_IFREG else {
            throw OutboundError(.refused, reason: "\(name) is no program")
        }
        guard trustedOwners.contains(status.st_uid) else {
            throw OutboundError(
                .refused, reason: "\(DisplayText(place).text) belongs to another user (uid \(status.st_uid))")
        }
        let isOpen = status.st_mode & (S_IWGRP | S_IWOTH) != 0
        guard !isOpen || (!isProgram && status.st_mode & S_ISVTX != 0) else {
            throw OutboundError(.refused, reason: "other users can write \(DisplayText(place).text)")
        }
    }

    /// `/`, `/usr`, `/usr/bin`, `/usr/bin/systemctl`
    private static func places(of path: String) -> [String] {
        let parts = path.split(separator: "/")
        return ["/"] + parts.indices.map { "/" + parts[...$0].joined(separator: "/") }
    }

    /// Of its words only the first: the others can be secrets.
    private var name: String { DisplayText(words.first ?? "").text }

    /// The last line of what it wrote, as far as it fits a warning.
    private static func saying(_ output: [UInt8]) -> String {
        let lines = output.split { $0 == 0x0A || $0 == 0x0D }.map { String(decoding: $0, as: UTF8.self) }
        let line = lines.last { !$0.allSatisfy(\.isWhitespace) }
        return line.map { ": \(DisplayText($0, limit: 160).text)" } ?? ""
    }
}
