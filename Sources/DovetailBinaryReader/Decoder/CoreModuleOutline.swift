// SPDX-License-Identifier: Apache-2.0

/// The sections of a core module, without what is in them. (WebAssembly 3.0, "Binary Format", "Modules")
package struct CoreModuleOutline: Sendable {
    /// A section that is not a custom one.
    package struct Section: Sendable {
        /// The section's code.
        package let id: UInt8
        /// Its payload, as offsets in the root's file.
        package let range: Range<Int>

        /// Makes a section.
        package init(id: UInt8, range: Range<Int>) {
            self.id = id
            self.range = range
        }
    }

    /// The sections in file order, custom ones left out.
    package var sections: [Section] = []
    /// The custom sections in file order.
    package var customSections: [CustomSection] = []

    /// Reads the section headers of the core module in `range` of `bytes`; all of them, when it is `nil`.
    ///
    /// - Throws: a ``BinaryError`` when the preamble is not a core module's, or a section is unknown, cut off, repeated
    ///   or out of order.
    package init(_ bytes: UnsafeRawBufferPointer, range: Range<Int>? = nil) throws(BinaryError) {
        var sections: [Section] = []
        var customSections: [CustomSection] = []
        try Self.walk(ByteReader(bytes, range: range)) { section in
            sections.append(section)
        } custom: { custom in
            customSections.append(custom)
        }
        self.sections = sections
        self.customSections = customSections
    }

    /// Checks the section headers and keeps nothing.
    static func check(_ reader: ByteReader) throws(BinaryError) {
        try walk(reader) { _ in
        } custom: { _ in
        }
    }

    private static func walk(
        _ reader: ByteReader, section visit: (Section) -> Void, custom visitCustom: (CustomSection) -> Void
    ) throws(BinaryError) {
        var reader = reader
        try reader.coreModulePreamble()
        var last = 0
        while !reader.isAtEnd {
            let start = reader.offset
            let id = try reader.byte("a section's code")
            let size = Int(try reader.u32("the size of a core module's section"))
            var part = try reader.part(size, "a core module's section")
            if id == 0 {
                let offset = part.offset
                let name = try part.name("a custom section's name")
                visitCustom(CustomSection(name: name, range: part.offset..<part.end, offset: offset))
                continue
            }
            guard let rank = rank(id) else { throw .unknownSection(id, of: "core module", at: start) }
            guard rank > last else {
                throw .malformed("a core module's section 0x\(String(id, radix: 16)) is out of order", at: start)
            }
            last = rank
            visit(Section(id: id, range: part.offset..<part.end))
        }
    }

    /// The position of a section among the others, which is not the order of their codes.
    private static func rank(_ id: UInt8) -> Int? {
        switch id {
        case 1...5: Int(id)
        case 13: 6
        case 6...9: Int(id) + 1
        case 12: 11
        case 10: 12
        case 11: 13
        default: nil
        }
    }
}
