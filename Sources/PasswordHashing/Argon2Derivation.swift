import CArgon2
import CSodium

/// One computation of argon2: by libsodium where it can, because it is faster, and else by the reference library.
///
/// The numbers must have been checked before; `memory` is in KiB.
struct Argon2Derivation {
    var kind: Argon2.Kind
    var version: Int
    var memory: Int
    var passes: Int
    var lanes: Int
    var salt: [UInt8]
    var tagLength: Int

    func tag(of password: Password) throws -> [UInt8] {
        try suitsSodium ? tagBySodium(password) : tagByReference(password)
    }

    /// libsodium has one lane, version 19, salts of 16 bytes and tags from 16 bytes.
    private var suitsSodium: Bool {
        kind == .id && version == 19 && lanes == 1 && salt.count == crypto_pwhash_SALTBYTES && tagLength >= 16
    }

    // Chooses the vector code once; before it libsodium uses the portable code, 2 to 3 times slower.
    private static let sodiumIsReady = sodium_init() >= 0

    func tagBySodium(_ password: Password) throws -> [UInt8] {
        guard Self.sodiumIsReady else { throw HashError(.libraryFailed, "libsodium could not start") }
        var tag = [UInt8](repeating: 0, count: tagLength)
        let status: Int32 = password.withUnsafeBytes { bytes in
            guard let characters = bytes.bindMemory(to: CChar.self).baseAddress else { return -1 }
            return crypto_pwhash(
                &tag, UInt64(tagLength), characters, UInt64(bytes.count), salt, UInt64(passes), memory * 1024,
                crypto_pwhash_ALG_ARGON2ID13)
        }
        // With numbers in bounds, and a password that always has an address, its only failure is memory.
        guard status == 0 else { throw HashError(.outOfMemory, "argon2 could not get \(memory) KiB") }
        return tag
    }

    func tagByReference(_ password: Password) throws -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: tagLength)
        var salt = salt
        let status = password.withUnsafeBytes { bytes in
            tag.withUnsafeMutableBufferPointer { tag in
                salt.withUnsafeMutableBufferPointer { salt in
                    var context = context(bytes, tag: tag, salt: salt)
                    return argon2_ctx(&context, type)
                }
            }
        }
        try Self.check(status, memory: memory)
        return tag
    }

    private func context(
        _ password: UnsafeRawBufferPointer, tag: UnsafeMutableBufferPointer<UInt8>,
        salt: UnsafeMutableBufferPointer<UInt8>
    ) -> argon2_context {
        var context = argon2_context()
        context.out = tag.baseAddress
        context.outlen = UInt32(tag.count)
        // Not written to: only ARGON2_FLAG_CLEAR_PASSWORD would, and `flags` is 0.
        context.pwd = UnsafeMutablePointer(mutating: password.baseAddress?.assumingMemoryBound(to: UInt8.self))
        context.pwdlen = UInt32(password.count)
        context.salt = salt.baseAddress
        context.saltlen = UInt32(salt.count)
        context.t_cost = UInt32(passes)
        context.m_cost = UInt32(memory)
        context.lanes = UInt32(lanes)
        // The result does not depend on it, and whoever bounds how many hashes run at once counts threads.
        context.threads = 1
        context.version = UInt32(version)
        return context
    }

    private var type: argon2_type {
        switch kind {
        case .d: Argon2_d
        case .i: Argon2_i
        case .id: Argon2_id
        }
    }

    private static func check(_ status: Int32, memory: Int) throws {
        switch status {
        case ARGON2_OK.rawValue: return
        case ARGON2_MEMORY_ALLOCATION_ERROR.rawValue:
            throw HashError(.outOfMemory, "argon2 could not get \(memory) KiB")
        default: throw HashError(.libraryFailed, "libargon2 returned \(status)")
        }
    }
}
