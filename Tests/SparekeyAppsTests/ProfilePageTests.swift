import Foundation
import SparekeyApps
import Testing

@Suite("Docs/profiles")
struct ProfilePageTests {
    static let folder = ShippedProfileTests.root.deletingLastPathComponent().appending(path: "Docs/profiles")

    @Test(
        "has a page for each profile, made from it: `dev/reference` writes them anew",
        arguments: ShippedProfileTests.names)
    func equal(name: String) throws {
        let file = Self.folder.appending(path: "\(name).md")
        let page = Self.page(try ProfileShelf().named(name))
        if ProcessInfo.processInfo.environment["SPAREKEY_WRITE_REFERENCE"] == "1" {
            try Data(page.utf8).write(to: file)
        }
        let isEqual = try String(contentsOf: file, encoding: .utf8) == page
        #expect(isEqual, "Docs/profiles/\(name).md is not what the profile says: run dev/reference")
    }

    @Test("lists every page in its README, and holds no other")
    func index() throws {
        let readme = try String(contentsOf: Self.folder.appending(path: "README.md"), encoding: .utf8)
        for profile in try ProfileShelf().profiles() {
            #expect(readme.contains("[\(profile.title)](\(profile.name).md)"))
        }
        let pages = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { $0.hasSuffix(".md") }
        #expect(Set(pages) == Set(ShippedProfileTests.names.map { "\($0).md" } + ["README.md"]))
    }

    private static func page(_ profile: Profile) -> String {
        let description = ProfileDescription(profile)
        let sections = description.sections.map { section in
            "\n## \(section.heading)\n\n" + section.lines.map { "- \($0)\n" }.joined()
        }
        return """
            # \(description.title)

            \(description.summary). Made from the profile by `dev/reference`; the same words as `sparekey apps show \(profile.name)`.

            """ + sections.joined()
    }
}
