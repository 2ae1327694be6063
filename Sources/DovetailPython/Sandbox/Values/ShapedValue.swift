// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes
import Synchronization

/// Swift values as values of their component-level types, and back: by way of memory in the form that the canonical ABI gives them,
/// which is what their codecs write and read.
enum ShapedValue {
    private static let layouts = Mutex<[ObjectIdentifier: ValueLayout]>([:])

    /// The layout of a Swift type.
    ///
    /// - Throws: `ABIError` for types that belong to a component: resources, streams and futures.
    static func layout<Content: ComponentConvertible>(of type: Content.Type) throws(ABIError) -> ValueLayout {
        let key = ObjectIdentifier(type)
        if let known = layouts.withLock({ $0[key] }) { return known }
        var builder = ShapeTable()
        let made = try builder.type(of: Content.Codec.shape)
        let layout: ValueLayout
        do throws(LayoutError) { layout = try LayoutCache(builder.table).layout(of: made) } catch {
            throw ABIError(error)
        }
        layouts.withLock { $0[key] = layout }
        return layout
    }

    /// The value that a Swift value is.
    static func value<Content: ComponentConvertible>(of content: Content) throws(ABIError) -> Value {
        let layout = try layout(of: Content.self)
        let memory = ScratchMemory()
        var cx = CanonicalContext(memory, copyBudget: .max)
        let offset = Int(try cx.allocate(alignment: layout.alignment(false), size: layout.size(false)))
        try Content.Codec.store(content, &cx, at: offset)
        return try DynamicABI.load(layout, &cx, at: offset)
    }

    /// The Swift value that a value of its type is.
    static func content<Content: ComponentConvertible>(
        _ value: Value, as type: Content.Type
    ) throws(ABIError) -> Content {
        let layout = try layout(of: type)
        let memory = ScratchMemory()
        var cx = CanonicalContext(memory, copyBudget: .max)
        let offset = Int(try cx.allocate(alignment: layout.alignment(false), size: layout.size(false)))
        try DynamicABI.store(value, as: layout, &cx, at: offset)
        return try Content.Codec.load(&cx, at: offset)
    }
}

/// Memory of the host that is laid out as a component's would be.
private final class ScratchMemory: CanonicalEnvironment {
    private var used = 16

    init() {
        super.init(handles: HandleTable(limit: 0))
        let capacity = 4096
        memory.pointee = GuestMemory(
            base: .allocate(byteCount: capacity, alignment: 16), count: capacity)
    }

    deinit { memory.pointee.base.deallocate() }

    override func reallocate(
        old: UInt64, oldSize: UInt64, alignment: UInt64, newSize: UInt64
    ) throws(ABIError) -> UInt64 {
        let start = (used + Int(alignment) - 1) & ~(Int(alignment) - 1)
        guard let size = Int(exactly: newSize), size <= 1 << 31, start + size <= 1 << 31 else { throw .copyLimit() }
        let end = start + size
        if end > memory.pointee.count {
            let capacity = max(end, 2 * memory.pointee.count)
            let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
            larger.copyMemory(from: memory.pointee.base, byteCount: used)
            memory.pointee.base.deallocate()
            memory.pointee = GuestMemory(base: larger, count: capacity)
        }
        used = end
        if oldSize > 0 {
            let base = memory.pointee.base
            (base + start).copyMemory(from: base + Int(old), byteCount: Int(min(oldSize, newSize)))
        }
        return UInt64(start)
    }
}

/// Gives shapes a table of types.
private struct ShapeTable {
    var table = TypeTable()

    mutating func type(of shape: TypeShape) throws(ABIError) -> ValueType {
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
        case .list(let element): return defined(.list(try type(of: element)))
        case .fixedLengthList(let element, let count):
            guard let count = UInt32(exactly: count) else { throw .copyLimit() }
            return defined(.fixedLengthList(try type(of: element), count: count))
        case .map(let key, let value):
            let key = try type(of: key)
            return defined(.map(key: key, value: try type(of: value)))
        case .record(let fields):
            var parts: [Field] = []
            for field in fields { parts.append(Field(name: field.name, type: try type(of: field.shape))) }
            return defined(.record(parts))
        case .tuple(let shapes):
            var parts: [ValueType] = []
            for shape in shapes { parts.append(try type(of: shape)) }
            return defined(.tuple(parts))
        case .variant(let cases):
            var parts: [Case] = []
            for one in cases { parts.append(Case(name: one.name, type: try payload(one.shape))) }
            return defined(.variant(parts))
        case .enum(let names): return defined(.enum(names.map { Label(name: $0) }))
        case .flags(let names): return defined(.flags(names.map { Label(name: $0) }))
        case .option(let payload): return defined(.option(try type(of: payload)))
        case .result(let ok, let error):
            let success = try payload(ok)
            return defined(.result(ok: success, error: try payload(error)))
        case .errorContext, .own, .borrow, .stream, .future, .any: throw .unsupported("a \(shape.kindName)")
        }
    }

    private mutating func payload(_ shape: TypeShape?) throws(ABIError) -> ValueType? {
        guard let shape else { return nil }
        return try type(of: shape)
    }

    private mutating func defined(_ kind: TypeKind) -> ValueType { .defined(table.intern(kind)) }
}
