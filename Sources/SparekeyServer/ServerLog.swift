import Foundation
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
        var line = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { DisplayText("\($0)", limit: 400).text }
        line["at"] = Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        line["level"] = event.level.rawValue
        line["message"] = DisplayText("\(event.message)", limit: 400).text
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var bytes = try? encoder.encode(line) else { return }
        bytes.append(UInt8(ascii: "\n"))
        // One write a line, so that lines of two threads do not mix. A log that takes nothing more must not end the server.
        try? FileHandle.standardError.write(contentsOf: bytes)
    }
}
