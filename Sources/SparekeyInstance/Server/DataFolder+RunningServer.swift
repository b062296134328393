import Sparekey
import SparekeyOutbound
import SparekeySQL
import SparekeyStore

extension DataFolder {
    /// The server of this folder, running or not.
    var runningServer: some RunningServer { LocalServer(path: file("sparekey.sock")) }
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
