import Glibc
public import Logging
import Sparekey

/// Structured logs: a line of JSON each on standard error, keys in order, no secret ever given to it, and every text from
/// outside stripped of what could steer a terminal (SEC-8).
public struct ServerLog: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level = .info
    private let label: String

    public init(label: String) {
        self.label = label
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var members = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
        members["at"] = SystemWallClock().now.rfc3339Milliseconds
        members["level"] = event.level.rawValue
        members["message"] = "\(event.message)"
        var line = JSONLine()
        for (name, text) in members.sorted(by: { $0.key < $1.key }) {
            line.add(name, DisplayText(text, limit: 400).text)
        }
        // One write a line, so that lines of two threads do not mix. A log that takes nothing more must not end the server.
        let bytes = line.finished + [UInt8(ascii: "\n")]
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}
