import CXCrypt

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The door to libxcrypt, through which every crypt(3) format goes.
///
/// `crypt_r` has the password as a C string, so a NUL would end it; and a `crypt_data` of 32 KiB, which lives on the
/// heap here and is wiped, as is the copy of the password.
enum XCrypt {
    /// What libxcrypt itself accepts (CRYPT_MAX_PASSPHRASE_SIZE counts the NUL).
    static let passwordLimit = Int(CRYPT_MAX_PASSPHRASE_SIZE) - 1

    /// The complete value that `password` has under `setting`, which may itself be a complete value.
    static func hash(_ password: Password, setting: String, scheme: String, limit: Int) throws -> [UInt8] {
        try withPhrase(password, scheme: scheme, limit: limit) { phrase in
            try withWipedMemory(count: MemoryLayout<crypt_data>.size, alignment: 64) { memory in
                let data = memory.baseAddress?.bindMemory(to: crypt_data.self, capacity: 1)
                errno = 0
                guard let output = crypt_r(phrase, setting, data), output.pointee != CChar(UInt8(ascii: "*")) else {
                    throw failure(errno, scheme: scheme)
                }
                return Array(UnsafeRawBufferPointer(start: output, count: strlen(output)))
            }
        }
    }

    /// Whether `stored`, already parsed and bounded, is the value of `password`.
    static func verify(_ password: Password, against stored: String, scheme: String, limit: Int) throws -> Bool {
        let computed = try hash(password, setting: stored, scheme: scheme, limit: limit)
        return constantTimeEqual(computed, Array(stored.utf8))
    }

    /// A new value: libxcrypt spells the setting from `prefix`, `count` and the salt's random bytes.
    static func make(
        _ password: Password, prefix: String, count: Int, random: [UInt8], scheme: String, limit: Int
    ) throws -> String {
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let made = random.withUnsafeBytes { random in
            let bytes = random.baseAddress?.assumingMemoryBound(to: CChar.self)
            return crypt_gensalt_rn(
                prefix, UInt(count), bytes, Int32(random.count), &setting, Int32(setting.count)) != nil
        }
        guard made else { throw failure(errno, scheme: scheme) }
        let text = String(decoding: setting.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return String(decoding: try hash(password, setting: text, scheme: scheme, limit: limit), as: UTF8.self)
    }

    private static func withPhrase<R>(
        _ password: Password, scheme: String, limit: Int, _ body: (UnsafePointer<CChar>?) throws -> R
    ) throws -> R {
        guard password.count <= limit else { throw HashError.passwordTooLong(scheme, limit: limit) }
        // One byte more than fits, all zero: the copy is terminated.
        return try withWipedMemory(count: limit + 1) { phrase in
            try password.withUnsafeBytes { bytes in
                guard !bytes.contains(0) else {
                    throw HashError(.passwordContainsNUL, "\(scheme) cannot hold a NUL byte")
                }
                phrase.copyMemory(from: bytes)
            }
            return try body(UnsafeRawBufferPointer(phrase).bindMemory(to: CChar.self).baseAddress)
        }
    }

    private static func failure(_ number: Int32, scheme: String) -> HashError {
        number == ENOMEM
            ? HashError(.outOfMemory, "\(scheme) could not get its memory")
            : HashError(.libraryFailed, "libxcrypt refused the \(scheme) setting (errno \(number))")
    }
}
