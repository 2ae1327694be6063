// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

/// What the `dylink.0` section of a core module says: that it is a shared library, what memory and table it needs, and how its
/// imports and exports bind. (tool-conventions, "DynamicLinking.md")
package struct DynamicLinkingSection: Hashable, Sendable {
    /// The section's name.
    package static let name = "dylink.0"

    /// The memory and table that the library needs for itself.
    package struct MemoryInfo: Hashable, Sendable {
        /// The bytes of memory.
        package var memorySize: UInt32 = 0
        /// Their alignment, as a power of two.
        package var memoryAlignment: UInt32 = 0
        /// The elements of the table.
        package var tableSize: UInt32 = 0
        /// Their alignment, as a power of two.
        package var tableAlignment: UInt32 = 0

        /// Makes the needs of a library, by default none.
        package init(
            memorySize: UInt32 = 0, memoryAlignment: UInt32 = 0, tableSize: UInt32 = 0, tableAlignment: UInt32 = 0
        ) {
            self.memorySize = memorySize
            self.memoryAlignment = memoryAlignment
            self.tableSize = tableSize
            self.tableAlignment = tableAlignment
        }
    }

    /// Flags of a symbol.
    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt32

        package init(rawValue: UInt32) { self.rawValue = rawValue }

        /// An import that may be left unresolved, or an export that gives way to one that is not weak.
        package static let weak = Flags(rawValue: 0x01)
        /// An export that is part of thread-local storage.
        package static let threadLocal = Flags(rawValue: 0x100)
        /// An export whose value is no offset into the library's memory.
        package static let absolute = Flags(rawValue: 0x200)
    }

    /// An export with flags.
    package struct Export: Hashable, Sendable {
        /// The name.
        package var name: String
        /// The flags.
        package var flags: Flags

        /// Makes an export.
        package init(name: String, flags: Flags) {
            self.name = name
            self.flags = flags
        }
    }

    /// An import with flags.
    package struct Import: Hashable, Sendable {
        /// The name of the module that it comes from.
        package var module: String
        /// The name.
        package var name: String
        /// The flags.
        package var flags: Flags

        /// Makes an import.
        package init(module: String, name: String, flags: Flags) {
            self.module = module
            self.name = name
            self.flags = flags
        }
    }

    /// The memory and table that the library needs.
    package var memory = MemoryInfo()
    /// The names of the libraries that have to be there.
    package var needed: [String] = []
    /// The exports that have flags.
    package var exports: [Export] = []
    /// The imports that have flags.
    package var imports: [Import] = []
    /// Where a dynamic linker would look for the libraries.
    package var runtimePaths: [String] = []

    /// Makes the section of a library that needs nothing.
    package init() {}

    /// The section of `module`; `nil` when it is no shared library.
    ///
    /// - Throws: a ``BinaryError`` when the section cannot be read.
    package init?(_ module: CoreModuleBinary) throws(BinaryError) {
        guard let section = module.customSections.first(where: { $0.name == Self.name }) else { return nil }
        let payload = section.payload
        let result = payload.withUnsafeBytes { bytes -> Result<DynamicLinkingSection, BinaryError> in
            do throws(BinaryError) { return .success(try Self(reading: ByteReader(bytes))) } catch {
                return .failure(error)
            }
        }
        self = try result.get()
    }

    private init(reading whole: ByteReader) throws(BinaryError) {
        var reader = whole
        while !reader.isAtEnd {
            let kind = try reader.byte("a subsection of `dylink.0`")
            var part = try reader.part(
                Int(try reader.u32("the size of a subsection")), "a subsection of `dylink.0`")
            switch kind {
            case 1: memory = try part.memoryInfo()
            case 2: needed += try part.names("needed libraries")
            case 3:
                exports += try part.vector("exports of a library", maximum: Limits.sectionItems) {
                    part throws(BinaryError) -> Export in
                    let name = try part.name("an export's name")
                    return Export(name: name, flags: Flags(rawValue: try part.u32("flags of a symbol")))
                }
            case 4:
                imports += try part.vector("imports of a library", maximum: Limits.sectionItems) {
                    part throws(BinaryError) -> Import in
                    let module = try part.name("a module name")
                    let name = try part.name("an import's name")
                    return Import(
                        module: module, name: name, flags: Flags(rawValue: try part.u32("flags of a symbol")))
                }
            case 5: runtimePaths += try part.names("runtime paths")
            // What is added later says nothing that is needed here.
            default: continue
            }
            try part.finish("subsection of `dylink.0`")
        }
    }

    /// The section, to be put in front of everything else.
    package func encoded() -> CoreCustomSection {
        var writer = ByteWriter()
        func subsection(_ kind: UInt8, _ write: (inout ByteWriter) -> Void) {
            var content = ByteWriter()
            write(&content)
            writer.section(kind, content.bytes)
        }
        subsection(1) {
            $0.u32(memory.memorySize)
            $0.u32(memory.memoryAlignment)
            $0.u32(memory.tableSize)
            $0.u32(memory.tableAlignment)
        }
        if !needed.isEmpty { subsection(2) { $0.vector(needed) { $0.name($1) } } }
        if !exports.isEmpty {
            subsection(3) {
                $0.vector(exports) {
                    $0.name($1.name)
                    $0.u32($1.flags.rawValue)
                }
            }
        }
        if !imports.isEmpty {
            subsection(4) {
                $0.vector(imports) {
                    $0.name($1.module)
                    $0.name($1.name)
                    $0.u32($1.flags.rawValue)
                }
            }
        }
        if !runtimePaths.isEmpty { subsection(5) { $0.vector(runtimePaths) { $0.name($1) } } }
        return CoreCustomSection(name: Self.name, payload: writer.bytes[...], place: .begin)
    }
}

extension ByteReader {
    fileprivate mutating func memoryInfo() throws(BinaryError) -> DynamicLinkingSection.MemoryInfo {
        var info = DynamicLinkingSection.MemoryInfo()
        info.memorySize = try u32("a library's memory size")
        info.memoryAlignment = try alignment()
        info.tableSize = try u32("a library's table size")
        info.tableAlignment = try alignment()
        return info
    }

    private mutating func alignment() throws(BinaryError) -> UInt32 {
        let start = offset
        let value = try u32("an alignment")
        guard value < 32 else { throw .malformed("alignment 2^\(value) of a library is too large", at: start) }
        return value
    }

    fileprivate mutating func names(_ what: String) throws(BinaryError) -> [String] {
        try vector(what, maximum: Limits.sectionItems) { part throws(BinaryError) -> String in try part.name(what) }
    }
}
