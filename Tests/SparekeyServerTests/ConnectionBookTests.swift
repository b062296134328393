import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import SparekeyServer

@Suite("Connection book")
struct ConnectionBookTests {
    @Test("an address with too many connections loses the one that waits longest")
    func perAddress() throws {
        let book = ConnectionBook { _ in false }
        let busy = try Self.open("192.0.2.1", book)
        book.setWaiting(false, busy)
        let other = try Self.open("192.0.2.2", book)
        let mine = try (1..<ConnectionBook.perAddress).map { _ in try Self.open("192.0.2.1", book) }
        #expect(mine.allSatisfy { $0.isActive })
        let last = try Self.open("192.0.2.1", book)
        #expect(!mine[0].isActive)
        #expect(([busy, other, last] + mine.dropFirst()).allSatisfy { $0.isActive })
    }

    @Test("a connection that was closed counts no more")
    func closed() throws {
        let book = ConnectionBook { _ in false }
        let first = try Self.open("192.0.2.1", book)
        book.closed(first)
        book.closed(first)
        #expect(book.count == 0)
        let more = try (0..<ConnectionBook.perAddress).map { _ in try Self.open("192.0.2.1", book) }
        #expect(book.count == ConnectionBook.perAddress)
        #expect(more.allSatisfy { $0.isActive })
    }

    @Test("a trusted proxy may have more than one address may, and all together have their limit")
    func inAll() throws {
        let proxy = try #require(AddressRange("10.0.0.0/8"))
        let book = ConnectionBook { proxy.contains($0) }
        let channels = try (0..<ConnectionBook.inAll).map { _ in try Self.open("10.0.0.1", book) }
        #expect(channels.allSatisfy { $0.isActive })
        let last = try Self.open("10.0.0.1", book)
        #expect(!channels[0].isActive)
        #expect(channels[1].isActive && last.isActive)
    }

    @Test("where everybody else is owed an answer, the new one gives way")
    func nobodyWaits() throws {
        let book = ConnectionBook { _ in false }
        let owed = try (0..<ConnectionBook.perAddress).map { _ in
            let channel = try Self.open("192.0.2.1", book)
            book.setWaiting(false, channel)
            return channel
        }
        let new = try Self.open("192.0.2.1", book)
        #expect(owed.allSatisfy { $0.isActive })
        #expect(!new.isActive)
    }

    @Test("whoever waits for a client to go is told, until they no longer wish to be")
    func onDisconnect() throws {
        let book = ConnectionBook { _ in false }
        let told = Mutex(0)
        let channel = try Self.open("192.0.2.1", book)
        book.onDisconnect(channel) { told.withLock { $0 += 1 } }
        _ = book.disconnected(channel)
        #expect(told.withLock(\.self) == 1)
        book.onDisconnect(channel, nil)
        book.closed(channel)
        #expect(told.withLock(\.self) == 1)
    }

    private static func open(_ address: String, _ book: ConnectionBook) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.connect(to: SocketAddress(ipAddress: address, port: 4711)).wait()
        book.opened(channel)
        return channel
    }
}
