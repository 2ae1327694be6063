// SPDX-License-Identifier: Apache-2.0

package import DovetailBinary

/// A core module whose state can be read from an instance of it, and written back as its first state.
package struct ModuleSnapshot: Sendable {
    /// A mutable global.
    package struct Global: Sendable {
        /// The name under which ``instrumented`` exports it.
        package var export: String
        /// The type of its value.
        package var type: CoreValueType
        fileprivate var position: Int
    }

    /// A memory.
    package struct Memory: Sendable {
        /// The name under which ``instrumented`` exports it.
        package var export: String
        fileprivate var position: Int
    }

    /// What an instance of the module was like.
    package struct State: Sendable {
        /// The bits of the globals' values, in the order of ``ModuleSnapshot/globals``.
        package var globals: [UInt64] = []
        /// The size and the content of the memories, in the order of ``ModuleSnapshot/memories``.
        package var memories: [(pages: UInt64, bytes: [UInt8])] = []

        /// Makes the state of a module without any.
        package init() {}

        /// Makes ranges of the first memory zero; they count from `start`.
        package mutating func clear(_ ranges: [Range<Int>], from start: UInt64) {
            guard !memories.isEmpty else { return }
            for range in ranges {
                let place = (range.lowerBound + Int(start))..<(range.upperBound + Int(start))
                for index in place.clamped(to: memories[0].bytes.indices) { memories[0].bytes[index] = 0 }
            }
        }
    }

    /// The globals that may have changed.
    package private(set) var globals: [Global] = []
    /// The memories of the module.
    package private(set) var memories: [Memory] = []
    /// The bytes of the module with ``globals`` and ``memories`` exported: those that came in when it has none.
    package let instrumented: [UInt8]
    private var module: CoreModuleBinary
    /// The position in ``globals`` of the pointer to the stack, in a main module of linked libraries: there the stack is what comes
    /// first in memory, and what is below the pointer is of functions that have returned.
    private var stackPointer: Int?

    /// Reads a module.
    ///
    /// - Throws: a ``ComponentizeError`` when it is no core module, or has state that cannot be written back: globals that hold
    ///   references or vectors, shared memories, tables that it changes while it runs.
    package init(_ bytes: [UInt8]) throws(ComponentizeError) {
        let tableChange: String?
        do throws(BinaryError) {
            module = try CoreModuleBinary.decode(bytes)
            tableChange = try Self.tableChange(module)
        } catch {
            throw .binary(error)
        }
        if let tableChange { throw .changesTables(tableChange) }
        var changed = module
        let known = Set(module.exports.map(\.name))
        var number = 0
        func export(_ sort: CoreSort, _ index: Int) -> String {
            var name: String
            repeat {
                name = "dovetail:\(sort):\(number)"
                number += 1
            } while known.contains(name)
            changed.exports.append(
                CoreModuleExport(name: name, item: CoreSortIndex(sort: sort, index: UInt32(index))))
            return name
        }
        let importedGlobals = module.importCount(.global)
        for (position, global) in module.globals.enumerated() where global.type.isMutable {
            switch global.type.type {
            case .i32, .i64, .f32, .f64: break
            case .v128, .reference:
                throw .unsupported("a snapshot of a mutable global of type `\(global.type.type)`")
            }
            let name = export(.global, importedGlobals + position)
            globals.append(Global(export: name, type: global.type.type, position: position))
        }
        let importedMemories = module.importCount(.memory)
        for (position, memory) in module.memories.enumerated() {
            guard !memory.limits.isShared, memory.pageSizeLog2 ?? 16 == 16 else {
                throw .unsupported("a snapshot of a memory that is shared or has pages of another size")
            }
            memories.append(Memory(export: export(.memory, importedMemories + position), position: position))
        }
        instrumented = number == 0 ? bytes : changed.encoded()
        if let export = module.export(named: "__stack_pointer"), export.item.sort == .global,
            module.exports.contains(where: { $0.name.hasSuffix(":memory_base") })
        {
            stackPointer = globals.firstIndex { importedGlobals + $0.position == Int(export.item.index) }
        }
    }

    /// The first instruction that changes a table.
    private static func tableChange(_ module: CoreModuleBinary) throws(BinaryError) -> String? {
        for function in module.functions {
            let found = try CoreCode.firstInstruction(inBody: function.body) { $0.tableInstruction != nil }
            if let found { return found.tableInstruction }
        }
        return nil
    }

    // MARK: - Writing back

    /// Takes the code of functions away, by their positions among those that the module defines.
    package mutating func omit(_ functions: [Range<Int>]) {
        for range in functions {
            for index in range.clamped(to: module.functions.indices) { module.functions[index].body = Self.trap }
        }
    }

    /// Takes custom sections away, by name.
    package mutating func removeCustomSections(where isRemoved: (String) -> Bool) {
        module.customSections.removeAll { isRemoved($0.name) }
    }

    /// The bits of a constant global that the module defines and exports.
    package func constant(exportedAs name: String) -> UInt64? {
        guard let export = module.export(named: name), export.item.sort == .global else { return nil }
        let position = Int(export.item.index) - module.importCount(.global)
        guard module.globals.indices.contains(position), !module.globals[position].type.isMutable else { return nil }
        return CoreConstant(module.globals[position].initializer)?.bits
    }

    /// Whether others can import anything from the module.
    package var hasExports: Bool { !module.exports.isEmpty }

    /// What of the module is still needed when it does not start again, beginning with the exports that `isUsed` picks.
    ///
    /// - Throws: a ``ComponentizeError`` when code cannot be read.
    package func reachable(_ isUsed: (String) -> Bool) throws(ComponentizeError) -> Reachable {
        var module = module
        module.start = nil
        let reachability: CoreReachability
        do throws(BinaryError) {
            reachability = try CoreReachability(module, roots: isUsed, includingSegments: true)
        } catch {
            throw .binary(error)
        }
        var counts: [CoreSort: UInt32] = [:]
        var imports: [Bool] = []
        for item in module.imports {
            let index = counts[item.type.sort, default: 0]
            counts[item.type.sort] = index + 1
            // What is no function is not worth asking for: it has no code.
            imports.append(item.type.sort != .function || reachability.uses(.function, index))
        }
        let first = counts[.function] ?? 0
        let functions = module.functions.indices.map { reachability.uses(.function, first + UInt32($0)) }
        return Reachable(imports: imports, functions: functions)
    }

    /// What of a module is needed.
    package struct Reachable: Sendable {
        /// Whether each import is.
        package var imports: [Bool]
        fileprivate var functions: [Bool]
    }

    /// The module whose instances begin with `state`: it has no start function, and of the functions only those in
    /// `reachable`; others trap. Without that it has all.
    ///
    /// - Parameter keepsData: whether it still writes what it writes to memories that it imports.
    package func restored(
        _ state: State, keeping reachable: Reachable? = nil, keepsData: Bool = false
    ) -> CoreModuleBinary {
        var module = module
        module.start = nil
        for (global, bits) in zip(globals, state.globals) {
            module.globals[global.position].initializer = CoreConstant(global.type, bits: bits).expression
        }
        if !keepsData { removeActiveData(&module) }
        let imported = module.importCount(.memory)
        for (memory, found) in zip(memories, state.memories) {
            module.memories[memory.position].limits.minimum = found.pages
            let is64 = module.memories[memory.position].limits.is64
            for range in MemoryRanges.nonzero(found.bytes, from: memory.position == 0 ? deadStack(state) : 0) {
                let offset = CoreConstant(is64 ? .i64 : .i32, bits: UInt64(range.lowerBound))
                module.data.append(
                    CoreDataSegment(
                        mode: .active(memory: UInt32(imported + memory.position), offset: offset.expression),
                        bytes: found.bytes[range]))
            }
        }
        if let reachable {
            for (index, isNeeded) in reachable.functions.enumerated() where !isNeeded {
                module.functions[index].body = Self.trap
            }
        }
        return module
    }

    // MARK: - Sharing

    /// The state in which instances of this module begin, which has been written back to it.
    ///
    /// - Throws: a ``ComponentizeError`` when the module says it in another way than ``restored(_:keeping:)`` does.
    package func writtenState() throws(ComponentizeError) -> State {
        var state = State()
        for global in globals {
            guard let bits = CoreConstant(module.globals[global.position].initializer)?.bits else {
                throw .unsupported("a first value of a global that is no constant")
            }
            state.globals.append(bits)
        }
        let imported = module.importCount(.memory)
        for memory in memories {
            let pages = module.memories[memory.position].limits.minimum
            guard pages <= 1 << 16 else { throw .unsupported("a memory of more than 4 GiB") }
            var bytes = [UInt8](repeating: 0, count: Int(pages) << 16)
            for segment in module.data {
                guard case .active(let index, let offset) = segment.mode, index == UInt32(imported + memory.position),
                    let bits = CoreConstant(offset)?.bits
                else { continue }
                let start = Int(UInt32(truncatingIfNeeded: bits))
                guard bytes.count - start >= segment.bytes.count else {
                    throw .unsupported("data behind the end of memory")
                }
                bytes.replaceSubrange(start..<start + segment.bytes.count, with: segment.bytes)
            }
            state.memories.append((pages, bytes))
        }
        return state
    }

    /// The position among the imports of the address where a linked library has its data; `nil` for other modules.
    package var memoryBase: Int? {
        module.imports.firstIndex { $0.name == SharedLibrary.memoryBase && $0.type.sort == .global }
    }

    /// What the module writes into the memory that it imports when its data begins at `start`; `nil` where it does not say so simply.
    package func data(from start: UInt64) -> MemoryImage.Segments? {
        guard let memoryBase, module.importCount(.memory) == 1 else { return nil }
        let global = module.imports[..<memoryBase].count { $0.type.sort == .global }
        let base = CoreCodeBuilder.expression { $0.globalGet(UInt32(global)) }
        var segments: MemoryImage.Segments = []
        for segment in module.data where segment.mode != .passive {
            guard case .active(0, let offset) = segment.mode, let distance = Self.distance(offset, from: base) else {
                return nil
            }
            segments.append((Int(UInt32(truncatingIfNeeded: start &+ distance)), segment.bytes))
        }
        return segments
    }

    /// What the memory of `state` holds, for components with another module in the place of this one; `nil` where there is no one memory of
    /// 32 bits that is exported.
    package func memoryImage(_ state: State) -> MemoryImage? {
        guard memories.count == 1, state.memories.count == 1, let name = memoryExport else { return nil }
        return MemoryImage(state.memories[0].bytes, from: deadStack(state), name: name)
    }

    /// The name under which others know the memory, which has 32 bits.
    private var memoryExport: String? {
        guard let memory = memories.first, !module.memories[memory.position].limits.is64 else { return nil }
        return export(.memory, module.importCount(.memory) + memory.position)
    }

    private func export(_ sort: CoreSort, _ index: Int) -> String? {
        module.exports.first { $0.item == CoreSortIndex(sort: sort, index: UInt32(index)) }?.name
    }

    /// A core module that changes an instance of this one from one state to another when it is instantiated; it imports what it changes
    /// from `env`.
    ///
    /// - Returns: `nil` where that cannot be done.
    package func patch(from base: State, to state: State) -> [UInt8]? {
        guard memories.count == 1, let name = memoryExport else { return nil }
        let imported = module.importCount(.global)
        return StatePatch.module(
            from: base, to: state, memory: name,
            globals: globals.map { (export(.global, imported + $0.position), $0.type) },
            unused: min(deadStack(base), deadStack(state)))
    }

    /// The body of a function that is not needed.
    private static let trap: ArraySlice<UInt8> = {
        var code = CoreCodeBuilder()
        code.unreachable()
        return code.finished()
    }()

    /// How many bytes at the beginning of the memory nobody reads any more.
    private func deadStack(_ state: State) -> Int {
        guard let stackPointer, stackPointer < state.globals.count else { return 0 }
        return Int(truncatingIfNeeded: state.globals[stackPointer])
    }

    /// Memories are written back whole. Code may name segments: then those that are left out are empty ones.
    private func removeActiveData(_ module: inout CoreModuleBinary) {
        let hasPassive = module.data.contains { $0.mode == .passive }
        guard hasPassive || module.countsDataSegments else {
            module.data = []
            return
        }
        for index in module.data.indices where module.data[index].mode != .passive {
            module.data[index] = CoreDataSegment(mode: .passive, bytes: [])
        }
    }

    /// What an expression adds to another; `nil` when it is no such sum.
    private static func distance(_ expression: ArraySlice<UInt8>, from base: ArraySlice<UInt8>) -> UInt64? {
        if expression == base { return 0 }
        let (start, end) = (base.dropLast(), expression.suffix(2))
        // `i32.add`
        guard expression.starts(with: start), end.elementsEqual([0x6a, 0x0b]) else { return nil }
        return CoreConstant(ArraySlice(expression.dropFirst(start.count).dropLast(2) + [0x0b]))?.bits
    }
}

extension CoreInstruction {
    /// The name of an instruction that changes a table.
    fileprivate var tableInstruction: String? {
        switch (opcode.prefix, opcode.code) {
        case (0, 0x26): "table.set"
        case (0xfc, 12): "table.init"
        case (0xfc, 14): "table.copy"
        case (0xfc, 15): "table.grow"
        case (0xfc, 17): "table.fill"
        default: nil
        }
    }
}
