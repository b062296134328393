import Foundation
import PasswordHashing
import Sparekey
import SparekeyInstance

/// Where a command takes the new password from. Two sources at once are a usage error.
enum PasswordSource {
    case argument(String)
    case standardInput
    case generated
    /// The terminal, where there is one and the command asks.
    case prompt

    init(argument: String?, standardInput: Bool, generate: Bool, otherwise fallback: PasswordSource) throws {
        let named = [argument != nil, standardInput, generate].filter(\.self).count
        guard named <= 1 else {
            throw CommandFailure(
                .usage, "two sources of a password were named",
                hint: "use one of NEW-PASSWORD, --password-stdin and --generate")
        }
        self =
            if let argument { .argument(argument) } else if standardInput { .standardInput } else if generate {
                .generated
            } else { fallback }
    }

    /// Reads up to the first line feed and drops one carriage return before it. What follows stays unread.
    static func readStandardInput() throws -> Password {
        var bytes: [UInt8] = []
        defer { WipedBuffer.wipe(&bytes) }
        bytes.reserveCapacity(longest + 2)
        while let byte = try nextByte(), byte != UInt8(ascii: "\n") {
            guard bytes.count <= longest else {
                throw PolicyViolation.tooLong(limitBytes: longest, scheme: nil)
            }
            bytes.append(byte)
        }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty else {
            throw CommandFailure(
                .refused, "standard input held no password",
                hint: "printf '%s\\n' \"$PASSWORD\" | sparekey … --password-stdin")
        }
        return Password(bytes)
    }

    /// The most bytes of a password (SEC-6); a longer one is refused, never cut.
    private static let longest = 1024

    /// Nil at the end. One byte at a time, so that what follows the line stays for whoever reads next.
    private static func nextByte() throws -> UInt8? {
        var byte: UInt8 = 0
        defer { byte = 0 }
        while true {
            switch read(STDIN_FILENO, &byte, 1) {
            case 1: return byte
            case 0: return nil
            default:
                guard errno == EINTR else {
                    throw CommandFailure(.failed, "standard input cannot be read", hint: "nothing was changed")
                }
            }
        }
    }
}
