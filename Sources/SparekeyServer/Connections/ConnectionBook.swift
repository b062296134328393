import NIOCore
import Synchronization

/// Every open connection of the server, by address: who waits longest gives way when there are too many.
///
/// A connection is *waiting* while the client owes something: the rest of a request, or the next one. One that waits for
/// our answer is never closed by this.
final class ConnectionBook: Sendable {
    /// Connections that one address may have open before its oldest waiting one is closed for a new one.
    static let perAddress = 512
    /// The same for all addresses together.
    static let inAll = 4096

    private struct Entry {
        let address: AddressBytes?
        let channel: any Channel
        let number: UInt64
        var isWaiting = true
        var onDisconnect: (@Sendable () -> Void)?
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var perAddress: [AddressBytes: Int] = [:]
        var numbers: UInt64 = 0
    }

    private let state = Mutex(State())
    private let isUncounted: @Sendable (AddressBytes) -> Bool

    /// - Parameter isUncounted: addresses that many people share: trusted proxies.
    init(isUncounted: @escaping @Sendable (AddressBytes) -> Bool) {
        self.isUncounted = isUncounted
    }

    /// How many are open, for the metrics.
    var count: Int { state.withLock(\.entries.count) }

    func opened(_ channel: any Channel) {
        let peer = channel.remoteAddress?.ipAddress.flatMap(AddressBytes.init)
        let address = peer.flatMap { isUncounted($0) ? nil : $0 }
        let displaced = state.withLock { state -> [any Channel] in
            state.numbers += 1
            state.entries[ObjectIdentifier(channel)] = Entry(address: address, channel: channel, number: state.numbers)
            if let address { state.perAddress[address, default: 0] += 1 }
            return Self.displaced(by: address, &state)
        }
        for channel in displaced { channel.close(promise: nil) }
    }

    func closed(_ channel: any Channel) {
        let entry = state.withLock { state -> Entry? in
            let entry = state.entries.removeValue(forKey: ObjectIdentifier(channel))
            if let address = entry?.address { Self.release(address, &state) }
            return entry
        }
        entry?.onDisconnect?()
    }

    func setWaiting(_ isWaiting: Bool, _ channel: any Channel) {
        state.withLock { $0.entries[ObjectIdentifier(channel)]?.isWaiting = isWaiting }
    }

    /// The client closed its side: what still waits for its turn need not be done.
    ///
    /// - Returns: whether something was waiting. Then the connection is to be closed: an early answer would tell how far
    ///   the work had come (SEC-4).
    func disconnected(_ channel: any Channel) -> Bool {
        let callback = state.withLock { $0.entries[ObjectIdentifier(channel)]?.onDisconnect }
        callback?()
        return callback != nil
    }

    /// Calls `action` once the client is gone, at once where it has gone already, until it is set to nil.
    func onDisconnect(_ channel: any Channel, _ action: (@Sendable () -> Void)?) {
        let isOpen = state.withLock { state in
            state.entries[ObjectIdentifier(channel)]?.onDisconnect = action
            return state.entries[ObjectIdentifier(channel)] != nil
        }
        if !isOpen { action?() }
    }

    private static func displaced(by address: AddressBytes?, _ state: inout State) -> [any Channel] {
        var displaced: [any Channel] = []
        if let address, state.perAddress[address, default: 0] > perAddress {
            displaced += oldestWaiting(&state) { $0.address == address }
        }
        if state.entries.count > inAll { displaced += oldestWaiting(&state) { _ in true } }
        return displaced
    }

    /// A scan, and only once a limit is reached: an attacker pays for each with a connection of their own. Whoever was
    /// chosen is not chosen again while the connection closes.
    private static func oldestWaiting(_ state: inout State, _ isMeant: (Entry) -> Bool) -> [any Channel] {
        var oldest: (id: ObjectIdentifier, entry: Entry)?
        for (id, entry) in state.entries where entry.isWaiting && isMeant(entry) {
            if entry.number < oldest?.entry.number ?? .max { oldest = (id, entry) }
        }
        guard let oldest else { return [] }
        state.entries[oldest.id]?.isWaiting = false
        return [oldest.entry.channel]
    }

    private static func release(_ address: AddressBytes, _ state: inout State) {
        guard let count = state.perAddress[address] else { return }
        state.perAddress[address] = count > 1 ? count - 1 : nil
    }
}
