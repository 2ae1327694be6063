// SPDX-License-Identifier: Apache-2.0

import CDovetailCrypto

/// The hash that cached and fetched files are known by.
package enum SHA256 {
    /// The hash of `bytes` in hexadecimal digits; `nil` where OpenSSL refuses it.
    package static func hexadecimal(of bytes: UnsafeRawBufferPointer) -> String? {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        guard EVP_Digest(bytes.baseAddress, bytes.count, &digest, &length, EVP_sha256(), nil) == 1 else { return nil }
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
