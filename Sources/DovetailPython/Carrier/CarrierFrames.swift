// SPDX-License-Identifier: Apache-2.0

import CDovetailZstd
import Dovetail

/// The files in the wheel's native extension, which is a program with zstd frames among its constants.
enum CarrierFrames {
    /// Unpacks those files of `wanted` that are there, known by their hashes; everything else is passed over.
    static func files(
        in program: UnsafeRawBufferPointer, wanted: [CarrierContents.File]
    ) -> [String: [UInt8]] {
        guard let start = program.baseAddress, let largest = wanted.map(\.size).max() else { return [:] }
        let sizes = Set(wanted.map(\.size))
        var found: [String: [UInt8]] = [:]
        var offset = 0
        while found.count < wanted.count {
            offset = dovetail_zstd_next_frame(start, program.count, offset)
            guard offset < program.count else { break }
            let rest = UnsafeRawBufferPointer(rebasing: program[offset...])
            let length = ZSTD_findFrameCompressedSize(rest.baseAddress, rest.count)
            // The four bytes that frames begin with occur in code, too.
            guard ZSTD_isError(length) == 0, length > 0, length <= rest.count else {
                offset += 1
                continue
            }
            let content = decompressed(UnsafeRawBufferPointer(rebasing: rest[..<length]), largest: largest)
            if let content, sizes.contains(content.count), let hash = content.withUnsafeBytes(SHA256.hexadecimal) {
                for file in wanted where file.sha256 == hash { found[file.name] = content }
            }
            offset += length
        }
        return found
    }

    /// The content of a frame, `nil` when it is damaged or larger than `largest`.
    private static func decompressed(_ frame: UnsafeRawBufferPointer, largest: Int) -> [UInt8]? {
        let capacity = Int(clamping: min(UInt64(largest), ZSTD_getFrameContentSize(frame.baseAddress, frame.count)))
        var isWhole = false
        let content = [UInt8](unsafeUninitializedCapacity: max(1, capacity)) { buffer, count in
            let outcome = ZSTD_decompress(buffer.baseAddress, buffer.count, frame.baseAddress, frame.count)
            isWhole = ZSTD_isError(outcome) == 0
            count = isWhole ? outcome : 0
        }
        return isWhole ? content : nil
    }
}
