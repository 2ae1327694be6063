// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation
import DovetailWITBinary

/// Changes to the custom sections of a core module; everything else stays byte for byte.
package enum CoreModuleSections {
    /// A core module without anything in it.
    package static let emptyModule: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

    /// `module` with a custom section at its end.
    ///
    /// - Throws: a ``BinaryError`` when `module` is no core module.
    package static func adding(
        _ name: String, payload: [UInt8], to module: [UInt8]
    ) throws(BinaryError) -> [UInt8] {
        _ = try outline(module)
        var writer = ByteWriter()
        writer.raw(module)
        writer.customSection(name, payload)
        return writer.bytes
    }

    /// `module` without the custom sections whose names `isRemoved` picks.
    ///
    /// - Throws: a ``BinaryError`` when `module` is no core module.
    package static func removing(
        from module: [UInt8], where isRemoved: (String) -> Bool
    ) throws(BinaryError) -> [UInt8] {
        let outline = try outline(module)
        var kept: [UInt8] = []
        kept.reserveCapacity(module.count)
        var start = 0
        for section in outline.customSections where isRemoved(section.name) {
            kept += module[start..<Self.start(ofSection: section, in: module)]
            start = section.range.upperBound
        }
        return kept + module[start...]
    }

    private static func outline(_ module: [UInt8]) throws(BinaryError) -> CoreModuleOutline {
        let result = module.withUnsafeBytes { bytes -> Result<CoreModuleOutline, BinaryError> in
            do throws(BinaryError) { return .success(try CoreModuleOutline(bytes)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Where the code of a custom section stands: behind the last byte of what comes before it.
    private static func start(ofSection section: CustomSection, in module: [UInt8]) -> Int {
        // The size before the payload is a LEB128 number: all of its bytes but the last have the high bit.
        var start = section.offset - 1
        while start > 8, module[start - 1] & 0x80 != 0 { start -= 1 }
        return start - 1
    }
}
