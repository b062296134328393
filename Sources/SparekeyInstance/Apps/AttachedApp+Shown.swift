public import SparekeyApps

extension AttachedApp {
    /// Its settings as they may be printed, in the file's spelling: an address shows no password, and of a command only the
    /// program, because the words behind it can be secrets.
    public var shownSettings: [(key: String, value: String)] {
        [("profile", profile), ("database", maskedPassword(inAddress: database))]
            + [passwordFile.map { ("password_file", $0) }, login.map { ("login", $0) }].compactMap(\.self)
            + secrets.sorted { $0.key < $1.key }.map { ("secrets.\($0.key)", $0.value.words) }
            + hooks.sorted { $0.key < $1.key }.map { ("hooks.\($0.key)", $0.value.shown) }
    }

    /// What a reset would read, run and contact, and what the profile names and nothing is bound to.
    ///
    /// - Parameter showsWords: of a command all words, for whoever wrote them; else only the program.
    public func bindings(_ profile: Profile, showsWords: Bool) -> [String] {
        let password = passwordFile.map { ["its password is read from \($0)"] } ?? []
        let secrets = secrets.sorted { $0.key < $1.key }.map { "the secret \($0.key) is read from: \($0.value.words)" }
        let called = profile.hooks.map { hook in
            switch hooks[hook.name] {
            case .url(let url): "the hook \(hook.name) calls \(url)"
            case .command(let words) where showsWords: "the hook \(hook.name) runs \(words.joined(separator: " "))"
            case .some(let command): "the hook \(hook.name) runs \(command.shown)"
            case nil: "the hook \(hook.name) is not bound: \(hook.without)"
            }
        }
        return password + secrets + called + (login.map { ["after a reset the sign-in is tried at \($0)"] } ?? [])
    }

    /// The database without a password.
    public var place: String { maskedPassword(inAddress: database) }
}

extension AttachedApp.Secret {
    /// Where it is, never what.
    public var words: String {
        switch self {
        case .file(let path): "file \(path)"
        case .variable(let name): "variable \(name)"
        }
    }

    /// `[A-Za-z_][A-Za-z0-9_]*`
    public static func isVariable(_ text: String) -> Bool {
        let bytes = text.utf8
        let isWord = bytes.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
            default: false
            }
        }
        return (1...128).contains(bytes.count) && isWord && !(0x30...0x39).contains(bytes.first ?? 0x30)
    }
}

extension AttachedApp.Hook {
    /// https, or http on this machine, without user, query or fragment.
    public static func isURL(_ text: String) -> Bool {
        SettingKind.serverAddress.value(of: text, inFile: true) != nil
    }

    /// As it may be printed: of a command only the program, because the words behind it can be secrets.
    public var shown: String {
        switch self {
        case .url(let url): url
        case .command(let words):
            words.count < 2 ? words.joined() : "\(words[0]) ******** (\(words.count - 1) more)"
        }
    }
}
