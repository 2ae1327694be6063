// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader

// The entries of a core module's sections. (WebAssembly 3.0, "Binary Format", "Modules")
extension ByteReader {
    /// An entry of the import section; a compact one stands for many imports.
    package mutating func coreImports(
        _ add: (CoreModuleImport, Int) throws(BinaryError) -> Void
    ) throws(BinaryError) {
        let module = try name("a module name")
        let name = try name("an import's name")
        // Compact imports: one module name, or one type as well, for many.
        guard name.isEmpty, let code = peek(), code == 0x7f || code == 0x7e else {
            return try add(CoreModuleImport(module: module, name: name, type: try coreExternType()), offset)
        }
        _ = try byte("compact imports")
        var shared: CoreExternType?
        if code == 0x7e { shared = try coreExternType() }
        let count = try count("compact imports", maximum: Limits.sectionItems)
        for _ in 0..<count {
            let name = try self.name("an import's name")
            let type: CoreExternType
            if let shared { type = shared } else { type = try coreExternType() }
            try add(CoreModuleImport(module: module, name: name, type: type), offset)
        }
    }

    /// An entry of the table section: the type, and where the initializer stands.
    package mutating func coreTable() throws(BinaryError) -> (type: CoreTableType, initializer: Range<Int>?) {
        guard peek() == 0x40 else { return (try coreTableType(), nil) }
        _ = try byte("a table")
        try reserved("a table")
        let type = try coreTableType()
        return (type, try coreConstantExpression())
    }

    /// An entry of the global section: the type, and where the initializer stands.
    package mutating func coreGlobal() throws(BinaryError) -> (type: CoreGlobalType, initializer: Range<Int>) {
        let type = try coreGlobalType()
        return (type, try coreConstantExpression())
    }

    /// An entry of the export section.
    package mutating func coreModuleExport() throws(BinaryError) -> CoreModuleExport {
        let name = try name("an export's name")
        let start = offset
        let sort = try coreSort()
        switch sort {
        case .function, .table, .memory, .global, .tag: break
        case .type, .module, .instance: throw .malformed("a core module cannot export a \(sort)", at: start)
        }
        return CoreModuleExport(name: name, item: CoreSortIndex(sort: sort, index: try u32("an index")))
    }

    /// Steps over a constant expression, `end` included.
    package mutating func coreConstantExpression() throws(BinaryError) -> Range<Int> {
        let start = offset
        var instructions = CoreInstructionReader(self)
        while let instruction = try instructions.next() {
            guard instruction.opcode.isConstant else {
                throw .malformed("not a constant expression", at: instruction.range.lowerBound)
            }
        }
        self = instructions.reader
        return start..<offset
    }
}

extension CoreOpcode {
    /// Whether constant expressions may have the instruction. (WebAssembly 3.0, "Constant Expressions")
    fileprivate var isConstant: Bool {
        switch (prefix, code) {
        // Constants, references, globals, and the arithmetic of extended constant expressions.
        case (0, 0x0b), (0, 0x23), (0, 0x41...0x44), (0, 0x6a...0x6c), (0, 0x7c...0x7e), (0, 0xd0), (0, 0xd2): true
        case (0xfb, 0), (0xfb, 1), (0xfb, 6...8), (0xfb, 26...28), (0xfb, 32), (0xfb, 33): true
        case (0xfd, 12): true
        default: false
        }
    }
}

/// The type of a block. (WebAssembly 3.0, `blocktype`)
package enum CoreBlockType: Sendable {
    /// No parameters, no results.
    case empty
    /// One result.
    case result(CoreValueType)
    /// A function type.
    case type(UInt32)
}

// Immediates of instructions whose values are wanted.
extension ByteReader {
    /// The type of a block.
    package mutating func coreBlockType() throws(BinaryError) -> CoreBlockType {
        guard let code = peek() else { throw .unexpectedEnd(reading: "a block's type", at: offset) }
        if code == 0x40 {
            _ = try byte("a block's type")
            return .empty
        }
        // The codes of types are what negative numbers of one byte look like.
        if code & 0xc0 == 0x40 { return .result(try coreValueType()) }
        return .type(try coreTypeIndex())
    }

    /// Four bytes, the lowest first.
    package mutating func fixed32(_ what: @autoclosure () -> String) throws(BinaryError) -> UInt32 {
        var value: UInt32 = 0
        for shift in 0..<UInt32(4) { value |= UInt32(try byte(what())) << (8 * shift) }
        return value
    }

    /// Eight bytes, the lowest first.
    package mutating func fixed64(_ what: @autoclosure () -> String) throws(BinaryError) -> UInt64 {
        let low = try fixed32(what())
        return UInt64(try fixed32(what())) << 32 | UInt64(low)
    }
}
