@testable import SparekeyApps
@testable import SparekeyInstance

/// A settings file that an app is attached in and detached again: no line of it is lost, and nothing else is read otherwise.
enum SettingsFiles {
    private static let app = AttachedApp(name: "fuzzed-app", profile: "gitea", database: "/srv/x: y.db")

    static func judge(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let splice = SettingsSplice(path: "sparekey.yaml")
        let before = refuses(InstanceError.self) {
            try splice.apps(in: text)
        } judge: {
            silent($0, about: text)
        }
        guard let before, !before.contains(where: { $0.name == app.name }) else { return }
        guard let more = refuses(InstanceError.self, { try splice.adding(app, to: text) }) else { return }
        hold(isSubsequence(lines(text), of: lines(more)), "a line of the settings is lost")
        hold(apps(more, splice).contains(app), "the app is not there")
        hold(apps(more, splice).filter { $0.name != app.name } == before, "another app is changed")
        guard let less = refuses(InstanceError.self, { try splice.removing(app.name, from: more) }) else { return }
        hold(apps(less, splice) == before, "another app is changed by removing one")
    }

    private static func silent(_ error: InstanceError, about text: String) {
        hold(text.utf8.count < 80 || !error.description.contains(text), "an error repeats the settings")
    }

    private static func apps(_ text: String, _ splice: SettingsSplice) -> [AttachedApp] {
        refuses(InstanceError.self) { try splice.apps(in: text) } ?? []
    }

    private static func lines(_ text: String) -> [Substring.UnicodeScalarView] {
        text.unicodeScalars.split(separator: "\n")
    }

    private static func isSubsequence(
        _ few: [Substring.UnicodeScalarView], of many: [Substring.UnicodeScalarView]
    ) -> Bool {
        var rest = many[...]
        return few.allSatisfy { line in
            guard let place = rest.firstIndex(where: { $0.elementsEqual(line) }) else { return false }
            rest = rest[(place + 1)...]
            return true
        }
    }
}
