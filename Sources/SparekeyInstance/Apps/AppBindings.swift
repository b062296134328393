import Glibc
import PasswordHashing
import Sparekey
import SparekeyApps
import SparekeyOutbound

/// What the labels of an attached program stand for, read and called at the moment when it is needed (APP-9).
///
/// Root resets in programs by settings of root's own alone (``NamedInstance/refuseStrangersRecords()``). Where it only looks, at
/// an `apps check`, the data folder's owner's settings hold: they must not make it read what their owner could not (SEC-16).
struct AppBindings: Sendable {
    let app: AttachedApp
    let environment: [String: String]
    /// Whose settings they are; nil for root's and the caller's.
    let stranger: UInt32?

    init(_ app: AttachedApp, _ settings: Settings, environment: [String: String]) {
        self.app = app
        self.environment = environment
        let owner = geteuid() == 0 ? settings.filePath.flatMap { try? FolderOwner(ofFile: $0).user } : nil
        stranger = owner == 0 ? nil : owner
    }

    /// The secret of a label; nil where nothing is bound to it.
    ///
    /// - Throws: ``InstanceError`` `unavailable`, `unsafeFile`, `badSettings`; the secret is in none.
    func secret(_ label: String) throws -> Password? {
        guard let bound = app.secrets[label] else { return nil }
        let key = "apps.\(app.name).secrets.\(label)"
        let text: String
        switch bound {
        case .file(let path):
            text = try PasswordFile(
                setting: key, path: path, holds: "the secret", trustedOwners: stranger.map { [$0] }
            ).password()
        case .variable(let name):
            guard stranger == nil else { throw strangers(key) }
            text = environment[name] ?? ""
        }
        guard !text.isEmpty else {
            throw InstanceError(
                .badSettings, reason: "what the setting \(key) names holds nothing",
                hint: "nothing was changed; the secret stands in the file's first line, or in the variable")
        }
        return Password(utf8: text)
    }

    /// The database's password, where a file holds it.
    ///
    /// - Throws: ``InstanceError``.
    func password() throws -> String? {
        try app.passwordFile.map {
            try PasswordFile(
                setting: "apps.\(app.name).password_file", path: $0, trustedOwners: stranger.map { [$0] }
            ).password()
        }
    }

    /// A hook's command, where it is one that may be run.
    ///
    /// - Throws: ``InstanceError`` `unsafeFile` with the reason.
    func command(_ words: [String], of label: String) throws -> CommandHook {
        guard stranger == nil else { throw strangers("apps.\(app.name).hooks.\(label)") }
        return CommandHook(words, trustedOwners: [0, geteuid()])
    }

    private func strangers(_ key: String) -> InstanceError {
        InstanceError(
            .unsafeFile, reason: "root does not follow the setting \(key), because another user wrote it",
            hint: "run it as that user, or keep the settings in /etc/sparekey as root's")
    }
}

extension AppBindings {
    /// What would not work if a reset came now, each a warning. Calls nobody and runs nothing.
    func faults(_ profile: Profile) -> [String] {
        let secrets = app.secrets.keys.sorted().compactMap { label -> String? in
            do {
                _ = try secret(label)
                return nil
            } catch {
                return (error as? InstanceError)?.reason
            }
        }
        let hooks = app.hooks.sorted { $0.key < $1.key }.compactMap { label, hook -> String? in
            guard case .command(let words) = hook else { return nil }
            return fault(words, label).map { "the hook \(label) cannot be run: \($0)" }
        }
        let login = app.login != nil && profile.signIn == nil ? [noSignIn(profile)] : []
        return secrets + hooks + login
    }

    private func noSignIn(_ profile: Profile) -> String {
        "the sign-in of \(app.name) is not tried: the profile \(profile.name) does not say how"
    }

    /// Why a command would not be run; nil where it would.
    func fault(_ words: [String], _ label: String) -> String? {
        do {
            try command(words, of: label).trustedPath()
            return nil
        } catch {
            return (error as? OutboundError)?.reason ?? (error as? InstanceError)?.reason ?? "\(error)"
        }
    }
}
