@testable import SparekeyApps

/// A profile: refused in one kind of error, whose words a terminal shows as they are.
enum Profiles {
    static func judge(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let profile = refuses(AppsError.self) {
            try Profile(yaml: text, file: "x.yaml", origin: .file("x.yaml"))
        } judge: {
            hold($0 == AppsError(.badProfile, reason: ""), "another error than badProfile")
            hold(isShowable($0.reason), "an error that a terminal obeys")
            hold($0.reason.utf8.count < 1_000, "an error without an end")
        }
        guard let profile else { return }
        hold(ProfileReader.isName(profile.name), "a profile of no name")
        // What `apps show` prints.
        let words = ProfileDescription(profile).sections
        hold(words.allSatisfy { !$0.lines.contains("") }, "a profile that nobody can be told of")
    }
}
