// SPDX-License-Identifier: Apache-2.0

import DovetailBinary

/// A core module that turns one state of another module into a later one when it is instantiated: what has changed, and code that
/// puts it where it belongs.
///
/// Memory is compared in words of eight bytes. What differs is a stream of records: how many words are the same, how many are
/// not, how many become zero behind those, each in two bytes, and those that are not the same. One loop reads it, from a part of memory that nobody uses: tens of thousands of segments
/// would take longer, and more room.
struct StatePatch {
    private static let word = 8
    /// As many bytes of records at once.
    private static let chunk = 1 << 20

    /// The module that changes `base` to `state`, both of them of `module`, whose exports it imports from `env`.
    ///
    /// - Parameters:
    ///   - names: the names under which the module exports its memory, and its globals; `nil` for what it does not.
    ///   - unused: how many bytes at the beginning of the memory nobody reads.
    /// - Returns: `nil` when there is no way from one to the other.
    static func module(
        from base: ModuleSnapshot.State, to state: ModuleSnapshot.State, memory name: String,
        globals: [(name: String?, type: CoreValueType)], unused: Int
    ) -> [UInt8]? {
        guard let old = base.memories.first, let new = state.memories.first, base.memories.count == 1,
            new.pages >= old.pages, base.globals.count == state.globals.count, globals.count == state.globals.count
        else { return nil }
        let records = records(from: old.bytes, to: new.bytes, after: unused)
        let largest = records.map(\.count).max() ?? 0
        guard largest <= unused else { return nil }
        var module = CoreModuleBinary()
        module.imports.append(
            CoreModuleImport(
                module: "env", name: name, type: .memory(CoreMemoryType(limits: CoreLimits(minimum: 0)))))
        var start = CoreCodeBuilder()
        if new.pages > old.pages {
            start.i32(Int32(truncatingIfNeeded: new.pages - old.pages))
            start.instruction(grow, 0)
            start.i32(-1)
            start.instruction(isEqual)
            start.ifThen { $0.unreachable() }
        }
        var count: UInt32 = 0
        for (position, global) in globals.enumerated() where base.globals[position] != state.globals[position] {
            guard let name = global.name else { return nil }
            module.imports.append(
                CoreModuleImport(
                    module: "env", name: name, type: .global(CoreGlobalType(type: global.type, isMutable: true))))
            start.constant(CoreConstant(global.type, bits: state.globals[position]))
            start.globalSet(count)
            count += 1
        }
        let apply = module.typeIndex(CoreFunctionType(parameters: [.i32], results: []))
        let plain = module.typeIndex(CoreFunctionType(parameters: [], results: []))
        for (index, bytes) in records.enumerated() {
            start.i32(0)
            start.i32(0)
            start.i32(Int32(truncatingIfNeeded: bytes.count))
            start.instruction(prefix, memoryInit, UInt32(index), 0)
            start.i32(Int32(truncatingIfNeeded: bytes.count))
            start.call(0)
            module.data.append(CoreDataSegment(mode: .passive, bytes: bytes[...]))
        }
        if largest > 0 {
            start.i32(0)
            start.i32(0)
            start.i32(Int32(truncatingIfNeeded: largest))
            start.instruction(prefix, memoryFill, 0)
        }
        module.countsDataSegments = true
        module.functions = [
            CoreFunctionDefinition(type: apply, body: reader()),
            CoreFunctionDefinition(type: plain, body: start.finished()),
        ]
        module.start = 1
        return module.encoded()
    }

    // MARK: - Records

    /// Reads records from address 0 on, where the first address that they speak of stands, up to the one that is given.
    private static func reader() -> ArraySlice<UInt8> {
        let (end, source, target, count, zeros): (UInt32, UInt32, UInt32, UInt32, UInt32) = (0, 1, 2, 3, 4)
        var code = CoreCodeBuilder(locals: [(4, .i32)])
        func advance(_ local: UInt32, by bytes: Int32) {
            code.localGet(local)
            code.i32(bytes)
            code.instruction(add)
            code.localSet(local)
        }
        code.i32(0)
        code.instruction(load32, 2, 0)
        code.localSet(target)
        code.i32(4)
        code.localSet(source)
        code.instruction(block, nothing)
        code.instruction(loop, nothing)
        // No more records.
        code.localGet(source)
        code.localGet(end)
        code.instruction(isNotLess)
        code.instruction(branchIf, 1)
        // Words that are the same.
        code.localGet(target)
        code.localGet(source)
        code.instruction(load16, 1, 0)
        code.i32(Int32(word))
        code.instruction(multiply)
        code.instruction(add)
        code.localSet(target)
        // Words that are not.
        code.localGet(source)
        code.instruction(load16, 1, 2)
        code.localSet(count)
        code.localGet(source)
        code.instruction(load16, 1, 4)
        code.i32(Int32(word))
        code.instruction(multiply)
        code.localSet(zeros)
        advance(source, by: 6)
        code.instruction(block, nothing)
        code.instruction(loop, nothing)
        code.localGet(count)
        code.instruction(isZero)
        code.instruction(branchIf, 1)
        code.localGet(target)
        code.localGet(source)
        code.instruction(load64, 0, 0)
        code.instruction(store64, 3, 0)
        advance(target, by: Int32(word))
        advance(source, by: Int32(word))
        advance(count, by: -1)
        code.instruction(branch, 0)
        code.instruction(blockEnd)
        code.instruction(blockEnd)
        // Words that become zero.
        code.localGet(zeros)
        code.ifThen { code in
            code.localGet(target)
            code.i32(0)
            code.localGet(zeros)
            code.instruction(prefix, memoryFill, 0)
        }
        code.localGet(target)
        code.localGet(zeros)
        code.instruction(add)
        code.localSet(target)
        code.instruction(branch, 0)
        code.instruction(blockEnd)
        code.instruction(blockEnd)
        return code.finished()
    }

    /// What differs from the word `unused` on, in parts each of which begins with the address that it counts from.
    private static func records(from old: [UInt8], to new: [UInt8], after unused: Int) -> [[UInt8]] {
        new.withUnsafeBytes { new in
            old.withUnsafeBytes { old in
                func differs(_ index: Int) -> Bool {
                    let place = index * word
                    let found = new.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                    guard place + word <= old.count else { return found != 0 }
                    return found != old.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                }
                // Memories have whole pages.
                let count = new.count / word
                func isZero(_ index: Int) -> Bool {
                    index < count && new.loadUnaligned(fromByteOffset: index * word, as: UInt64.self) == 0
                }
                var parts: [[UInt8]] = []
                var part: [UInt8] = []
                var position = (unused + word - 1) / word
                /// The end of the last record.
                var last = position
                func add(_ number: Int, _ bytes: Int) {
                    for shift in 0..<bytes { part.append(UInt8(truncatingIfNeeded: number >> (8 * shift))) }
                }
                while position < count {
                    guard differs(position) else {
                        position += 1
                        continue
                    }
                    let start = position
                    // A single zero costs less among the others than behind them.
                    while position < count, position - start < limit, differs(position),
                        !isZero(position) || !isZero(position + 1)
                    { position += 1 }
                    let end = position
                    while position < count, position - end < limit, differs(position), isZero(position) {
                        position += 1
                    }
                    if part.count + (end - start) * word > chunk {
                        parts.append(part)
                        part = []
                    }
                    if part.isEmpty {
                        add(start * word, 4)
                        last = start
                    }
                    while start - last > limit {
                        add(limit, 2)
                        add(0, 4)
                        last += limit
                    }
                    add(start - last, 2)
                    add(end - start, 2)
                    add(position - end, 2)
                    part += new[start * word..<end * word]
                    last = position
                }
                return part.isEmpty ? parts : parts + [part]
            }
        }
    }

    /// The most words that a record counts of one kind.
    private static let limit = 65_535
}

// The instructions that the code above is made of. (WebAssembly 3.0, "Instructions")
private let block: UInt8 = 0x02
private let loop: UInt8 = 0x03
private let blockEnd: UInt8 = 0x0b
private let branch: UInt8 = 0x0c
private let branchIf: UInt8 = 0x0d
private let load32: UInt8 = 0x28
private let load64: UInt8 = 0x29
private let load16: UInt8 = 0x2f
private let store64: UInt8 = 0x37
private let grow: UInt8 = 0x40
private let isZero: UInt8 = 0x45
private let isEqual: UInt8 = 0x46
private let isNotLess: UInt8 = 0x4f
private let add: UInt8 = 0x6a
private let multiply: UInt8 = 0x6c
private let prefix: UInt8 = 0xfc
private let memoryInit: UInt32 = 8
private let memoryFill: UInt32 = 11
private let nothing: UInt32 = 0x40
