import CProcess
import Glibc
import Sparekey
import Testing

@testable import SparekeyInstance

@Suite(.serialized) struct ProcessTests {
    @Test("a hardened process dumps no core, keeps its files to itself and outlives a closed pipe")
    func hardened() throws {
        let maskBefore = umask(0o022)
        defer { umask(maskBefore) }
        try ProcessHardening.apply()
        var limit = rlimit(rlim_cur: 1, rlim_max: 1)
        getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        #expect(limit.rlim_cur == 0 && limit.rlim_max == 0)
        #expect(cprocess_is_traceable() == 0)
        #expect(umask(0o077) == 0o077)
        #expect(writeToClosedPipe() == EPIPE)
    }

    @Test("this process is run by its real user, whose name the passwd database tells")
    func caller() {
        let caller = Caller.current()
        #expect(caller.realUser == getuid())
        #expect(caller.effectiveUser == geteuid())
        #expect(caller.userName == PasswdEntry.of(user: getuid())?.name)
    }

    @Test("root has a passwd entry and an unknown uid has none")
    func passwd() {
        #expect(PasswdEntry.of(user: 0) == PasswdEntry(name: "root", group: 0))
        #expect(PasswdEntry.of(user: 3_999_999_999) == nil)
    }

    @Test(
        "the login uid is the number in the file, and none where the kernel keeps none",
        arguments: [("1000", 1_000), ("0", 0), ("4294967295", nil), ("", nil), ("abc", nil), ("1000\n", 1_000)]
            as [(String, UInt32?)])
    func loginUser(content: String, expected: UInt32?) throws {
        var name = Array("/tmp/sparekey-loginuid-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        try #require(descriptor >= 0)
        defer {
            close(descriptor)
            unlink(name)
        }
        _ = write(descriptor, content, content.utf8.count)
        let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #expect(Caller.loginUser(at: path) == expected)
    }

    @Test("a missing login uid is none")
    func noLoginUser() {
        #expect(Caller.loginUser(at: "/nonexistent/loginuid") == nil)
    }

    @Test("what SUDO_USER claims is made fit to show, and nothing is no claim")
    func claims() {
        #expect(Caller.claimedUser("ada\u{1B}[31m\n")?.text == "ada ")
        #expect(Caller.claimedUser("") == nil)
        #expect(Caller.claimedUser(nil) == nil)
    }

    @Test("the owner of a folder is read from it")
    func owner() throws {
        #expect(try FolderOwner(ofFolder: "/") == FolderOwner(user: 0, group: 0))
    }

    @Test("what is no folder has no owner", arguments: ["/nonexistent", "/dev/null"])
    func noOwner(path: String) {
        #expect(throws: ProcessError(.noOwner, "")) { try FolderOwner(ofFolder: path) }
    }

    @Test("nobody changes for a folder of root's")
    func rootsFolder() throws {
        let before = geteuid()
        #expect(try !FolderOwner(user: 0, group: 0).become())
        #expect(geteuid() == before)
    }

    @Test("without root's rights nobody changes", .enabled(if: geteuid() != 0))
    func notRoot() throws {
        #expect(try !FolderOwner(user: geteuid() + 1, group: getegid()).become())
    }

    /// PR_GET_DUMPABLE of linux/prctl.h.

    private func writeToClosedPipe() -> Int32 {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return 0 }
        defer { close(ends[1]) }
        close(ends[0])
        return write(ends[1], "x", 1) < 0 ? errno : 0
    }
}
