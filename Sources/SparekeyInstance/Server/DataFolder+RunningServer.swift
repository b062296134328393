import Sparekey
import SparekeyOutbound
import SparekeySQL
import SparekeyStore

extension DataFolder {
    private var socket: String { file("sparekey.sock") }

    /// The server of this folder, running or not.
    var runningServer: some RunningServer & LiveRefresh { LocalServer(path: socket) }

    /// Where the server listens for commands.
    ///
    /// - Throws: ``InstanceError`` `badSettings` where the kernel has no room for the path (unix(7)): a server that the
    ///   commands cannot find would not learn of their resets.
    func socketPath() throws -> String {
        guard socket.utf8.count <= LocalServer.pathLimit else {
            throw InstanceError(
                .badSettings,
                reason: "the path \(socket) is longer than the \(LocalServer.pathLimit) bytes that a socket's may have",
                hint: "move the data folder to a shorter path, and name it with --data or SPAREKEY_DATA")
        }
        return socket
    }
}

extension NamedInstance {
    /// Whom a command tells of a reset: the server at `server_url`, by a signed call, or the one of the data folder. What the
    /// database announces by itself needs no server that is found.
    func liveRefresh(of store: SparekeyStore) -> any LiveRefresh {
        guard let address = settings.serverAddress else {
            return store.announcesChanges ? AnnouncedRefresh(folder.runningServer) : folder.runningServer
        }
        return SignedCall(to: address, signature: RefreshSignature(store.key))
    }
}

extension OwnDatabase {
    /// What ``SparekeyStore/identity()`` is, with nothing written; nil without the key.
    func identity(key: InstanceKey?) async throws -> String? {
        guard let key else { return nil }
        let opened = try await openToRead()
        do {
            let identity = try await SparekeyStore.identity(of: opened, key: key)
            await opened.close()
            return identity
        } catch {
            await opened.close()
            throw error
        }
    }
}
