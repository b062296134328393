import Glibc

/// Wipes buffers that held a secret for a moment.
public enum WipedBuffer {
    /// Overwrites with zeroes in a way that the optimiser does not drop (explicit_bzero(3)).
    public static func wipe(_ bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { buffer in
            if let start = buffer.baseAddress { explicit_bzero(start, buffer.count) }
        }
    }
}
