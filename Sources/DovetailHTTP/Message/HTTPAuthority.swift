// SPDX-License-Identifier: Apache-2.0

/// The grammar of a host with an optional port (RFC 3986, 3.2.2, without user information).
package enum HTTPAuthority {
    /// Whether text is a host that is not empty, with an optional port.
    package static func isValid(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isValid(UnsafeRawBufferPointer($0)) }
    }

    /// Whether bytes are a host that is not empty, with an optional port.
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let first = bytes.first else { return false }
        var index = 0
        if first == 0x5B {
            index = 1
            while index < bytes.count, bytes[index] != 0x5D {
                // IPv6 in hexadecimal, with an IPv4 address at the end perhaps. Zones are for this machine alone.
                guard
                    HTTPSyntax.hexadecimal(bytes[index]) != nil || bytes[index] == 0x3A
                        || bytes[index] == 0x2E
                else { return false }
                index += 1
            }
            guard index > 2, index < bytes.count else { return false }
            index += 1
        } else {
            while index < bytes.count, bytes[index] != 0x3A {
                let byte = bytes[index]
                guard HTTPSyntax.isHost(byte), byte != 0x5B, byte != 0x5D else { return false }
                if byte == 0x25 {
                    guard index + 2 < bytes.count, HTTPSyntax.hexadecimal(bytes[index + 1]) != nil,
                        HTTPSyntax.hexadecimal(bytes[index + 2]) != nil
                    else { return false }
                    index += 2
                }
                index += 1
            }
            guard index > 0 else { return false }
        }
        if index == bytes.count { return true }
        guard bytes[index] == 0x3A else { return false }
        // A colon without a number stands for the port of the scheme.
        let port = UnsafeRawBufferPointer(rebasing: bytes[(index + 1)...])
        return port.isEmpty || HTTPSyntax.number(port).map { $0 <= 65535 } == true
    }

    /// Whether a valid authority has a port.
    static func hasPort(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let colon = bytes.lastIndex(of: 0x3A) else { return false }
        return colon + 1 < bytes.count && !bytes[colon...].contains(0x5D)
    }
}
