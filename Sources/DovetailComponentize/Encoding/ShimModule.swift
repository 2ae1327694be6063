// SPDX-License-Identifier: Apache-2.0

import DovetailBinary

/// The core module that gives other modules functions before these exist, and what else they want to import.
struct ShimModule {
    static let table = "$imports"
    static let memory = "$memory"
    static let readThreadLocalBase = "$get-tls-base"
    static let writeThreadLocalBase = "$set-tls-base"

    /// The bytes of the module for `list`.
    static func encoded(_ list: ShimList, usesReferences: Bool, producers: ProducersSection?) -> [UInt8] {
        var module = CoreModuleBinary()
        var types = CoreFunctionTypes()
        if usesReferences {
            addReferences(list, to: &module, &types)
        } else if !list.shims.isEmpty {
            addTable(list, to: &module, &types)
        }
        if let memory = list.memory {
            module.memories.append(memory)
            module.exports.append(CoreModuleExport(name: Self.memory, item: CoreSortIndex(sort: .memory, index: 0)))
        }
        if let type = list.threadLocalBase { addThreadLocalBase(type, to: &module, &types) }
        if let producers {
            module.customSections.append(
                CoreCustomSection(name: ProducersSection.name, payload: producers.encoded()[...]))
        }
        return module.encoded()
    }

    private static func addTable(
        _ list: ShimList, to module: inout CoreModuleBinary, _ types: inout CoreFunctionTypes
    ) {
        let count = UInt64(list.shims.count)
        module.tables.append(CoreTableDefinition(type: tableType(count)))
        for (position, shim) in list.shims.enumerated() {
            let type = types.index(of: shim.type, in: &module)
            var code = CoreCodeBuilder()
            code.localsGet(shim.type.parameters.count)
            code.i32(Int32(truncatingIfNeeded: position))
            code.callIndirect(type: type, table: 0)
            export(position, type, code, &module)
        }
        module.exports.append(CoreModuleExport(name: table, item: CoreSortIndex(sort: .table, index: 0)))
    }

    /// The type of the table with `count` functions.
    static func tableType(_ count: UInt64) -> CoreTableType {
        CoreTableType(
            element: CoreReferenceType(isNullable: true, heapType: .abstract(.function, isShared: false)),
            limits: CoreLimits(minimum: count, maximum: count))
    }

    /// The type of the global that holds a function.
    static func globalType(_ type: UInt32) -> CoreGlobalType {
        CoreGlobalType(
            type: .reference(CoreReferenceType(isNullable: false, heapType: .concrete(type))), isMutable: true)
    }

    private static func addReferences(
        _ list: ShimList, to module: inout CoreModuleBinary, _ types: inout CoreFunctionTypes
    ) {
        // What is called before the fixup module has run traps.
        var stubs: [UInt32: UInt32] = [:]
        for (position, shim) in list.shims.enumerated() {
            let type = types.index(of: shim.type, in: &module)
            if stubs[type] == nil {
                var code = CoreCodeBuilder()
                code.unreachable()
                stubs[type] = UInt32(module.functions.count)
                module.functions.append(CoreFunctionDefinition(type: type, body: code.finished()))
            }
            let global = UInt32(module.globals.count)
            module.globals.append(
                CoreGlobalDefinition(
                    type: globalType(type),
                    initializer: CoreCodeBuilder.expression { $0.functionReference(stubs[type] ?? 0) }))
            module.exports.append(
                CoreModuleExport(name: "g\(position)", item: CoreSortIndex(sort: .global, index: global)))
            var code = CoreCodeBuilder()
            code.localsGet(shim.type.parameters.count)
            code.globalGet(global)
            code.instruction(0x15, type)
            export(position, type, code, &module)
        }
    }

    private static func export(
        _ position: Int, _ type: UInt32, _ code: CoreCodeBuilder, _ module: inout CoreModuleBinary
    ) {
        let index = UInt32(module.functions.count)
        module.functions.append(CoreFunctionDefinition(type: type, body: code.finished()))
        module.exports.append(
            CoreModuleExport(name: "\(position)", item: CoreSortIndex(sort: .function, index: index)))
    }

    private static func addThreadLocalBase(
        _ type: CoreValueType, to module: inout CoreModuleBinary, _ types: inout CoreFunctionTypes
    ) {
        let global = UInt32(module.globals.count)
        module.globals.append(
            CoreGlobalDefinition(
                type: CoreGlobalType(type: type, isMutable: true),
                initializer: CoreCodeBuilder.expression { if type == .i64 { $0.i64(0) } else { $0.i32(0) } }))
        var read = CoreCodeBuilder()
        read.globalGet(global)
        var write = CoreCodeBuilder()
        write.localGet(0)
        write.globalSet(global)
        for (name, functionType, code) in [
            (readThreadLocalBase, CoreFunctionType(parameters: [], results: [type]), read),
            (writeThreadLocalBase, CoreFunctionType(parameters: [type], results: []), write),
        ] {
            let typeIndex = types.index(of: functionType, in: &module)
            let index = UInt32(module.functions.count)
            module.functions.append(CoreFunctionDefinition(type: typeIndex, body: code.finished()))
            module.exports.append(CoreModuleExport(name: name, item: CoreSortIndex(sort: .function, index: index)))
        }
    }
}
