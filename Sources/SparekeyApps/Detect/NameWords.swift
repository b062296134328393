/// The name of a table or column as words: `AspNetUsers` is asp, net, users, and `nb_failed_login` nb, failed, login.
struct NameWords {
    /// In lower case, in order.
    let words: [String]

    init(_ name: String) {
        var words: [String] = []
        var word = ""
        let characters = Array(name.prefix(128))
        for (index, character) in characters.enumerated() {
            guard character.isLetter || character.isNumber else {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            if !word.isEmpty, Self.begins(at: index, of: characters) {
                words.append(word)
                word = ""
            }
            word.append(contentsOf: character.lowercased())
        }
        self.words = word.isEmpty ? words : words + [word]
    }

    /// Without spaces: `user_name`, `userName` and `username` are one.
    var joined: String { words.joined() }

    func has(_ others: Set<String>) -> Bool { words.contains(where: others.contains) }

    /// The last word that is not a program's own frame around it: user for `core_user`, `AspNetUsers` and `user_entity`.
    var subject: String {
        let meant = words.filter { !Self.frame.contains($0) }
        return Self.singular(meant.last ?? words.last ?? "")
    }

    /// Of a capital: behind a small letter (`userName`), or before one and behind another capital (`URLName`).
    private static func begins(at index: Int, of characters: [Character]) -> Bool {
        guard characters[index].isUppercase else { return false }
        let before = characters[index - 1]
        if before.isLowercase || before.isNumber { return true }
        let next = index + 1 < characters.count ? characters[index + 1] : nil
        return before.isUppercase && next?.isLowercase == true
    }

    static func singular(_ word: String) -> String {
        if word == "people" { return "person" }
        if word.hasSuffix("ies"), word.count > 4 { return word.dropLast(3) + "y" }
        if word.hasSuffix("ss") || word.hasSuffix("us") || !word.hasSuffix("s") || word.count < 4 { return word }
        return String(word.dropLast())
    }

    private static let frame: Set<String> = [
        "app", "asp", "aspnet", "base", "core", "data", "db", "entities", "entity", "local", "my", "net", "record",
        "records", "res", "site", "sys", "system", "t", "table", "tbl", "the", "web",
    ]
}
