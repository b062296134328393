import Foundation
import PasswordHashing
import Sparekey

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
        defer { for index in bytes.indices { bytes[index] = 0 } }
        bytes.reserveCapacity(4096)
        var byte: UInt8 = 0
        while bytes.count < 4096 {
            let count = read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1, byte != UInt8(ascii: "\n") else { break }
            bytes.append(byte)
        }
        byte = 0
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty else {
            throw CommandFailure(
                .refused, "standard input held no password",
                hint: "printf '%s\\n' \"$PASSWORD\" | sparekey … --password-stdin")
        }
        return Password(bytes)
    }
}
