import Foundation
import SparekeyApps

/// A folder with profiles of one's own, `NAME.yaml`: each is believed only if others could not have written it (APP-9).
struct ProfileFolder {
    let path: String
    /// The user ids whose files are believed.
    let trustedOwners: Set<UInt32>

    /// More than anybody keeps, and few enough to read at each start.
    private static let most = 200

    /// The profiles in the folder, unread, in the order of their file names; none where there is no such folder.
    ///
    /// - Throws: ``InstanceError`` `unsafeFile`, `unavailable`, `badProfile`.
    func documents() throws -> [ProfileShelf.Document] {
        let names = try fileNames()
        guard names.count <= Self.most else {
            throw InstanceError(.badProfile, reason: "\(path): more than \(Self.most) profiles lie in one folder")
        }
        return try names.compactMap { name in
            let file = "\(path)/\(name)"
            let found = try TrustedFile(kind: .profile, path: file, trustedOwners: trustedOwners).text()
            return found.map { ProfileShelf.Document(file: file, text: $0.text) }
        }
    }

    private func fileNames() throws -> [String] {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if [ENOENT, ENOTDIR].contains(errno) { return [] }
            throw InstanceError(
                .unavailable, reason: "\(path): cannot open the folder of profiles (errno \(errno))",
                hint: "run as the owner of the data folder")
        }
        defer { close(descriptor) }
        try checkOwnership(descriptor)
        return try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".yaml") }.sorted()
    }

    /// Who can write the folder can take a profile out of it, and the shipped one would count again unnoticed.
    private func checkOwnership(_ descriptor: Int32) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw InstanceError(.unavailable, reason: "\(path): cannot look at the folder of profiles (errno \(errno))")
        }
        guard trustedOwners.contains(status.st_uid), status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw InstanceError(
                .unsafeFile, reason: "\(path): other users can write the folder of profiles",
                hint: "look through it, then close it: chmod go-w \(path), and make it root's or your own")
        }
    }
}
