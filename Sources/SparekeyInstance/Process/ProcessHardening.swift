import Glibc

/// What this process denies itself and others, before it holds a secret (SEC-8, SEC-16).
public enum ProcessHardening {
    /// No core dump, no tracing by processes of the same user, new files for the owner only, and a closed pipe is an error
    /// instead of the end.
    ///
    /// Call it first thing in `main`; calling it again is harmless. It concerns the whole process. Child processes inherit
    /// the core limit and the mask; tracing and pipe signals are as usual for them after `exec`.
    /// Afterwards `/proc/self` belongs to root: other processes of this user see no open files or memory of this one.
    /// Throws `ProcessError` (`notHardened`).
    public static func apply() throws {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        guard setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0 else {
            throw ProcessError(.notHardened, "core dumps could not be switched off", systemError: errno)
        }
        try forbidTracing()
        umask(0o077)
        surviveClosedPipes()
    }

    /// Changing the user resets this flag to a setting of the machine (fs.suid_dumpable): call it again afterwards.
    static func forbidTracing() throws {
        guard try ProcessControl.call(ProcessControl.setDumpable, 0) == 0 else {
            throw ProcessError(.notHardened, "tracing could not be switched off", systemError: errno)
        }
    }

    /// A trail line written to a pager that has gone must not end a process that stands between two databases. A handler
    /// and not SIG_IGN, because a hook that we start would inherit that one.
    private static func surviveClosedPipes() {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in }
        action.sa_flags = SA_RESTART
        sigemptyset(&action.sa_mask)
        sigaction(SIGPIPE, &action, nil)
    }
}

/// `prctl(2)`. C declares it with variable arguments, which Swift does not import, so it is looked up by name. Called with
/// all five arguments, as the kernel takes them; on Linux's x86-64 and AArch64 integers are passed alike in both forms.
enum ProcessControl {
    /// PR_SET_DUMPABLE of linux/prctl.h.
    static let setDumpable: CInt = 4

    private typealias Word = CUnsignedLong
    private typealias Function = @convention(c) (CInt, Word, Word, Word, Word) -> CInt

    static func call(_ option: CInt, _ value: CUnsignedLong) throws -> CInt {
        guard let symbol = dlsym(nil, "prctl") else {
            throw ProcessError(.notHardened, "the system's library has no prctl")
        }
        return unsafeBitCast(symbol, to: Function.self)(option, value, 0, 0, 0)
    }
}
