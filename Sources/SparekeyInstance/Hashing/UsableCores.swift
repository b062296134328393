import CProcess
import Glibc

/// The processors that this process may run on, which a container or taskset may have made fewer than the machine has.
enum UsableCores {
    /// At least 1. Read anew at each call.
    static var count: Int {
        let allowed = Int(cprocess_usable_processors())
        return max(1, allowed > 0 ? allowed : sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }
}
