import Sparekey

/// Settings that are allowed, and still not what a person would want.
struct CheckSettings {
    let settings: Settings

    func callAsFunction() -> [HealthCheck] {
        [file, scheme, publicAddress] + lifetime + passwordInAddress
    }

    private var file: HealthCheck {
        guard settings.warnings.isEmpty else {
            return HealthCheck(
                "settings", .warning, settings.warnings.joined(separator: "; "),
                remedy: "rename or remove what was passed over")
        }
        return .ok("settings", settings.filePath.map { "read from \($0)" } ?? "there is no settings file, nor need be")
    }

    private var scheme: HealthCheck {
        do {
            let hasher = try DirectHasher(scheme: settings.hashScheme, costText: settings.hashCost)
            return .ok("hashing", "new passwords are stored as \(hasher.schemeText)")
        } catch {
            return .wrong("hashing", error)
        }
    }

    private var publicAddress: HealthCheck {
        let name = "public address"
        guard let url = settings.publicURL else {
            return .ok(name, "the setting public_url is not set; links begin with the domain of the set-up")
        }
        guard url.hasPrefix("http://"), !Self.isLoopback(url) else { return .ok(name, url) }
        return HealthCheck(
            name, .warning, "\(url) is not encrypted: passwords and reset links can be read on the way",
            remedy: "put a proxy with a certificate before it and set public_url to its https:// address")
    }

    /// Somebody has to find the note, sit down and sign in.
    private var lifetime: [HealthCheck] {
        guard settings.temporary != .never, settings.temporaryLifetime < .seconds(600) else { return [] }
        return [
            HealthCheck(
                "temporary lifetime", .warning,
                "temporary passwords expire within ten minutes, maybe before they reach their owner",
                remedy: "raise temporary_lifetime; the default is 24h")
        ]
    }

    private var passwordInAddress: [HealthCheck] {
        let source = settings.source(of: "database")
        guard source == .commandLine, let address = settings.database,
            (try? DatabaseLocation(address, source: source))?.holdsPassword == true
        else { return [] }
        return [
            HealthCheck(
                "database password", .warning,
                "the password in --database can be seen by everybody on this machine",
                remedy: "use .pgpass or database_password_file")
        ]
    }

    static func isLoopback(_ url: String) -> Bool {
        let authority = url.dropFirst("http://".count).prefix { $0 != "/" }.lowercased()
        if authority.hasPrefix("[") { return authority.hasPrefix("[::1]") }
        let host = authority.prefix { $0 != ":" }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let isNumeric = parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
        return host == "localhost" || host.hasSuffix(".localhost") || (isNumeric && parts[0] == "127")
    }
}
