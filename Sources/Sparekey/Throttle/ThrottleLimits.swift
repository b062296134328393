/// What is limited, and what its limits are called in the settings.
public enum ThrottledAct: String, Sendable, CaseIterable {
    /// Asking for a code.
    case request
    case signIn = "sign_in"
    /// Entering a code or a token.
    case guess
}

/// How often one act may be tried within ``ThrottleLimits/window``.
public struct RateLimit: Sendable, Hashable {
    /// What a limit may be; the upper end is more than anybody types and less than anything overflows.
    public static let range = 1...100_000

    public let perAddress: Int
    /// By the name as typed, whoever it means.
    public let perName: Int

    public init(perAddress: Int, perName: Int) {
        self.perAddress = perAddress
        self.perName = perName
    }

    /// Reads `10/5`: per address, per name typed. nil for anything else and for numbers outside ``range``.
    public init?(setting text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(Self.number)
        guard parts.count == 2, let perAddress = parts[0], let perName = parts[1] else { return nil }
        self.init(perAddress: perAddress, perName: perName)
    }

    /// As the settings spell it.
    public var setting: String { "\(perAddress)/\(perName)" }

    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else { return nil }
        return range.contains(number) ? number : nil
    }
}

/// The limits in force (SEC-1).
public struct ThrottleLimits: Sendable, Hashable {
    /// What every limit but a code's budgets is counted over; it begins with the first try.
    public static let window = Duration.seconds(600)
    /// How many acts on other people's accounts one administrator may do within ``window``, of whatever kind.
    public static let perAdministrator = 300

    /// False only while the server listens on loopback, which it checks itself: nothing is limited then, and there are
    /// no daily budgets. The five tries of a code hold all the same.
    public let areOn: Bool
    public let request: RateLimit
    /// Its number per name is also the silent one per account, and the one per device.
    public let signIn: RateLimit
    public let guess: RateLimit

    public init(areOn: Bool, request: RateLimit, signIn: RateLimit, guess: RateLimit) {
        self.areOn = areOn
        self.request = request
        self.signIn = signIn
        self.guess = guess
    }

    public static let standard = ThrottleLimits(
        areOn: true, request: RateLimit(perAddress: 10, perName: 5), signIn: RateLimit(perAddress: 30, perName: 10),
        guess: RateLimit(perAddress: 30, perName: 10))

    /// How many new passwords one address may send within ``window`` without being signed in. Judging one costs up to some
    /// milliseconds and no try, so that it has a limit of its own: beyond what people behind one address need who have so
    /// many tries.
    public var newPasswordsPerAddress: Int { guess.perAddress * 10 }

    public func of(_ act: ThrottledAct) -> RateLimit {
        switch act {
        case .request: request
        case .signIn: signIn
        case .guess: guess
        }
    }
}
