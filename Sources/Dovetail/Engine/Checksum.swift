// SPDX-License-Identifier: Apache-2.0

import CDovetailCrypto

/// A checksum of files that hold compiled code, so that a damaged one is noticed before it runs.
///
/// It is the tag of AES-GCM over data that is authenticated only, under a fixed key: the processor computes it at several GB/s, where
/// SHA-256 takes 20 ms for the code of a Python interpreter. It finds accidents; whoever can write the file can write a tag, too.
enum Checksum {
    /// The bytes of a checksum.
    static let size = 16

    /// The checksum of `parts`, one behind the other; `nil` when there is no memory left.
    static func of(_ parts: UnsafeRawBufferPointer...) -> [UInt8]? {
        guard let context = EVP_CIPHER_CTX_new() else { return nil }
        defer { EVP_CIPHER_CTX_free(context) }
        let key = [UInt8](repeating: 0, count: 16)
        guard EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nil, key, key) == 1 else { return nil }
        var written: Int32 = 0
        for part in parts {
            var rest = part
            while !rest.isEmpty {
                let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
                let start = piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
                guard EVP_EncryptUpdate(context, nil, &written, start, Int32(piece.count)) == 1 else { return nil }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
            }
        }
        var tag = [UInt8](repeating: 0, count: size)
        guard EVP_EncryptFinal_ex(context, &tag, &written) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, Int32(size), &tag) == 1
        else { return nil }
        return tag
    }
}
