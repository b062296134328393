import Sparekey
import Synchronization

/// One user of a program's database at a time in this process: what looks at a SQLite file must not do so while another
/// part of the process has it open, and a crowd at our door is not to become one at the program's.
final class ProgramTurns: Sendable {
    private struct Line {
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// By where the database is; a line is there while somebody has the turn.
    private let lines = Mutex<[String: Line]>([:])
    /// Who comes when so many wait is sent away.
    private static let most = 32

    /// Waits for its turn, first come, first served.
    ///
    /// - Throws: ``InstanceError`` `busy` where too many wait already, and what `work` throws.
    func callAsFunction<Value>(at place: String, _ work: () async throws -> Value) async throws -> Value {
        try await take(place)
        do {
            let value = try await work()
            pass(place)
            return value
        } catch {
            pass(place)
            throw error
        }
    }

    private func take(_ place: String) async throws {
        let isCrowded = lines.withLock { ($0[place]?.waiting.count ?? 0) >= Self.most }
        guard !isCrowded else {
            throw InstanceError(
                .busy, reason: "too many wait for the database \(place) already", hint: "nothing was changed; try again"
            )
        }
        await withCheckedContinuation { continuation in
            let isFree = lines.withLock { lines in
                guard lines[place] != nil else {
                    lines[place] = Line()
                    return true
                }
                lines[place]?.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func pass(_ place: String) {
        let next = lines.withLock { lines -> CheckedContinuation<Void, Never>? in
            guard let line = lines[place], !line.waiting.isEmpty else {
                lines[place] = nil
                return nil
            }
            return lines[place]?.waiting.removeFirst()
        }
        next?.resume()
    }
}
