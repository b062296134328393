import Glibc
public import Sparekey

/// Who runs this process, for the audit trail (SEC-10). Capture it before `FolderOwner.become`, which changes the answer.
public struct Caller: Sendable, Hashable {
    /// The real user id.
    public let realUser: UInt32
    /// The effective user id: whose rights this process has.
    public let effectiveUser: UInt32
    /// The user id that signed in to the machine, which `sudo` and `su` do not change; nil where the machine keeps none
    /// (no session, a container, a kernel without audit).
    public let loginUser: UInt32?
    /// The content of `SUDO_USER`: what the environment claims, nothing more. Already fit to show.
    public let claimedSudoUser: DisplayText?
    /// The name of the real user; nil if there is no passwd entry for the uid (usual in containers).
    public let userName: String?

    /// For tests, and for callers that are no process.
    public init(
        realUser: UInt32, effectiveUser: UInt32, loginUser: UInt32?, claimedSudoUser: DisplayText?, userName: String?
    ) {
        self.realUser = realUser
        self.effectiveUser = effectiveUser
        self.loginUser = loginUser
        self.claimedSudoUser = claimedSudoUser
        self.userName = userName
    }

    /// This process, now. Reads the passwd database and `/proc`; never fails.
    public static func current() -> Caller {
        Caller(
            realUser: getuid(), effectiveUser: geteuid(), loginUser: loginUser(at: "/proc/self/loginuid"),
            claimedSudoUser: claimedUser(getenv("SUDO_USER").map { String(cString: $0) }),
            userName: PasswdEntry.of(user: getuid())?.name)
    }

    /// The login uid in the file at `path`; nil if there is none, or if it is 2^32 - 1, the kernel's "not set".
    static func loginUser(at path: String) -> UInt32? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var digits = [UInt8](repeating: 0, count: 16)
        let count = read(descriptor, &digits, digits.count)
        guard count > 0 else { return nil }
        let text = String(decoding: digits.prefix(count).prefix { $0 != 0x0A }, as: UTF8.self)
        return UInt32(text).flatMap { $0 == .max ? nil : $0 }
    }

    static func claimedUser(_ value: String?) -> DisplayText? {
        let shown = value.map { DisplayText($0, limit: 64) }
        return shown?.text.isEmpty == false ? shown : nil
    }
}
