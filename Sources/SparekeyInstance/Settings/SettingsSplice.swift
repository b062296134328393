import SparekeyApps
import StrictYAML

/// Changes the section `apps` of a settings file's text and leaves every other line as it is, comments and all. The outcome
/// is read again: it differs from what was there in that one app only, or nothing is changed.
struct SettingsSplice {
    /// The settings file, for messages.
    let path: String

    /// - Throws: ``InstanceError`` `badSettings` where the file is not written in lines that can be added to; the hint has the
    ///   lines to add by hand.
    func adding(_ app: AttachedApp, to text: String) throws -> String {
        let before = try SettingsDocument(yaml: text, path: path)
        var lines = Self.lines(text)
        switch try section(text) {
        case nil:
            let hasText = lines.contains { !$0.isEmpty }
            lines = (hasText ? lines + [""] : []) + ["apps:"] + Self.entry(app, indent: 2)
        case .some(let section):
            guard let indent = Self.indentOfEntries(section, lines) else { throw byHand(app) }
            lines.insert(contentsOf: Self.entry(app, indent: indent), at: section.line)
        }
        let after = Self.text(lines)
        let wanted = try [app] + apps(before)
        guard try isChange(from: before, to: after, leaving: wanted) else { throw byHand(app) }
        return after
    }

    /// - Throws: ``InstanceError`` `badSettings` where the app is not written in lines of its own.
    func removing(_ name: String, from text: String) throws -> String {
        let before = try SettingsDocument(yaml: text, path: path)
        var lines = Self.lines(text)
        guard let section = try section(text), case .mapping(let members, _) = section.value,
            let member = members.first(where: { $0.key == name }), member.line > section.line,
            // YAML ends lines with more than LF (U+2028, say), and then counts others than are here.
            lines.indices.contains(member.line - 1)
        else { throw byHand(name) }
        lines.removeSubrange(Self.extent(ofEntryAt: member.line - 1, in: lines))
        if members.count == 1, lines[section.line - 1] == "apps:" { lines.remove(at: section.line - 1) }
        let after = Self.text(lines)
        let wanted = try apps(before).filter { $0.name != name }
        guard try isChange(from: before, to: after, leaving: wanted) else { throw byHand(name) }
        return after
    }

    /// Those that a file's text attaches.
    func apps(in text: String) throws -> [AttachedApp] {
        try apps(SettingsDocument(yaml: text, path: path))
    }

    private func section(_ text: String) throws -> YAMLMember? {
        guard case .mapping(let members, _)? = try YAMLValue.read(text) else { return nil }
        return members.first { $0.key == "apps" }
    }

    private func apps(_ document: SettingsDocument) throws -> [AttachedApp] {
        try document.apps.map { try AttachedAppReader(path: path).apps($0).map(\.app) } ?? []
    }

    private func isChange(from before: SettingsDocument, to after: String, leaving wanted: [AttachedApp]) throws -> Bool
    {
        guard let document = try? SettingsDocument(yaml: after, path: path), let found = try? apps(document) else {
            return false
        }
        let isSame = before.entries.elementsEqual(document.entries) { $0.key == $1.key && $0.text == $1.text }
        return isSame && found.sorted { $0.name < $1.name } == wanted.sorted { $0.name < $1.name }
    }

    private func byHand(_ app: AttachedApp) -> InstanceError {
        let lines = Self.entry(app, indent: 0).map { $0.split(separator: " ").joined(separator: " ") }
        return InstanceError(
            .badSettings, reason: "\(path): the file is not written in a way that an app can be added to",
            hint: "nothing was changed; add it under apps by hand: \(lines.joined(separator: " | "))")
    }

    private func byHand(_ name: String) -> InstanceError {
        InstanceError(
            .badSettings, reason: "\(path): the app \(name) does not stand in lines of its own",
            hint: "nothing was changed; take it out of the file by hand")
    }
}

// Lines.
extension SettingsSplice {
    /// Without line feeds; a carriage return stays at the end of its line.
    private static func lines(_ text: String) -> [String] {
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

    /// How deep the names of apps stand; nil where they do not stand in lines of their own.
    private static func indentOfEntries(_ section: YAMLMember, _ lines: [String]) -> Int? {
        guard lines.indices.contains(section.line - 1) else { return nil }
        switch section.value {
        case .scalar: return isBare(lines[section.line - 1]) ? 2 : nil
        case .list: return nil
        case .mapping(let members, _):
            guard let first = members.first, first.line > section.line, lines.indices.contains(first.line - 1) else {
                return nil
            }
            let indent = indent(lines[first.line - 1])
            return indent > 0 ? indent : nil
        }
    }

    /// `apps:` and nothing after it but a comment.
    private static func isBare(_ line: String) -> Bool {
        let parts = line.split(separator: " ", omittingEmptySubsequences: true)
        return parts.first.map { $0 == "apps:" || $0 == "apps:\r" } == true
            && (parts.count == 1 || parts[1].hasPrefix("#"))
    }

    private static func indent(_ line: String) -> Int { line.utf8.prefix { $0 == 0x20 }.count }

    private static func isBlank(_ line: String) -> Bool { line.allSatisfy(\.isWhitespace) }

    /// From the entry's name to its last line that stands deeper than the name, comments among them included.
    private static func extent(ofEntryAt start: Int, in lines: [String]) -> Range<Int> {
        let depth = indent(lines[start])
        var end = start + 1
        for index in lines.indices.dropFirst(start + 1) {
            if isBlank(lines[index]) { continue }
            guard indent(lines[index]) > depth else { break }
            end = index + 1
        }
        return start..<end
    }
}

// An entry as it is written.
extension SettingsSplice {
    static func entry(_ app: AttachedApp, indent: Int) -> [String] {
        var lines = ["\(app.name):", "  profile: \(app.profile)", "  database: \(scalar(app.database))"]
        if let file = app.passwordFile { lines.append("  password_file: \(scalar(file))") }
        if let login = app.login { lines.append("  login: \(scalar(login))") }
        lines += section("secrets", app.secrets) { secret in
            switch secret {
            case .file(let path): "{file: \(quoted(path))}"
            case .variable(let name): "{variable: \(name)}"
            }
        }
        lines += section("hooks", app.hooks) { hook in
            switch hook {
            case .url(let url): "{url: \(quoted(url))}"
            case .command(let words): "{argv: [\(words.map(quoted).joined(separator: ", "))]}"
            }
        }
        return lines.map { String(repeating: " ", count: indent) + $0 }
    }

    private static func section<Bound>(
        _ name: String, _ bound: [String: Bound], _ written: (Bound) -> String
    ) -> [String] {
        guard !bound.isEmpty else { return [] }
        return ["  \(name):"] + bound.sorted { $0.key < $1.key }.map { "    \($0.key): \(written($0.value))" }
    }

    /// As it is where YAML could not take it for anything else, or in quotes.
    static func scalar(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "/._-:@+=".utf8.contains(byte)
            }
        }
        let beginsPlain = text.first.map { $0 == "/" || $0.isLetter } == true
        return isPlain && beginsPlain && text.last != ":" && text != "null" ? text : quoted(text)
    }

    /// YAML's double quotes; control characters never get here.
    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
