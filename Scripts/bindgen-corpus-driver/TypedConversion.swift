// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTestSupport
import DovetailTypes

/// Turns dynamic values into those of generated types and back, by way of memory: what one side writes the other reads.
enum TypedConversion {
    /// A memory that only grows, without code.
    private final class Memory: CanonicalEnvironment {
        private var storage = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 16)
        private var top: UInt64 = 16

        init() {
            super.init(handles: HandleTable())
            memory.pointee = GuestMemory(base: storage, count: 4096)
        }

        deinit { storage.deallocate() }

        override func reallocate(
            old: UInt64, oldSize: UInt64, alignment: UInt64, newSize: UInt64
        ) throws(ABIError) -> UInt64 {
            let start = (top + alignment - 1) & ~(alignment - 1)
            top = start + newSize
            if Int(top) > memory.pointee.count {
                let larger = UnsafeMutableRawPointer.allocate(byteCount: Int(top) * 2, alignment: 16)
                larger.copyMemory(from: storage, byteCount: memory.pointee.count)
                storage.deallocate()
                storage = larger
                memory.pointee = GuestMemory(base: larger, count: Int(top) * 2)
            }
            if oldSize > 0 {
                (storage + Int(start)).copyMemory(from: storage + Int(old), byteCount: Int(min(oldSize, newSize)))
            }
            return start
        }
    }

    /// A dynamic value as one that a codec carries; none for functions without a result.
    static func typed<Codec: ComponentCodec>(_ value: Value?, _ codec: Codec.Type) throws -> Codec.Value {
        guard let value else {
            guard let empty = Empty() as? Codec.Value else { throw CaseFailure("a value is missing") }
            return empty
        }
        let memory = Memory()
        defer { withExtendedLifetime(memory) {} }
        var cx = CanonicalContext(memory)
        let layout = try layout(Codec.shape)
        let place = Int(try cx.allocate(alignment: 16, size: layout.size(false)))
        try DynamicABI.store(value, as: layout, &cx, at: place)
        return try Codec.load(&cx, at: place)
    }

    /// A value that a codec carries as a dynamic one.
    static func value<Codec: ComponentCodec>(_ typed: Codec.Value, _ codec: Codec.Type) throws -> Value? {
        if codec is EmptyCodec.Type { return nil }
        let memory = Memory()
        defer { withExtendedLifetime(memory) {} }
        var cx = CanonicalContext(memory)
        let layout = try layout(Codec.shape)
        let place = Int(try cx.allocate(alignment: 16, size: layout.size(false)))
        try Codec.store(typed, &cx, at: place)
        return try DynamicABI.load(layout, &cx, at: place)
    }

    private static func layout(_ shape: TypeShape) throws -> ValueLayout {
        var table = TypeTable()
        let type = try type(shape, &table)
        return try LayoutCache(table).layout(of: type)
    }

    private static func type(_ shape: TypeShape, _ table: inout TypeTable) throws -> ValueType {
        func optional(_ shape: TypeShape?, _ table: inout TypeTable) throws -> ValueType? {
            try shape.map { try type($0, &table) }
        }
        let kind: TypeKind
        switch shape {
        case .bool: return .bool
        case .s8: return .s8
        case .u8: return .u8
        case .s16: return .s16
        case .u16: return .u16
        case .s32: return .s32
        case .u32: return .u32
        case .s64: return .s64
        case .u64: return .u64
        case .f32: return .f32
        case .f64: return .f64
        case .char: return .char
        case .string: return .string
        case .list(let element): kind = .list(try type(element, &table))
        case .fixedLengthList(let element, let count):
            kind = .fixedLengthList(try type(element, &table), count: UInt32(count))
        case .map(let key, let value): kind = .map(key: try type(key, &table), value: try type(value, &table))
        case .record(let fields):
            var list: [Field] = []
            for field in fields { list.append(Field(name: field.name, type: try type(field.shape, &table))) }
            kind = .record(list)
        case .tuple(let parts):
            var list: [ValueType] = []
            for part in parts { list.append(try type(part, &table)) }
            kind = .tuple(list)
        case .variant(let cases):
            var list: [Case] = []
            for item in cases { list.append(Case(name: item.name, type: try optional(item.shape, &table))) }
            kind = .variant(list)
        case .enum(let names): kind = .enum(names.map { Label(name: $0) })
        case .flags(let names): kind = .flags(names.map { Label(name: $0) })
        case .option(let payload): kind = .option(try type(payload, &table))
        case .result(let ok, let error):
            kind = .result(ok: try optional(ok, &table), error: try optional(error, &table))
        case .errorContext, .own, .borrow, .stream, .future, .any:
            throw CaseSkipped("\(shape.kindName) outside of an instance")
        }
        return .defined(table.intern(kind))
    }
}
