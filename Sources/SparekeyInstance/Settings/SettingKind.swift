internal import Sparekey
internal import SparekeyOutbound
internal import SparekeyServer

/// What a setting's text may be, and what it is read as.
enum SettingKind: Sendable, Equatable {
    case integer(ClosedRange<Int>)
    case boolean
    /// The bound is a duration as the settings spell it, so that it can be shown.
    case duration(atMost: String?)
    case oneOf([String])
    /// http or https with a host, and no user, query or fragment.
    case url
    /// Where a server is called: https, or http on this machine.
    case serverAddress
    /// A path of a file or folder; in the settings file an absolute one, because it has no working directory.
    case path
    /// A database: a path or a URL, judged by whoever opens it.
    case address
    /// Letters, digits and `-_=,.$`: names and costs, judged by whoever knows them.
    case word
    /// A host or address and a port.
    case listenAddress
    /// Addresses or networks in CIDR notation, separated by commas or white space.
    case addressRanges
    /// Printable text of at least so many bytes, never shown.
    case secret(atLeast: Int)
    /// Two limits: per address, per name typed.
    case rate
}

enum SettingValue: Sendable, Equatable {
    case integer(Int)
    case boolean(Bool)
    case duration(Duration)
    case text(String)
}

extension SettingKind {
    /// nil when `text` is not what this kind expects. Outside the file (`inFile` false) booleans may be spelled as shells
    /// and compose files like to, and paths may be relative to the working directory.
    func value(of text: String, inFile: Bool) -> SettingValue? {
        switch self {
        case .integer(let range): number(text, in: range)
        case .boolean: truth(text, strict: inFile).map { .boolean($0) }
        case .duration(let limit): duration(text, atMost: limit)
        case .oneOf(let words): words.contains(text) ? .text(text) : nil
        case .url: isWebAddress(text) ? .text(text) : nil
        case .serverAddress: isWebAddress(text) && ServerAddress(setting: text) != nil ? .text(text) : nil
        case .path: isPrintable(text) && (!inFile || text.hasPrefix("/")) ? .text(text) : nil
        case .address: isPrintable(text) ? .text(text) : nil
        case .rate: RateLimit(setting: text) != nil ? .text(text) : nil
        case .word: text.utf8.allSatisfy(isWordByte) && !text.isEmpty ? .text(text) : nil
        case .listenAddress: ListenAddress(text) == nil ? nil : .text(text)
        case .addressRanges: addressRanges(in: text) == nil ? nil : .text(text)
        case .secret(let length): isPrintable(text) && text.utf8.count >= length ? .text(text) : nil
        }
    }

    /// What to write instead, after "expected".
    func expected(inFile: Bool) -> String {
        switch self {
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .duration(let limit): "a duration like 90s, 10m, 24h or 7d" + (limit.map { ", at most \($0)" } ?? "")
        case .oneOf(let words): words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        case .url: "an address like https://sparekey.example.org"
        case .serverAddress:
            "https://, or http:// to this machine itself (127.0.0.1, [::1] or localhost), as in http://127.0.0.1:8080"
        case .path: inFile ? "an absolute path" : "a path"
        case .address: "a path or a URL like postgres://sparekey@db.example.org/sparekey"
        case .rate: "two numbers like 30/10: per address and per name typed, each 1 to 100000"
        case .word: "one word of letters, digits and -_=,.$"
        case .listenAddress: "an address and a port like 127.0.0.1:8080 or [::1]:8080"
        case .addressRanges: "addresses or networks like 10.0.0.1, 192.168.0.0/16"
        case .secret(let length): "at least \(length) bytes of printable text"
        }
    }

    /// nil where a part is neither an address nor a network.
    func addressRanges(in text: String) -> [AddressRange]? {
        let parts = text.split { ", \t".contains($0) }.map { AddressRange(String($0)) }
        return parts.isEmpty || parts.contains(nil) ? nil : parts.compactMap(\.self)
    }

    private func number(_ text: String, in range: ClosedRange<Int>) -> SettingValue? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), range.contains(number)
        else { return nil }
        return .integer(number)
    }

    private func truth(_ text: String, strict: Bool) -> Bool? {
        switch strict ? text : text.lowercased() {
        case "true": true
        case "false": false
        case "yes", "1": strict ? nil : true
        case "no", "0": strict ? nil : false
        default: nil
        }
    }

    private func duration(_ text: String, atMost limit: String?) -> SettingValue? {
        guard let duration = Duration(setting: text) else { return nil }
        if let limit = limit.flatMap(Duration.init(setting:)), duration > limit { return nil }
        return .duration(duration)
    }

    private func isWebAddress(_ text: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return false }
        let rest = text.dropFirst(scheme.count)
        guard let first = rest.first, first != "/", first != ":" else { return false }
        return rest.utf8.allSatisfy { (0x21...0x7E).contains($0) } && !rest.contains { "@?#\\\"<>".contains($0) }
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-_=,.$".utf8.contains(byte)
        }
    }

    private func isPrintable(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}
