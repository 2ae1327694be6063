// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

/// The code of a function that is made up: locals, then instructions one after the other.
package struct CoreCodeBuilder: Sendable {
    private var writer = ByteWriter()

    /// Begins with groups of locals.
    package init(locals: [(count: UInt32, type: CoreValueType)] = []) {
        writer.vector(locals) {
            $0.u32($1.count)
            $0.coreValueType($1.type)
        }
    }

    /// Begins a constant expression, which has no locals.
    init(expression: Void) {}

    /// What was written so far.
    var bytes: [UInt8] { writer.bytes }

    /// An instruction with unsigned immediates: indices, labels.
    package mutating func instruction(_ code: UInt8, _ immediates: UInt32...) {
        writer.byte(code)
        for immediate in immediates { writer.u32(immediate) }
    }

    /// `i32.const`
    package mutating func i32(_ value: Int32) {
        writer.byte(0x41)
        writer.signed(Int64(value))
    }

    /// `i64.const`
    package mutating func i64(_ value: Int64) {
        writer.byte(0x42)
        writer.signed(value)
    }

    /// `f32.const`
    package mutating func f32(bits: UInt32) {
        writer.byte(0x43)
        for shift in [0, 8, 16, 24] as [UInt32] { writer.byte(UInt8(truncatingIfNeeded: bits >> shift)) }
    }

    /// `f64.const`
    package mutating func f64(bits: UInt64) {
        writer.byte(0x44)
        for shift in stride(from: UInt64(0), to: 64, by: 8) { writer.byte(UInt8(truncatingIfNeeded: bits >> shift)) }
    }

    /// `call`
    package mutating func call(_ function: UInt32) { instruction(0x10, function) }
    /// `call_indirect`
    package mutating func callIndirect(type: UInt32, table: UInt32) { instruction(0x11, type, table) }
    /// `local.get`
    package mutating func localGet(_ local: UInt32) { instruction(0x20, local) }
    /// `local.set`
    package mutating func localSet(_ local: UInt32) { instruction(0x21, local) }
    /// `local.tee`
    package mutating func localTee(_ local: UInt32) { instruction(0x22, local) }
    /// `global.get`
    package mutating func globalGet(_ global: UInt32) { instruction(0x23, global) }
    /// `global.set`
    package mutating func globalSet(_ global: UInt32) { instruction(0x24, global) }
    /// `ref.func`
    package mutating func functionReference(_ function: UInt32) { instruction(0xd2, function) }

    /// `local.get` of the first `count` locals, the parameters.
    package mutating func localsGet(_ count: Int) {
        for index in 0..<UInt32(count) { localGet(index) }
    }

    /// `if` without a result, around what `body` adds.
    package mutating func ifThen(_ body: (inout CoreCodeBuilder) -> Void) {
        writer.raw([0x04, 0x40])
        body(&self)
        writer.byte(0x0b)
    }

    /// `br_table` to the labels 0 to `count` - 1, and `count` for all other numbers.
    package mutating func branchTable(_ count: UInt32) {
        writer.byte(0x0e)
        writer.u32(count)
        for label in 0..<count { writer.u32(label) }
        writer.u32(count)
    }

    /// `unreachable`
    package mutating func unreachable() { writer.byte(0x00) }

    /// The bytes of the body, with its `end`.
    package func finished() -> ArraySlice<UInt8> {
        var whole = writer
        whole.byte(0x0b)
        return whole.bytes[...]
    }

    /// A constant expression with the instructions that `body` adds.
    package static func expression(_ body: (inout CoreCodeBuilder) -> Void) -> ArraySlice<UInt8> {
        var builder = CoreCodeBuilder(expression: ())
        body(&builder)
        return builder.finished()
    }
}

extension CoreCodeBuilder {
    /// `body` with `prefix` in front of its first instruction.
    ///
    /// - Throws: a ``BinaryError`` when the locals cannot be read.
    package static func prepending(
        _ prefix: (inout CoreCodeBuilder) -> Void, to body: ArraySlice<UInt8>
    ) throws(BinaryError) -> ArraySlice<UInt8> {
        let result = body.withUnsafeBytes { bytes -> Result<Int, BinaryError> in
            do throws(BinaryError) {
                return .success(try CoreInstructionReader(body: 0..<bytes.count, of: bytes).offset)
            } catch {
                return .failure(error)
            }
        }
        let start = body.startIndex + (try result.get())
        var builder = CoreCodeBuilder(expression: ())
        prefix(&builder)
        return (body[..<start] + builder.writer.bytes + body[start...])[...]
    }
}

extension CoreModuleBinary {
    /// The index of a function type, which is added when there is none. Where many are asked for, ``CoreFunctionTypes`` is
    /// quicker.
    package mutating func typeIndex(_ type: CoreFunctionType) -> UInt32 {
        var known = CoreFunctionTypes(self)
        return known.index(of: type, in: &self)
    }
}

/// The function types of a module that is being made, each of which is written once.
package struct CoreFunctionTypes: Sendable {
    private var indices: [CoreFunctionType: UInt32] = [:]
    private var count: UInt32 = 0

    /// Knows the types of `module`; from now on types are added to it here alone.
    package init(_ module: CoreModuleBinary = CoreModuleBinary()) {
        for group in module.types {
            if group.count == 1, case .function(let type) = group[0].composite,
                group[0] == CoreSubtype(composite: .function(type)), indices[type] == nil
            {
                indices[type] = count
            }
            count += UInt32(group.count)
        }
    }

    /// The index of `type`, which is added to `module` when it is new.
    package mutating func index(of type: CoreFunctionType, in module: inout CoreModuleBinary) -> UInt32 {
        if let known = indices[type] { return known }
        module.types.append([CoreSubtype(composite: .function(type))])
        indices[type] = count
        count += 1
        return count - 1
    }
}
