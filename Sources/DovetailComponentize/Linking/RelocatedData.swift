// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// The data of a shared library as it is once the library is loaded: bytes, and the addresses that the library's relocating
/// function writes over them. (tool-conventions, "DynamicLinking.md")
struct RelocatedData {
    /// What is written at a place.
    enum Target: Hashable {
        /// Nothing: the bytes stay.
        case none
        /// The address of the library's own data.
        case memory(UInt32)
        /// An element of the library's part of the table; where the constant that names it stands in the relocating function.
        case element(UInt32, constant: Range<Int>?)
        /// The address of something that another library has.
        case other

        var isMemory: Bool { if case .memory = self { true } else { false } }
    }

    /// The relocating function, counted without imports.
    let relocatingFunction: Int
    /// The element segment that fills the library's part of the table.
    let elementSegment: Int
    /// The functions of that segment.
    let elements: [UInt32]
    /// The addresses that are written over, ascending.
    let places: [UInt32]
    private let targets: [UInt32: Target]
    /// The bytes, ascending by address.
    private let pieces: [(address: UInt32, bytes: ArraySlice<UInt8>)]

    /// Reads the relocations of a library; `nil` when it has none, or no functions in the table.
    ///
    /// - Throws: a ``BinaryError`` when code cannot be read.
    init?(_ module: CoreModuleBinary) throws(BinaryError) {
        let imported = module.importCount(.function)
        guard let export = module.export(named: SharedLibrary.relocate), export.item.sort == .function,
            case let function = Int(export.item.index) - imported, module.functions.indices.contains(function)
        else { return nil }
        let globals = module.imports.filter { $0.type.sort == .global }.map { $0.name }
        var evaluation = Evaluation(
            memoryBase: globals.firstIndex(of: SharedLibrary.memoryBase).map(UInt32.init),
            tableBase: globals.firstIndex(of: SharedLibrary.tableBase).map(UInt32.init))
        guard let segment = Self.elementSegment(module), case .functions(let elements) = module.elements[segment].items
        else { return nil }
        relocatingFunction = function
        elementSegment = segment
        self.elements = elements
        try evaluation.run(module.functions[function].body)
        targets = evaluation.targets
        places = evaluation.targets.keys.sorted()
        // Passive segments are placed by the start function.
        if let start = module.start.map({ Int($0) - imported }), module.functions.indices.contains(start) {
            try evaluation.run(module.functions[start].body)
        }
        for (index, item) in module.data.enumerated() {
            guard case .active(_, let offset) = item.mode else { continue }
            if let address = try evaluation.address(ofExpression: offset) {
                evaluation.segments[UInt32(index)] = address
            }
        }
        pieces = evaluation.segments.compactMap { index, address in
            Int(index) < module.data.count ? (address, module.data[Int(index)].bytes) : nil
        }.sorted { $0.address < $1.address }
    }

    private static func elementSegment(_ module: CoreModuleBinary) -> Int? {
        module.elements.firstIndex { if case .active(0, _) = $0.mode { true } else { false } }
    }

    /// What is written at `place`.
    func target(_ place: UInt32) -> Target { targets[place] ?? .none }

    /// Whether a null pointer is at `place`.
    func isNull(_ place: UInt32) -> Bool { targets[place] == nil && word(at: place) == 0 }

    /// The number in four bytes that nothing is written over; 0 behind the data, which begins as zeros.
    func word(at place: UInt32) -> UInt32? {
        var result: UInt32 = 0
        for index in 0..<4 as Range<UInt32> {
            guard place <= .max - 4 else { return nil }
            result |= UInt32(byte(at: place + index)) << (8 * index)
        }
        return result
    }

    /// The text up to a zero; `nil` if it has `limit` bytes or more.
    func text(at address: UInt32, limit: Int) -> String? {
        var bytes: [UInt8] = []
        while bytes.count < limit, UInt64(address) + UInt64(bytes.count) <= UInt64(UInt32.max) {
            let byte = byte(at: address + UInt32(bytes.count))
            if byte == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }

    private func byte(at address: UInt32) -> UInt8 {
        var (low, high) = (0, pieces.count)
        while low < high {
            let middle = (low + high) / 2
            if pieces[middle].address <= address { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return 0 }
        let piece = pieces[low - 1]
        let offset = Int(address - piece.address)
        return offset < piece.bytes.count ? piece.bytes[piece.bytes.startIndex + offset] : 0
    }
}

/// Follows code that writes addresses into memory, without running it: what cannot be known is left out.
private struct Evaluation {
    let memoryBase: UInt32?
    let tableBase: UInt32?
    var targets: [UInt32: RelocatedData.Target] = [:]
    /// The addresses that passive segments are copied to.
    var segments: [UInt32: UInt32] = [:]
    private var stack: [Value] = []
    private var locals: [UInt32: Value] = [:]

    private enum Base: Hashable { case none, memory, table, other }

    private struct Value: Hashable {
        var base: Base
        var offset: UInt32 = 0
        var constant: Range<Int>?
    }

    init(memoryBase: UInt32?, tableBase: UInt32?) {
        self.memoryBase = memoryBase
        self.tableBase = tableBase
    }

    mutating func run(_ body: ArraySlice<UInt8>) throws(BinaryError) {
        stack = []
        locals = [:]
        try CoreCode.instructions(inBody: body) { instruction, immediates throws(BinaryError) in
            try step(instruction, &immediates)
        }
    }

    /// The offset from the library's memory that a constant expression gives.
    mutating func address(ofExpression expression: ArraySlice<UInt8>) throws(BinaryError) -> UInt32? {
        // An expression is the code of a function without groups of locals.
        try run([0] + expression)
        guard let value = stack.last, value.base == .memory || value.base == .none else { return nil }
        return value.offset
    }

    private mutating func pop() -> Value { stack.popLast() ?? Value(base: .other) }

    private mutating func step(
        _ instruction: CoreInstruction, _ immediates: inout ByteReader
    ) throws(BinaryError) {
        switch (instruction.opcode.prefix, instruction.opcode.code) {
        case (0, 0x41):  // i32.const
            let number = UInt32(truncatingIfNeeded: try immediates.signed(bits: 32, "a constant"))
            stack.append(Value(base: .none, offset: number, constant: instruction.range))
        case (0, 0x23):  // global.get
            let global = try immediates.u32("a global")
            stack.append(Value(base: global == memoryBase ? .memory : global == tableBase ? .table : .other))
        case (0, 0x20): stack.append(locals[try immediates.u32("a local")] ?? Value(base: .other))  // local.get
        case (0, 0x21): locals[try immediates.u32("a local")] = pop()  // local.set
        case (0, 0x22): locals[try immediates.u32("a local")] = stack.last  // local.tee
        case (0, 0x6a):  // i32.add
            let (right, left) = (pop(), pop())
            let isKnown = left.base == .none || right.base == .none
            stack.append(
                Value(
                    base: isKnown ? (left.base == .none ? right.base : left.base) : .other,
                    offset: left.offset &+ right.offset, constant: left.constant ?? right.constant))
        case (0, 0x36):  // i32.store
            let (value, address) = (pop(), pop())
            let alignment = try immediates.u32("an alignment")
            guard address.base == .memory, alignment < 0x40 else { break }
            store(value, at: address.offset &+ (try immediates.u32("an offset")))
        case (0xfc, 8):  // memory.init
            let segment = try immediates.u32("a data segment")
            let (_, source, address) = (pop(), pop(), pop())
            if address.base == .memory, source == Value(base: .none, offset: 0, constant: source.constant) {
                segments[segment] = address.offset
            }
        case (0, 0x0b): break  // end
        default: stack = []
        }
    }

    private mutating func store(_ value: Value, at place: UInt32) {
        switch value.base {
        case .memory: targets[place] = .memory(value.offset)
        case .table: targets[place] = .element(value.offset, constant: value.constant)
        case .none, .other: targets[place] = .other
        }
    }
}
