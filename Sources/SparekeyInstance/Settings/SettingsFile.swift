import Sparekey

/// The settings file as something that is changed: by one of us at a time, and replaced as a whole.
struct SettingsFile {
    let path: String
    /// The user ids whose file is believed.
    let trustedOwners: Set<UInt32>

    /// - Parameter change: makes the new text of the old one, which is empty where there is no file.
    /// - Throws: ``InstanceError``; the old file is whole then.
    func edit(random: any RandomSource, _ change: (String) throws -> String) throws {
        let lock = try FolderLock(folder)
        try withExtendedLifetime(lock) {
            let file = ReplacedFile(path: path)
            let state = file.state()
            let text = try TrustedFile(kind: .settings, path: path, trustedOwners: trustedOwners).text()?.text ?? ""
            let changed = try change(text)
            guard changed.utf8.count <= TrustedFile.maximumBytes else {
                throw InstanceError(
                    .badSettings, reason: "\(path): the settings file would be larger than 256 KiB",
                    hint: "nothing was changed; remove what is not needed in it")
            }
            try file.replace(with: changed, expecting: state, random: random)
        }
    }

    private var folder: String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let folder = parts.joined(separator: "/")
        return folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder
    }
}
