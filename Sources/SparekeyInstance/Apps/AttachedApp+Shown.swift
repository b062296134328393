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
