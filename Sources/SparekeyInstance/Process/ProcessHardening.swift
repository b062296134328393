import CProcess
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
        dieQuietly()
    }

    /// Changing the user resets this flag to a setting of the machine (fs.suid_dumpable): call it again afterwards.
    static func forbidTracing() throws {
        guard cprocess_forbid_tracing() == 0 else {
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

    /// Swift's runtime answers a crash with a backtrace that shows registers and memory, and waits for a helper that may
    /// not trace this process. A crash here ends the process and tells nothing.
    private static func dieQuietly() {
        for fault in [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] { _ = signal(fault, SIG_DFL) }
    }
}
