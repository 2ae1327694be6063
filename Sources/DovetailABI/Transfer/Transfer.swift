// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Moves values from one component into another without making values of the host.
///
/// Both sides' layouts describe the same type; they are walked together. Every number is read once, so a guest that
/// changes its memory while the other one's `realloc` runs gains nothing. (CanonicalABI.md, "Lifting and Lowering Values")
package enum Transfer {
    /// Where values are read: flat core values or memory.
    package struct Input {
        var flat: FlatReader?
        var offset: Int

        /// Reads core values.
        package init(_ flat: FlatReader) {
            self.flat = flat
            offset = 0
        }

        /// Reads memory from `offset` on, which is aligned and checked.
        package init(offset: Int) {
            flat = nil
            self.offset = offset
        }

        @inline(__always)
        mutating func bits(_ cx: CanonicalContext, size: Int) -> UInt64 {
            if flat != nil { return flat?.nextU64() ?? 0 }
            switch size {
            case 1: return UInt64(cx.read(offset, as: UInt8.self))
            case 2: return UInt64(cx.read(offset, as: UInt16.self))
            case 4: return UInt64(cx.read(offset, as: UInt32.self))
            default: return cx.read(offset, as: UInt64.self)
            }
        }

        @inline(__always)
        mutating func pointer(_ cx: CanonicalContext) -> UInt64 {
            if flat != nil { return flat?.nextPointer(cx.is64) ?? 0 }
            defer { offset += cx.pointerSize }
            return cx.readPointer(offset)
        }
    }

    /// Where values are written: flat core values or memory.
    package struct Output {
        var flat: FlatWriter?
        var offset: Int

        /// Writes core values.
        package init(_ flat: FlatWriter) {
            self.flat = flat
            offset = 0
        }

        /// Writes memory from `offset` on, which is aligned and checked.
        package init(offset: Int) {
            flat = nil
            self.offset = offset
        }

        @inline(__always)
        mutating func put(_ bits: UInt64, _ cx: CanonicalContext, size: Int) {
            if flat != nil {
                flat?.write(bits)
                return
            }
            switch size {
            case 1: cx.write(UInt8(truncatingIfNeeded: bits), at: offset)
            case 2: cx.write(UInt16(truncatingIfNeeded: bits), at: offset)
            case 4: cx.write(UInt32(truncatingIfNeeded: bits), at: offset)
            default: cx.write(bits, at: offset)
            }
        }

        @inline(__always)
        mutating func pointer(_ pointer: UInt64, _ cx: CanonicalContext) {
            if flat != nil {
                flat?.write(pointer)
                return
            }
            cx.writePointer(pointer, at: offset)
            offset += cx.pointerSize
        }
    }

    /// Brings the source's view of memory up to date after the destination's guest ran: they may be one instance.
    @inline(__always)
    static func resynchronize(_ source: inout CanonicalContext, _ destination: CanonicalContext) {
        if source.environment.instanceIdentity == destination.environment.instanceIdentity {
            source.environment.refreshMemory()
            source.reload()
        }
    }

    /// Moves one value; in memory its form at either end is `layout`'s, at the offset of `input` and `output`.
    package static func move(
        _ layout: ValueLayout, _ source: inout CanonicalContext, _ input: inout Input,
        to target: ValueLayout, _ destination: inout CanonicalContext, _ output: inout Output
    ) throws(ABIError) {
        switch (layout.kind, target.kind) {
        case (.scalar(.bool), .scalar(.bool)):
            let bits = input.bits(source, size: 1) & 0xffff_ffff
            output.put(bits == 0 ? 0 : 1, destination, size: 1)
        case (.scalar(.s8), .scalar(.s8)):
            output.put(Int8.Codec.relowered(input.bits(source, size: 1)), destination, size: 1)
        case (.scalar(.u8), .scalar(.u8)): output.put(input.bits(source, size: 1) & 0xff, destination, size: 1)
        case (.scalar(.s16), .scalar(.s16)):
            output.put(Int16.Codec.relowered(input.bits(source, size: 2)), destination, size: 2)
        case (.scalar(.u16), .scalar(.u16)): output.put(input.bits(source, size: 2) & 0xffff, destination, size: 2)
        case (.scalar(.s32), .scalar(.s32)), (.scalar(.u32), .scalar(.u32)):
            output.put(input.bits(source, size: 4) & 0xffff_ffff, destination, size: 4)
        case (.scalar(.s64), .scalar(.s64)), (.scalar(.u64), .scalar(.u64)):
            output.put(input.bits(source, size: 8), destination, size: 8)
        case (.scalar(.f32), .scalar(.f32)):
            output.put(FloatCodec.relowered(input.bits(source, size: 4)), destination, size: 4)
        case (.scalar(.f64), .scalar(.f64)):
            output.put(DoubleCodec.relowered(input.bits(source, size: 8)), destination, size: 8)
        case (.scalar(.char), .scalar(.char)):
            let value = UInt32(truncatingIfNeeded: input.bits(source, size: 4))
            guard Unicode.Scalar(value) != nil else { throw .invalidChar(value) }
            output.put(UInt64(value), destination, size: 4)
        case (.string, .string):
            let pointer = input.pointer(source)
            let placed = try string(
                pointer: pointer, taggedLength: input.pointer(source), from: &source, to: &destination)
            output.pointer(placed.pointer, destination)
            output.pointer(placed.length, destination)
        case (.list(let element), .list(let other)), (.map(let element, _, _), .map(let other, _, _)):
            let pointer = input.pointer(source)
            let count = input.pointer(source)
            let placed = try list(
                element, pointer: pointer, count: count, from: &source, as: other, to: &destination)
            output.pointer(placed, destination)
            output.pointer(count, destination)
        case (.fixedLengthList(let element, let count), .fixedLengthList(let other, let otherCount))
        where count == otherCount:
            try elements(element, count, &source, &input, to: other, &destination, &output)
        case (.record(let fields), .record(let others)) where fields.count == others.count:
            try self.fields(fields, &source, &input, to: others, &destination, &output) { .field($1) }
        case (.tuple(let fields), .tuple(let others)) where fields.count == others.count:
            try self.fields(fields, &source, &input, to: others, &destination, &output) { index, _ in .index(index) }
        case (.variant(let cases), .variant(let others)), (.enum(let cases), .enum(let others)),
            (.option(let cases), .option(let others)), (.result(let cases), .result(let others)):
            guard cases.count == others.count else { throw mismatch(layout, target) }
            try variant(
                cases, layout.flatCount, &source, &input, to: others, target.flatCount, &destination, &output)
        case (.flags(let labels), .flags(let others)) where labels.count == others.count:
            let size = StaticLayout.flagsSize(labels.count)
            let bits = input.bits(source, size: size) & UInt64(StaticLayout.flagsMask(labels.count))
            output.put(bits, destination, size: size)
        case (.own, .own), (.borrow, .borrow), (.object, .object):
            let index = UInt32(truncatingIfNeeded: input.bits(source, size: 4))
            let moved = try handle(layout, index, &source, to: target, &destination)
            output.put(UInt64(moved), destination, size: 4)
        default: throw mismatch(layout, target)
        }
    }

    private static func mismatch(_ layout: ValueLayout, _ target: ValueLayout) -> ABIError {
        .expected(target.kindName, found: layout.kindName)
    }

    private static func handle(
        _ layout: ValueLayout, _ index: UInt32, _ source: inout CanonicalContext, to target: ValueLayout,
        _ destination: inout CanonicalContext
    ) throws(ABIError) -> UInt32 {
        switch (layout.kind, target.kind) {
        case (.own(let id), .own(let other)):
            let rep = try source.liftOwn(index, try source.environment.resourceType(id))
            return try destination.lowerOwn(rep, try destination.environment.resourceType(other))
        case (.borrow(let id), .borrow(let other)):
            let rep = try source.liftBorrow(index, try source.environment.resourceType(id))
            return try destination.lowerBorrow(rep, try destination.environment.resourceType(other))
        default:
            let object = try source.environment.liftObject(index, type: layout.type)
            return try destination.environment.lowerObject(object, type: target.type)
        }
    }

    private static func fields(
        _ fields: [ValueLayout.Field], _ source: inout CanonicalContext, _ input: inout Input,
        to others: [ValueLayout.Field], _ destination: inout CanonicalContext, _ output: inout Output,
        _ element: (Int, String) -> ABIError.PathElement
    ) throws(ABIError) {
        let from = input.offset
        let to = output.offset
        for index in fields.indices {
            input.offset = from + fields[index].offset(source.is64)
            output.offset = to + others[index].offset(destination.is64)
            do throws(ABIError) {
                try move(
                    fields[index].layout, &source, &input, to: others[index].layout, &destination, &output)
            } catch {
                throw error.within(element(index, fields[index].name))
            }
        }
    }

    private static func variant(
        _ cases: ValueLayout.Cases, _ flatCount: Int, _ source: inout CanonicalContext, _ input: inout Input,
        to others: ValueLayout.Cases, _ otherFlatCount: Int, _ destination: inout CanonicalContext,
        _ output: inout Output
    ) throws(ABIError) {
        let size = StaticLayout.discriminantSize(cases.count)
        let from = input.offset
        let to = output.offset
        let end = input.flat.map { $0.position + flatCount * FlatReader.stride }
        let index = try source.checkDiscriminant(
            UInt32(truncatingIfNeeded: input.bits(source, size: size)), count: cases.count)
        output.put(UInt64(index), destination, size: size)
        var used = 0
        if let payload = cases.payloads[index] {
            guard let other = others.payloads[index] else { throw .expected("no payload", found: payload.kindName) }
            used = other.flatCount
            input.offset = from + cases.payloadOffset(source.is64)
            output.offset = to + others.payloadOffset(destination.is64)
            do throws(ABIError) {
                try move(payload, &source, &input, to: other, &destination, &output)
            } catch {
                throw error.within(.case(cases.names[index]))
            }
        }
        if let end { input.flat = FlatReader(end) }
        if output.flat != nil { output.flat?.zeros(otherFlatCount - 1 - used) }
    }

    // MARK: Lists

    /// Moves `count` elements that lie in a row, at offsets that were checked.
    package static func elements(
        _ element: ValueLayout, _ count: Int, from offset: Int, _ source: inout CanonicalContext,
        to other: ValueLayout, at target: Int, _ destination: inout CanonicalContext
    ) throws(ABIError) {
        let stride = element.size(source.is64)
        try source.charge(count * max(1, stride))
        if element.isPlainBits, other.isPlainBits, stride == other.size(destination.is64) {
            return copy(offset, source, target, destination, count * stride)
        }
        var input = Input(offset: offset)
        var output = Output(offset: target)
        try elements(element, count, &source, &input, to: other, &destination, &output)
    }

    private static func elements(
        _ element: ValueLayout, _ count: Int, _ source: inout CanonicalContext, _ input: inout Input,
        to other: ValueLayout, _ destination: inout CanonicalContext, _ output: inout Output
    ) throws(ABIError) {
        let from = input.offset
        let to = output.offset
        let stride = element.size(source.is64)
        let otherStride = other.size(destination.is64)
        for index in 0..<count {
            input.offset = from + index * stride
            output.offset = to + index * otherStride
            do throws(ABIError) {
                try move(element, &source, &input, to: other, &destination, &output)
            } catch {
                throw error.within(.index(index))
            }
        }
    }

    private static func list(
        _ element: ValueLayout, pointer: UInt64, count: UInt64, from source: inout CanonicalContext,
        as other: ValueLayout, to destination: inout CanonicalContext
    ) throws(ABIError) -> UInt64 {
        let stride = element.size(source.is64)
        let offset = try source.checkList(
            pointer, count: count, stride: stride, alignment: element.alignment(source.is64))
        let count = Int(truncatingIfNeeded: count)
        try source.charge(count * max(1, stride))
        // At most 2^28 elements of a size below 2^41: no overflow.
        let size = count * other.size(destination.is64)
        let placed = try destination.allocate(alignment: other.alignment(destination.is64), size: size)
        resynchronize(&source, destination)
        let target = Int(truncatingIfNeeded: placed)
        if element.isPlainBits, other.isPlainBits, stride == other.size(destination.is64) {
            copy(offset, source, target, destination, size)
            return placed
        }
        switch element.kind {
        case .scalar(.f32):
            copy(offset, source, target, destination, size)
            canonicalize(FloatCodec.self, target, count, destination)
        case .scalar(.f64):
            copy(offset, source, target, destination, size)
            canonicalize(DoubleCodec.self, target, count, destination)
        default:
            var input = Input(offset: offset)
            var output = Output(offset: target)
            try elements(element, count, &source, &input, to: other, &destination, &output)
        }
        return placed
    }

    private static func copy(
        _ offset: Int, _ source: CanonicalContext, _ target: Int, _ destination: CanonicalContext,
        _ size: Int
    ) {
        (destination.memory.base + target).copyMemory(from: source.memory.base + offset, byteCount: size)
    }

    private static func canonicalize<Number: NumberCodec>(
        _ codec: Number.Type, _ offset: Int, _ count: Int, _ cx: CanonicalContext
    ) {
        let stride = MemoryLayout<Number.Value>.stride
        for index in 0..<count {
            let place = offset + index * stride
            cx.write(Number.canonical(cx.read(place, as: Number.Value.self)), at: place)
        }
    }
}
