import Glibc

/// How many files the process may hold open. Each connection is one, and what a service is started with is often 1,024.
enum DescriptorLimit {
    /// Takes as many as it may have without asking anybody (setrlimit(2)).
    ///
    /// - Returns: how many that is.
    @discardableResult
    static func raise() -> UInt64 {
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(files, &limit) == 0 else { return 0 }
        var wanted = limit
        wanted.rlim_cur = limit.rlim_max
        return setrlimit(files, &wanted) == 0 ? UInt64(wanted.rlim_cur) : UInt64(limit.rlim_cur)
    }
}
