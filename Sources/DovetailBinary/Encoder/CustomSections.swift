// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

/// Custom sections, taken out of a component or core module and out of everything inside.
package enum CustomSections {
    /// Whether neither tools nor engines need the section to know what a binary is.
    package static func isNotNeeded(_ name: String) -> Bool {
        !name.hasPrefix("component-type") && name != "dylink.0"
    }

    /// The binary without the custom sections whose names `isRemoved` picks; nothing else changes.
    ///
    /// - Throws: a ``BinaryError`` when `bytes` are no binary, or a section is cut off.
    package static func removed(
        from bytes: [UInt8], where isRemoved: (String) -> Bool
    ) throws(BinaryError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(BinaryError) in
                try copy(ByteReader(bytes), depth: 0, isRemoved, to: &output)
            }
        }
        try result.get()
        return output
    }

    private static func copy(
        _ reader: ByteReader, depth: Int, _ isRemoved: (String) -> Bool, to output: inout [UInt8]
    ) throws(BinaryError) {
        guard depth < Limits.componentDepth else {
            throw .nestedTooDeeply("components", maximum: Limits.componentDepth, at: reader.offset)
        }
        var reader = reader
        let bytes = reader.bytes
        let kind = BinaryKind(UnsafeRawBufferPointer(rebasing: bytes[reader.offset..<reader.end]))
        guard kind == .component || kind == .coreModule else { throw .notWebAssembly(at: reader.offset) }
        output += bytes[try reader.skip(8, "the preamble")]
        while !reader.isAtEnd {
            let start = reader.offset
            let id = try reader.byte("a section's code")
            let size = Int(try reader.u32("the size of a section"))
            let range = try reader.skip(size, "a section")
            switch (kind, id) {
            case (_, 0):
                var content = ByteReader(bytes, range: range)
                if !isRemoved(try content.name("a custom section's name")) { output += bytes[start..<range.upperBound] }
            case (.component, 1), (.component, 4):
                var inner: [UInt8] = []
                try copy(ByteReader(bytes, range: range), depth: depth + 1, isRemoved, to: &inner)
                var head = ByteWriter()
                head.byte(id)
                head.count(inner.count)
                output += head.bytes + inner
            default: output += bytes[start..<range.upperBound]
            }
        }
    }
}
