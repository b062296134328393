import Glibc
import Sparekey

/// What the process itself costs, under the names that Prometheus' client libraries agreed on. A figure that the machine
/// does not tell is left out.
struct ProcessFigures {
    /// When the server started.
    let startedAt: Timestamp

    var metrics: [Metric] {
        var metrics = [
            Metric(
                "process_start_time_seconds", .gauge, help: "When the server started, in seconds since 1970.",
                value: Double(startedAt.microseconds) / 1_000_000),
            Metric(
                "process_cpu_seconds_total", .counter, help: "Processor time used, user and system.",
                value: Self.processorSeconds),
        ]
        if let bytes = Self.residentBytes {
            metrics.append(
                Metric("process_resident_memory_bytes", .gauge, help: "Memory in RAM.", value: Double(bytes)))
        }
        metrics.append(
            Metric("process_open_fds", .gauge, help: "Open file descriptors.", value: Double(Self.openDescriptors)))
        metrics.append(
            Metric(
                "process_max_fds", .gauge, help: "The most file descriptors that may be open.",
                value: Double(Self.limits.rlim_cur)))
        return metrics
    }

    /// getrusage(2): `/proc/self` may be somebody else's, see the process's hardening.
    private static var processorSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1_000_000 }
    }

    /// The second field of `/proc/self/statm`, in pages (proc_pid_statm(5)).
    private static var residentBytes: Int? {
        guard let file = fopen("/proc/self/statm", "re") else { return nil }
        defer { fclose(file) }
        var line = [UInt8](repeating: 0, count: 128)
        let length = fread(&line, 1, line.count, file)
        let fields = String(decoding: line.prefix(length), as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    private static var limits: rlimit {
        var limits = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        return limits
    }

    /// `/proc/self/fd` cannot be listed by a process that nobody may trace. So the kernel is asked, a thousand at a time,
    /// which of the numbers are open (poll(2): POLLNVAL), until a thousand in a row are not.
    private static var openDescriptors: Int {
        var open = 0
        var first: Int32 = 0
        while first < Int32(clamping: limits.rlim_cur) {
            let step = min(1024, Int32(clamping: limits.rlim_cur) - first)
            var asked = (first..<first + step).map { pollfd(fd: $0, events: 0, revents: 0) }
            guard poll(&asked, nfds_t(step), 0) >= 0 else { break }
            let found = asked.count { $0.revents & Int16(POLLNVAL) == 0 }
            if found == 0 { break }
            open += found
            first += step
        }
        return open
    }
}
