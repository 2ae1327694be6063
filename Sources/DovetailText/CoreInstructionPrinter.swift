// SPDX-License-Identifier: Apache-2.0

internal import DovetailBinary

/// Prints the instructions of an expression. (WebAssembly 3.0, "Text Format", "Instructions")
struct CoreInstructionPrinter {
    let identifiers: CoreModuleIdentifiers
    let locals: Identifiers
    let labels: Identifiers
    /// The identifiers of the open blocks, `nil` for those without one.
    private var blocks: [String?] = []
    /// How many labels came before, which is their number in the names.
    private var labelCount: UInt32 = 0

    init(_ identifiers: CoreModuleIdentifiers, locals: Identifiers = Identifiers(), labels: Identifiers = Identifiers())
    {
        self.identifiers = identifiers
        self.locals = locals
        self.labels = labels
    }

    /// Prints the body of a function behind its locals, each instruction on a line.
    mutating func body(_ reader: inout CoreInstructionReader, _ writer: inout TextWriter) throws(BinaryError) {
        while let instruction = try reader.next() {
            let code = instruction.opcode
            if code.prefix == 0, code.code == 0x0b, blocks.isEmpty { return try reader.finish() }
            var immediates = reader.immediates(of: instruction)
            let isEnd = code.prefix == 0 && [0x0b, 0x18].contains(code.code)
            let divides = code.prefix == 0 && [0x05, 0x07, 0x19].contains(code.code)
            if isEnd || divides { writer.depth -= 1 }
            writer.newLine()
            // `delegate` counts labels from outside of the block it ends.
            if isEnd, !blocks.isEmpty { blocks.removeLast() }
            try print(instruction, &immediates, &writer)
            let begins = code.prefix == 0 && [0x02, 0x03, 0x04, 0x06, 0x1f].contains(code.code)
            if begins || divides { writer.depth += 1 }
        }
        try reader.finish()
    }

    /// Prints a constant expression in one line, without its `end`; how many instructions there were.
    mutating func expression(
        _ reader: consuming CoreInstructionReader, _ writer: inout TextWriter
    ) throws(BinaryError) -> Int {
        var count = 0
        while let instruction = try reader.next(), instruction.opcode != CoreOpcode(0x0b) {
            if count > 0 { writer.put(" ") }
            var immediates = reader.immediates(of: instruction)
            try print(instruction, &immediates, &writer)
            count += 1
        }
        return count
    }

    private mutating func print(
        _ instruction: CoreInstruction, _ reader: inout ByteReader, _ writer: inout TextWriter
    ) throws(BinaryError) {
        let opcode = instruction.opcode
        guard let name = opcode.mnemonic, let kind = opcode.immediates else {
            throw .unknownInstruction(opcode, at: instruction.range.lowerBound)
        }
        writer.put(name)
        switch kind {
        case .none: break
        case .i32: writer.put(" \(try reader.signed(bits: 32, "a constant"))")
        case .i64: writer.put(" \(try reader.signed(bits: 64, "a constant"))")
        case .f32: writer.put(" " + FloatText(try reader.fixed32("a constant")).text)
        case .f64: writer.put(" " + FloatText(try reader.fixed64("a constant")).text)
        case .block, .tryTable: try block(kind, &reader, &writer)
        case .label: try label(&reader, &writer)
        case .labels:
            let count = try reader.count("labels", maximum: reader.remaining)
            for _ in 0...count { try label(&reader, &writer) }
        case .local: writer.put(" " + locals.reference(try reader.u32("a local")))
        case .memoryArgument, .memoryArgumentAndLane:
            try memoryArgument(opcode, &reader, &writer)
            if kind == .memoryArgumentAndLane { writer.put(" \(try reader.byte("a lane"))") }
        case .lane: writer.put(" \(try reader.byte("a lane"))")
        case .lanes: for _ in 0..<16 { writer.put(" \(try reader.byte("a lane"))") }
        case .vector:
            writer.put(" i32x4")
            for _ in 0..<4 {
                let digits = String(try reader.fixed32("a constant"), radix: 16)
                writer.put(" 0x" + String(repeating: "0", count: 8 - digits.count) + digits)
            }
        case .types:
            let count = try reader.count("types", maximum: reader.remaining)
            writer.put(" (result")
            for _ in 0..<count { writer.put(" " + identifiers.types.value(try reader.coreValueType())) }
            writer.put(")")
        default: try indices(opcode, kind, &reader, &writer)
        }
    }

    // MARK: - Indices

    private func put(_ space: CoreIndexSpace, _ index: UInt32, _ writer: inout TextWriter) {
        writer.put(" ")
        writer.put(identifiers.reference(space, index))
    }

    private func index(
        _ space: CoreIndexSpace, _ reader: inout ByteReader, _ writer: inout TextWriter
    ) throws(BinaryError) { put(space, try reader.u32("an index"), &writer) }

    /// Indices, of which those are left out that are meant when nothing is written.
    private mutating func indices(
        _ opcode: CoreOpcode, _ kind: CoreImmediates, _ reader: inout ByteReader, _ writer: inout TextWriter
    ) throws(BinaryError) {
        switch kind {
        case .function: try index(.function, &reader, &writer)
        case .global: try index(.global, &reader, &writer)
        case .table: try index(.table, &reader, &writer)
        case .tag: try index(.tag, &reader, &writer)
        case .type: try index(.type, &reader, &writer)
        case .data: try index(.data, &reader, &writer)
        case .element: try index(.element, &reader, &writer)
        case .memory:
            let memory = try reader.u32("an index")
            if memory != 0 { put(.memory, memory, &writer) }
        case .heapType: try heapType(opcode, &reader, &writer)
        case .typeAndTable:
            let (type, table) = (try reader.u32("an index"), try reader.u32("an index"))
            if table != 0 { put(.table, table, &writer) }
            writer.put(" (type \(identifiers.reference(.type, type)))")
        case .typeAndType: try pair(.type, .type, &reader, &writer)
        case .typeAndData: try pair(.type, .data, &reader, &writer)
        case .typeAndElement: try pair(.type, .element, &reader, &writer)
        case .typeAndTag: try pair(.type, .tag, &reader, &writer)
        case .typeAndField: try field(&reader, &writer)
        case .typeAndLength:
            try index(.type, &reader, &writer)
            writer.put(" \(try reader.u32("a length"))")
        case .tables: try twice(.table, &reader, &writer)
        case .memories: try twice(.memory, &reader, &writer)
        case .dataAndMemory, .elementAndTable:
            let (segment, target) = (try reader.u32("an index"), try reader.u32("an index"))
            if target != 0 { put(kind == .dataAndMemory ? .memory : .table, target, &writer) }
            put(kind == .dataAndMemory ? .data : .element, segment, &writer)
        case .castBranch: try castBranch(&reader, &writer)
        case .orderedGlobal, .orderedTable, .orderedType, .orderedField:
            writer.put(try reader.byte("an ordering") == 0 ? " seqcst" : " acqrel")
            switch kind {
            case .orderedGlobal: try index(.global, &reader, &writer)
            case .orderedTable: try index(.table, &reader, &writer)
            case .orderedField: try field(&reader, &writer)
            default: try index(.type, &reader, &writer)
            }
        case .typeAndHandlers, .typeTagAndHandlers:
            try index(.type, &reader, &writer)
            if kind == .typeTagAndHandlers { try index(.tag, &reader, &writer) }
            try handlers(&reader, &writer)
        default: break
        }
    }

    private func pair(
        _ first: CoreIndexSpace, _ second: CoreIndexSpace, _ reader: inout ByteReader, _ writer: inout TextWriter
    ) throws(BinaryError) {
        try index(first, &reader, &writer)
        try index(second, &reader, &writer)
    }

    private func twice(
        _ space: CoreIndexSpace, _ reader: inout ByteReader, _ writer: inout TextWriter
    ) throws(BinaryError) {
        let (first, second) = (try reader.u32("an index"), try reader.u32("an index"))
        guard first != 0 || second != 0 else { return }
        put(space, first, &writer)
        put(space, second, &writer)
    }

    private func field(_ reader: inout ByteReader, _ writer: inout TextWriter) throws(BinaryError) {
        let type = try reader.u32("an index")
        put(.type, type, &writer)
        let field = try reader.u32("a field")
        writer.put(" " + (identifiers.types.fields[type]?.reference(field) ?? String(field)))
    }

    private func heapType(
        _ opcode: CoreOpcode, _ reader: inout ByteReader, _ writer: inout TextWriter
    ) throws(BinaryError) {
        let type = try reader.coreHeapType()
        let isReference = opcode.prefix != 0
        guard isReference else { return writer.put(" " + identifiers.types.heap(type)) }
        let isNullable = [21, 23, 36].contains(opcode.code)
        writer.put(" " + identifiers.types.reference(CoreReferenceType(isNullable: isNullable, heapType: type)))
    }

    private mutating func castBranch(_ reader: inout ByteReader, _ writer: inout TextWriter) throws(BinaryError) {
        let flags = try reader.byte("flags of a cast")
        try label(&reader, &writer)
        for bit in [UInt8(1), 2] {
            let type = CoreReferenceType(isNullable: flags & bit != 0, heapType: try reader.coreHeapType())
            writer.put(" " + identifiers.types.reference(type))
        }
    }

    private func memoryArgument(
        _ opcode: CoreOpcode, _ reader: inout ByteReader, _ writer: inout TextWriter
    ) throws(BinaryError) {
        let flags = try reader.u32("an alignment")
        if flags & 0x40 != 0 {
            let memory = try reader.u32("a memory's index")
            if memory != 0 { put(.memory, memory, &writer) }
        }
        let (offset, alignment) = (try reader.u64("an offset"), flags & 0x3f)
        if offset != 0 { writer.put(" offset=\(offset)") }
        if alignment != opcode.naturalAlignment { writer.put(" align=\(UInt64(1) << UInt64(alignment))") }
    }

    // MARK: - Blocks

    private mutating func block(
        _ kind: CoreImmediates, _ reader: inout ByteReader, _ writer: inout TextWriter
    ) throws(BinaryError) {
        let identifier = labels.identifier(labelCount)
        labels.declare(labelCount, &writer)
        labelCount += 1
        switch try reader.coreBlockType() {
        case .empty: break
        case .result(let type): writer.put(" (result \(identifiers.types.value(type)))")
        case .type(let index):
            writer.put(" (type \(identifiers.reference(.type, index)))")
            signatureOf(index, &writer)
        }
        if kind == .tryTable {
            let count = try reader.count("catch clauses", maximum: reader.remaining)
            for _ in 0..<count {
                let code = try reader.byte("a catch clause")
                writer.put(" (\(["catch", "catch_ref", "catch_all", "catch_all_ref"][Int(code & 3)])")
                if code < 2 { try index(.tag, &reader, &writer) }
                try label(&reader, &writer)
                writer.put(")")
            }
        }
        blocks.append(identifier)
        if identifier == nil { writer.put(" ;; label = @\(blocks.count)") }
    }

    private func signatureOf(_ index: UInt32, _ writer: inout TextWriter) {
        guard let type = identifiers.function(type: index) else { return }
        identifiers.types.signature(type, &writer)
    }

    private func label(_ reader: inout ByteReader, _ writer: inout TextWriter) throws(BinaryError) {
        let depth = try reader.u32("a label")
        guard Int(depth) < blocks.count else { return writer.put(" \(depth)") }
        let position = blocks.count - 1 - Int(depth)
        if let identifier = blocks[position] {
            // An inner block of the same name would hide it.
            let isHidden = blocks[(position + 1)...].contains(identifier)
            return writer.put(isHidden ? " \(depth)" : " \(identifier)")
        }
        writer.put(" \(depth) (;@\(position + 1);)")
    }

    private func handlers(_ reader: inout ByteReader, _ writer: inout TextWriter) throws(BinaryError) {
        let count = try reader.count("handlers", maximum: reader.remaining)
        for _ in 0..<count {
            let code = try reader.byte("a handler")
            writer.put(" (on")
            try index(.tag, &reader, &writer)
            if code == 0 { try label(&reader, &writer) } else { writer.put(" switch") }
            writer.put(")")
        }
    }
}
