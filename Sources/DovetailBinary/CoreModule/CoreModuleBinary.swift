// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailValidation

/// A core module as its bytes describe it, decoded but not validated: what can be changed and written again.
/// (WebAssembly 3.0, "Binary Format", "Modules")
///
/// Code, data and custom sections stay bytes, shared with the file that was decoded; ``CoreInstructionReader`` walks code.
/// Definitions are those of the module itself: in each index space they follow the imports.
package struct CoreModuleBinary: Sendable {
    /// The recursion groups of types; each subtype takes one index.
    package var types: [[CoreSubtype]] = []
    /// The imports.
    package var imports: [CoreModuleImport] = []
    /// The functions.
    package var functions: [CoreFunctionDefinition] = []
    /// The tables.
    package var tables: [CoreTableDefinition] = []
    /// The memories.
    package var memories: [CoreMemoryType] = []
    /// The type indices of the tags.
    package var tags: [UInt32] = []
    /// The globals.
    package var globals: [CoreGlobalDefinition] = []
    /// The exports.
    package var exports: [CoreModuleExport] = []
    /// The function that is called at instantiation.
    package var start: UInt32?
    /// The element segments.
    package var elements: [CoreElementSegment] = []
    /// Whether the number of data segments is written before the code, which code that names them needs.
    package var countsDataSegments = false
    /// The data segments.
    package var data: [CoreDataSegment] = []
    /// The custom sections.
    package var customSections: [CoreCustomSection] = []

    /// Makes an empty module.
    package init() {}
}

/// A function of a core module.
package struct CoreFunctionDefinition: Hashable, Sendable {
    /// The index of its type.
    package var type: UInt32
    /// The locals and the instructions with their `end`, without the size in front.
    package var body: ArraySlice<UInt8>

    /// Makes a function.
    package init(type: UInt32, body: ArraySlice<UInt8>) {
        self.type = type
        self.body = body
    }
}

/// A table of a core module.
package struct CoreTableDefinition: Sendable {
    /// Its type.
    package var type: CoreTableType
    /// The constant expression that gives the first value of every element; null without one.
    package var initializer: ArraySlice<UInt8>?

    /// Makes a table.
    package init(type: CoreTableType, initializer: ArraySlice<UInt8>? = nil) {
        self.type = type
        self.initializer = initializer
    }
}

/// A global of a core module.
package struct CoreGlobalDefinition: Sendable {
    /// Its type.
    package var type: CoreGlobalType
    /// The constant expression that gives its first value, with its `end`.
    package var initializer: ArraySlice<UInt8>

    /// Makes a global.
    package init(type: CoreGlobalType, initializer: ArraySlice<UInt8>) {
        self.type = type
        self.initializer = initializer
    }
}

/// References that tables are filled with.
package struct CoreElementSegment: Hashable, Sendable {
    /// When the segment is used.
    package enum Mode: Hashable, Sendable {
        /// By instructions.
        case passive
        /// At instantiation, from the element on that the constant expression gives.
        case active(table: UInt32, offset: ArraySlice<UInt8>)
        /// Never: it declares what `ref.func` may name.
        case declarative
    }

    /// The references.
    package enum Items: Hashable, Sendable {
        /// Functions by index.
        case functions([UInt32])
        /// Constant expressions.
        case expressions(CoreReferenceType, [ArraySlice<UInt8>])
    }

    /// When the segment is used.
    package var mode: Mode
    /// The references.
    package var items: Items

    /// Makes a segment.
    package init(mode: Mode, items: Items) {
        self.mode = mode
        self.items = items
    }
}

/// Bytes that memories are filled with.
package struct CoreDataSegment: Hashable, Sendable {
    /// When the segment is used.
    package enum Mode: Hashable, Sendable {
        /// By instructions.
        case passive
        /// At instantiation, from the address on that the constant expression gives.
        case active(memory: UInt32, offset: ArraySlice<UInt8>)
    }

    /// When the segment is used.
    package var mode: Mode
    /// The bytes.
    package var bytes: ArraySlice<UInt8>

    /// Makes a segment.
    package init(mode: Mode, bytes: ArraySlice<UInt8>) {
        self.mode = mode
        self.bytes = bytes
    }
}

/// A custom section of a core module: `name`, `producers`, `dylink.0`, `linking` and whatever tools need.
package struct CoreCustomSection: Hashable, Sendable {
    /// The section's name.
    package var name: String
    /// The bytes behind the name.
    package var payload: ArraySlice<UInt8>
    /// The section that it stands behind.
    package var place: Place

    /// Makes a section.
    package init(name: String, payload: ArraySlice<UInt8>, place: Place = .end) {
        self.name = name
        self.payload = payload
        self.place = place
    }

    /// Where a custom section stands: behind the section of that name.
    package enum Place: Int, Hashable, Sendable, Comparable {
        case begin, types, imports, functions, tables, memories, tags, globals, exports, start, elements, dataCount,
            code
        case end

        package static func < (left: Place, right: Place) -> Bool { left.rawValue < right.rawValue }
    }
}

extension CoreModuleBinary {
    /// How many of the imports are of `sort`: the index of the first definition of the module's own.
    package func importCount(_ sort: CoreSort) -> Int {
        imports.count { $0.type.sort == sort }
    }

    /// The subtype of index `index`, counted through all recursion groups.
    package func subtype(_ index: UInt32) -> CoreSubtype? {
        // Nearly always every group has one type.
        if types.count == typeCount { return Int(index) < types.count ? types[Int(index)].first : nil }
        var left = Int(index)
        for group in types {
            if left < group.count { return group[left] }
            left -= group.count
        }
        return nil
    }

    /// How many types there are.
    package var typeCount: Int { types.reduce(0) { $0 + $1.count } }

    /// The first export of that name, compared byte by byte.
    package func export(named name: String) -> CoreModuleExport? {
        exports.first { ExactName($0.name) == ExactName(name) }
    }
}
