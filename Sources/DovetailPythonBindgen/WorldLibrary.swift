// SPDX-License-Identifier: Apache-2.0
import DovetailBinary
import DovetailBindgen
import DovetailTypes
import DovetailWITReader

/// The shared library of a world for components in Python: core functions for its imports and exports that pass everything to
/// the runtime as it is, and the table that tells the runtime what it is.
struct WorldLibrary {
    private let guest: PythonGuest
    private var table: PythonTypeTable
    private var module = CoreModuleBinary()
    private var functionTypes = CoreFunctionTypes()
    /// The functions, which follow all imports.
    private var functions: [(name: String, type: CoreFunctionType, code: CoreCodeBuilder)] = []
    private var calls: [(function: UInt32, type: CoreFunctionType)] = []
    /// How each export that is async returns, by its position.
    private var returns: [(function: UInt32, type: CoreFunctionType)?] = []
    private var tasks: [UInt32] = []
    private var contexts: [(function: UInt32, type: CoreFunctionType)] = []
    private var transfers: [[UInt32]] = []
    /// The functions that work on each resource's handles; 0 where there is none.
    private var operations: [(drop: UInt32, new: UInt32?, rep: UInt32?)] = []

    private var model: WorldModel { guest.model }

    private static let memoryGranule = 65_536
    private static let stackPointer: UInt32 = 0
    private static let memoryBase: UInt32 = 1
    // The runtime's functions come first.
    private static let export: UInt32 = 0
    private static let postReturn: UInt32 = 1
    private static let destroy: UInt32 = 2
    private static let start: UInt32 = 3
    private static let event: UInt32 = 4

    /// The library for a world, without the world in it.
    ///
    /// - Parameter app: the module of the app.
    /// - Throws: ``BindgenError`` when the world has something that Python has no form for.
    static func module(_ guest: PythonGuest, app: String) throws(BindgenError) -> [UInt8] {
        var library = WorldLibrary(guest: guest, table: PythonTypeTable(guest))
        library.addEnvironment()
        library.addAsyncBuiltins()
        try library.addImports()
        try library.addExports()
        try library.table.addTransfers()
        library.addContextBuiltins()
        library.addRuntimeFunctions()
        library.finish(library.table.encoded(app: app))
        return library.module.encoded()
    }

    private init(guest: PythonGuest, table: PythonTypeTable) {
        self.guest = guest
        self.table = table
    }

    // MARK: Imports

    private mutating func addEnvironment() {
        func add(_ name: String, _ type: CoreExternType) {
            module.imports.append(CoreModuleImport(module: "env", name: name, type: type))
        }
        add("memory", .memory(CoreMemoryType(limits: CoreLimits(minimum: 1))))
        add("__stack_pointer", .global(CoreGlobalType(type: .i32, isMutable: true)))
        add("__memory_base", .global(CoreGlobalType(type: .i32, isMutable: false)))
        _ = addImport("env", "dovetail_python_export", CoreFunctionType(parameters: [.i32, .i32], results: []))
        _ = addImport("env", "dovetail_python_post_return", CoreFunctionType(parameters: [], results: []))
        _ = addImport("env", "dovetail_python_destroy", Self.handle)
        _ = addImport(
            "env", "dovetail_python_start", CoreFunctionType(parameters: [.i32, .i32], results: [.i32]))
        _ = addImport("env", "dovetail_python_event", Self.callback)
    }

    private static let callback = CoreFunctionType(parameters: [.i32, .i32, .i32], results: [.i32])

    private static let handle = CoreFunctionType(parameters: [.i32], results: [])
    private static let representation = CoreFunctionType(parameters: [.i32], results: [.i32])

    private mutating func addImport(_ from: String, _ name: String, _ type: CoreFunctionType) -> UInt32 {
        let index = UInt32(module.importCount(.function))
        let typeIndex = functionTypes.index(of: type, in: &module)
        module.imports.append(
            CoreModuleImport(module: from, name: name, type: .function(typeIndex: typeIndex, isExact: false)))
        return index
    }

    private mutating func addImports() throws(BindgenError) {
        // Resources first: the types of functions speak of them.
        for (index, namespace) in model.namespaces.enumerated() {
            let isExported = namespace.direction == .exported
            let from = (isExported ? "[export]" : "") + (namespace.externName ?? "$root")
            for resource in namespace.resources {
                let name = model.graph.types[resource.id].name ?? ""
                let drop = addImport(from, "[resource-drop]\(name)", Self.handle)
                var operation: (drop: UInt32, new: UInt32?, rep: UInt32?) = (drop, nil, nil)
                if isExported {
                    operation.new = addImport(from, "[resource-new]\(name)", Self.representation)
                    operation.rep = addImport(from, "[resource-rep]\(name)", Self.representation)
                }
                operations.append(operation)
                table.addResource(
                    PythonTypeTable.ResourceKey(id: resource.id, side: isExported ? .guest : .host),
                    interface: namespace.externName ?? "",
                    place: (guest.path(of: guest.module(of: index)), guest.types[index][resource.id] ?? ""))
            }
        }
        for namespace in model.namespaces where namespace.direction == .imported {
            for signature in namespace.functions + namespace.resources.flatMap(\.methods) {
                try add(import: signature, of: namespace)
            }
        }
    }

    private mutating func add(import signature: Signature, of namespace: Namespace) throws(BindgenError) {
        let isAsync = signature.definition.isAsync
        let steps = try model.callSteps(signature.definition, isAsync: isAsync)
        var parameters = Self.parameters(steps)
        if steps.resultIsIndirect { parameters.append(.i32) }
        let type = CoreFunctionType(
            parameters: parameters,
            results: isAsync ? [.i32] : steps.resultIsIndirect ? [] : steps.result.map(Self.core))
        let name = (isAsync ? "[async-lower]" : "") + signature.definition.name
        calls.append((addImport(namespace.externName ?? "$root", name, type), type))
        let scope = namespace.externName == nil ? Scope.world : model.scope(position(of: namespace))
        table.addImport(
            try words(
                signature, steps, scope, interface: namespace.externName ?? "", kind: 0, arity: 0,
                places: ["", "", "", ""]))
    }

    private func position(of namespace: Namespace) -> Int {
        model.namespaces.firstIndex {
            $0.externName == namespace.externName && $0.direction == namespace.direction
        } ?? 0
    }

    // MARK: Exports

    private mutating func addExports() throws(BindgenError) {
        for signature in model.exportedFunctions {
            let (package, name) = guest.worldClass(of: signature.definition)
            try add(export: signature, 0, holder: ("", name), "\(package).\(name)")
        }
        for (index, namespace) in model.namespaces.enumerated() where namespace.direction == .exported {
            let protocol_ = guest.protocols[index] ?? ""
            for signature in namespace.functions + namespace.resources.flatMap(\.methods) {
                guard let resource = signature.definition.owner.resource.map(model.facts.resource) else {
                    let path = "\(guest.package(ofExport: index)).exports.\(protocol_)"
                    try add(export: signature, index, holder: ("", protocol_), path)
                    continue
                }
                let class_ = guest.types[index][resource] ?? ""
                // The app has a module of the interface's name with the classes of its resources.
                try add(
                    export: signature, index, holder: (guest.modules[index], class_),
                    "\(guest.path(of: .interface(index))).\(class_)")
            }
            for resource in namespace.resources {
                var code = CoreCodeBuilder()
                code.localGet(0)
                code.call(Self.destroy)
                let name = model.graph.types[resource.id].name ?? ""
                functions.append(("\(namespace.externName ?? "")#[dtor]\(name)", Self.handle, code))
            }
        }
    }

    private mutating func add(
        export signature: Signature, _ index: Int, holder: (module: String, name: String), _ protocolPath: String
    ) throws(BindgenError) {
        let number = UInt32(table.exports.count)
        let kind: UInt32 =
            switch signature.definition.owner {
            case .none: 0
            case .constructor: 1
            case .method: 2
            case .static: 3
            }
        let scope = Scope(index: index, direction: .exported)
        let namespace = model.namespaces[index]
        let extern = index == 0 ? nil : namespace.externName
        var steps = try model.callSteps(signature.definition)
        if signature.definition.isAsync {
            let result = try model.returnSteps(signature.definition)
            let type = CoreFunctionType(parameters: Self.parameters(result), results: [])
            returns.append(
                (addImport("[export]\(extern ?? "$root")", "[task-return]\(signature.definition.name)", type), type))
            steps.resultIsIndirect = result.parametersAreIndirect
        } else {
            returns.append(nil)
        }
        table.addExport(
            try words(
                signature, steps, scope, interface: extern ?? "", kind: kind, arity: signature.parameters.count,
                places: [holder.module, holder.name, guest.name(of: signature.definition), protocolPath]))
        let name = (extern.map { "\($0)#" } ?? "") + signature.definition.name
        if signature.definition.isAsync {
            let type = CoreFunctionType(parameters: Self.parameters(steps), results: [.i32])
            functions.append(("[async-lift]" + name, type, Self.exportCode(number, type, calling: Self.start)))
            functions.append(("[callback][async-lift]" + name, Self.callback, Self.forwardCode(Self.event, 3)))
            return
        }
        let results: [CoreValueType] = steps.resultIsIndirect ? [.i32] : steps.result.map(Self.core)
        let type = CoreFunctionType(parameters: Self.parameters(steps), results: results)
        functions.append((name, type, Self.exportCode(number, type, calling: Self.export)))
        if steps.resultIsIndirect || steps.resultUsesMemory {
            var code = CoreCodeBuilder()
            code.call(Self.postReturn)
            functions.append(("cabi_post_\(name)", CoreFunctionType(parameters: results, results: []), code))
        }
    }

    // MARK: Both

    private static func parameters(_ steps: CallSteps) -> [CoreValueType] {
        steps.parametersAreIndirect ? [.i32] : steps.parameters.flatMap { $0.core.map(core) }
    }

    private static func core(_ type: FlatType) -> CoreValueType {
        switch type {
        case .i32: .i32
        case .i64: .i64
        case .f32: .f32
        case .f64: .f64
        }
    }

    private mutating func words(
        _ signature: Signature, _ steps: CallSteps, _ scope: Scope, interface: String, kind: UInt32, arity: Int,
        places: [String]
    ) throws(BindgenError) -> [UInt32] {
        let function = signature.definition
        let isHandle = signature.constructed != nil && scope.direction == .imported
        let style: UInt32 =
            if function.result == nil { 0 } else if signature.isFallible { isHandle ? 4 : 2 } else { isHandle ? 3 : 1 }
        let flags: UInt32 =
            (steps.parametersAreIndirect ? 1 : 0) | (steps.resultIsIndirect ? 2 : 0) | (function.isAsync ? 4 : 0)
        let result = try function.result.map { type throws(BindgenError) in try table.type(type, from: scope) }
        var words = [
            table.name(interface), table.name(function.name), style, flags, result ?? PythonTypeTable.none, kind,
        ]
        words += places.map { table.name($0) }
        words += [UInt32(arity), UInt32(function.parameters.count)]
        for (parameter, step) in zip(function.parameters, steps.parameters) {
            words += [
                try table.type(parameter.type, from: scope), UInt32(step.offset),
                table.name(PythonNames.member(parameter.name)),
            ]
        }
        return words
    }

    // MARK: What the runtime calls

    private mutating func addRuntimeFunctions() {
        var address = CoreCodeBuilder()
        address.globalGet(Self.memoryBase)
        functions.append(("dovetail_world_table", CoreFunctionType(parameters: [], results: [.i32]), address))
        functions.append(
            ("dovetail_world_import", CoreFunctionType(parameters: [.i32, .i32], results: []), Self.callCode(calls)))
        functions.append(
            (
                "dovetail_world_resource", CoreFunctionType(parameters: [.i32, .i32, .i32], results: [.i32]),
                Self.resourceCode(operations)
            ))
        functions.append(
            (
                "dovetail_world_return", CoreFunctionType(parameters: [.i32, .i32], results: []),
                Self.callCode(returns)
            ))
        functions.append(
            (
                "dovetail_world_task", CoreFunctionType(parameters: [.i32, .i32, .i32], results: [.i64]),
                Self.taskCode(tasks)
            ))
        functions.append(
            (
                "dovetail_world_transfer",
                CoreFunctionType(parameters: [.i32, .i32, .i32, .i32, .i32], results: [.i64]),
                Self.transferCode(transfers, guest.transfers.map(\.isStream) + [true])
            ))
        functions.append(
            (
                "dovetail_world_context", CoreFunctionType(parameters: [.i32, .i32, .i32], results: [.i32]),
                Self.contextCode(contexts)
            ))
    }

    // MARK: Built-ins

    /// Imports the built-ins of tasks, streams and futures, where the world has something that waits.
    private mutating func addAsyncBuiltins() {
        guard guest.isAsync else { return }
        for builtin in TaskBuiltin.all {
            tasks.append(addImport(builtin.module, builtin.name, builtin.type))
        }
        for transfer in guest.transfers {
            let kind = transfer.isStream ? "stream" : "future"
            addTransfer(kind, transfer.origin.module, "\(transfer.origin.position)", transfer.origin.function)
        }
        addTransfer("stream", "$root", "unit", "")
    }

    /// Imports the built-ins of error contexts, where the world has any; the runtime numbers them. (`PythonRuntime/src/table.h`)
    private mutating func addContextBuiltins() {
        guard table.hasErrorContexts else { return }
        let builtins = [
            ("[error-context-new-utf8]", CoreFunctionType(parameters: [.i32, .i32], results: [.i32])),
            ("[error-context-debug-message-utf8]", CoreFunctionType(parameters: [.i32, .i32], results: [])),
            ("[error-context-drop]", Self.handle),
        ]
        contexts = builtins.map { name, type in (addImport("$root", name, type), type) }
    }

    private mutating func addTransfer(_ kind: String, _ module: String, _ position: String, _ function: String) {
        let copy = CoreFunctionType(
            parameters: kind == "stream" ? [.i32, .i32, .i32] : [.i32, .i32], results: [.i32])
        let operations: [(String, CoreFunctionType)] = [
            ("[\(kind)-new-", CoreFunctionType(parameters: [], results: [.i64])),
            ("[async-lower][\(kind)-read-", copy), ("[async-lower][\(kind)-write-", copy),
            ("[async-lower][\(kind)-cancel-read-", Self.representation),
            ("[async-lower][\(kind)-cancel-write-", Self.representation),
            ("[\(kind)-drop-readable-", Self.handle), ("[\(kind)-drop-writable-", Self.handle),
        ]
        transfers.append(
            operations.map { name, type in addImport(module, "\(name)\(position)]\(function)", type) })
    }

    private mutating func finish(_ table: [UInt8]) {
        let imported = UInt32(module.importCount(.function))
        for (index, function) in functions.enumerated() {
            let type = functionTypes.index(of: function.type, in: &module)
            module.functions.append(CoreFunctionDefinition(type: type, body: function.code.finished()))
            module.exports.append(
                CoreModuleExport(
                    name: function.name, item: CoreSortIndex(sort: .function, index: imported + UInt32(index))))
        }
        module.data.append(
            CoreDataSegment(
                mode: .active(memory: 0, offset: CoreCodeBuilder.expression { $0.globalGet(Self.memoryBase) }),
                bytes: table[...]))
        var linking = DynamicLinkingSection()
        // As much for most worlds, so that what is behind it has the same addresses in all of their components.
        let size = (table.count / Self.memoryGranule + 1) * Self.memoryGranule
        linking.memory = DynamicLinkingSection.MemoryInfo(memorySize: UInt32(size), memoryAlignment: 3)
        module.customSections.append(linking.encoded())
    }
}
