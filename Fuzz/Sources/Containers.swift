@testable import SparekeyApps

/// What docker says of a container, or a compose file with its `.env` (in front of a line of `%`): refused in one kind of
/// error, and what is found is a place that a terminal shows.
enum Containers {
    private static let profiles: [Profile] = {
        guard let profiles = try? ProfileShelf().profiles() else {
            preconditionFailure("the shipped profiles cannot be read")
        }
        return profiles
    }()

    static func judge(_ bytes: [UInt8]) {
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "\n%\n", maxSplits: 1)
        let (text, variables) = (parts.last.map(String.init) ?? "", parts.count > 1 ? String(parts[0]) : nil)
        let recording = refuses(AppsError.self) {
            try ContainerRecording(text, folder: "/srv/app") { $0 == "/srv/app/.env" ? variables : nil }
        } judge: {
            judge($0)
        }
        guard let containers = recording?.containers else { return }
        for container in containers.prefix(3) {
            hold(container.outside("/../etc/shadow") == nil, "a path that climbs out")
            for choice in [profiles]
                + profiles.filter({ $0.container.images.contains(container.repository) }).map({ [$0] })
            {
                let found = refuses(AppsError.self) {
                    try ContainerProgram(in: containers, named: container.name, profiles: choice)
                } judge: {
                    judge($0)
                }
                hold(found.map { !$0.address.isEmpty } ?? true, "a place without a name")
            }
        }
    }

    private static func judge(_ error: AppsError) {
        hold([AppsError.Code.badRecording, .refused].contains(error.code), "an error of another kind")
    }
}
