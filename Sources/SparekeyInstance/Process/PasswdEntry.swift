import Glibc

/// What the system's user database says about a user id.
struct PasswdEntry: Equatable {
    let name: String
    let group: gid_t

    /// The entry of `user`; nil if there is none, or the database cannot be asked.
    static func of(user: uid_t) -> PasswdEntry? {
        var buffer = [CChar](repeating: 0, count: 1_024)
        while true {
            var record = passwd()
            var found: UnsafeMutablePointer<passwd>?
            let status = getpwuid_r(user, &record, &buffer, buffer.count, &found)
            // A network directory may hold long entries; one beyond a megabyte is none.
            if status == ERANGE, buffer.count < 1_048_576 {
                buffer = [CChar](repeating: 0, count: buffer.count * 2)
                continue
            }
            guard status == 0, found != nil, let name = record.pw_name else { return nil }
            return PasswdEntry(name: String(cString: name), group: record.pw_gid)
        }
    }
}
