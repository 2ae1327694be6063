// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
package import DovetailTypes
import DovetailWIT
package import DovetailWITReader

/// A core module that imports and exports all that a world has, and traps when it is called: a start for tests of WIT.
package struct DummyModule {
    /// How the imports and exports are named.
    package enum Names: Hashable, Sendable {
        /// `cm32p2`; every function is called synchronously.
        case current
        /// The names before; every function is called synchronously.
        case legacy
        /// The names before; async functions are, with a callback for exports.
        case legacyCallback
        /// The names before; async functions are, and exports have stacks of their own.
        case legacyStackful

        var isAsync: Bool { self == .legacyCallback || self == .legacyStackful }
    }

    private let graph: PackageGraph
    private let names: Names
    private let signatures: CoreSignatures
    private var module = CoreModuleBinary()
    private var types = CoreFunctionTypes()
    /// The functions, which follow all imports.
    private var functions: [(name: String, type: CoreFunctionType, traps: Bool)] = []

    /// The module for `world` of `graph`, without the world in it.
    ///
    /// - Throws: a ``ComponentizeError`` when types of the world nest too deeply to be passed.
    package static func module(
        for world: WorldID, of graph: PackageGraph, names: Names = .legacy
    ) throws(ComponentizeError) -> [UInt8] {
        var dummy = DummyModule(graph: graph, names: names)
        try dummy.addImports(world)
        try dummy.addExports(world)
        dummy.finish()
        return dummy.module.encoded()
    }

    private init(graph: PackageGraph, names: Names) {
        self.graph = graph
        self.names = names
        signatures = CoreSignatures(graph, is64: false)
    }

    private mutating func add(_ from: String, _ name: String, _ type: CoreFunctionType) {
        let index = types.index(of: type, in: &module)
        module.imports.append(
            CoreModuleImport(module: from, name: name, type: .function(typeIndex: index, isExact: false)))
    }

    private static let handle = CoreFunctionType(parameters: [.i32], results: [])
    private static let representation = CoreFunctionType(parameters: [.i32], results: [.i32])
    private static let nothing = CoreFunctionType(parameters: [], results: [])

    // MARK: - Imports

    private mutating func addImports(_ world: WorldID) throws(ComponentizeError) {
        for (key, item) in graph[world].imports {
            switch item.kind {
            case .interface(let id):
                let name = self.name(of: key)
                let module = names == .current ? "\(ImportNames.current)|\(name)" : name
                for function in graph[id].functions.values { try add(function, from: module) }
                for (label, type) in graph[id].types { addDrop(of: type, label, from: module) }
            case .function(let function): try add(function, from: rootModule)
            case .type(let id): addDrop(of: id, graph.types[id].name ?? "", from: rootModule)
            }
        }
    }

    private func name(of key: WorldKey) -> String {
        names == .current ? graph.canonicalName(of: key) : graph.externName(of: key)
    }

    private var rootModule: String { names == .current ? ImportNames.current : "$root" }

    private mutating func add(_ function: FunctionDefinition, from module: String) throws(ComponentizeError) {
        let isAsync = names.isAsync && function.isAsync
        let signature = try signatures.lowered(function, isAsync: isAsync)
        add(module, isAsync ? "[async-lower]\(function.name)" : function.name, signature.type)
        if names.isAsync { addTransfers(of: function, from: module) }
    }

    private mutating func addDrop(of type: TypeID, _ label: String, from module: String) {
        guard case .resource = graph.types[type].kind else { return }
        add(module, names == .current ? "\(label)_drop" : "[resource-drop]\(label)", Self.handle)
    }

    /// All operations on the streams and futures of a function.
    private mutating func addTransfers(of function: FunctionDefinition, from module: String) {
        for (position, type) in graph.transfers(of: function).enumerated() {
            let isStream = graph.isStream(type)
            for kind in TransferOperation.Kind.allCases where kind != .forward {
                // The forms that are not behind a feature of their own.
                let operation = TransferOperation(
                    kind: kind, isStream: isStream, type: type, isAsync: kind == .read || kind == .write,
                    interface: nil, isExported: false)
                guard let core = ImportNames.expectedType(of: .transfer(operation)) else { continue }
                let word = isStream ? "stream" : "future"
                add(
                    module,
                    "\(operation.isAsync ? "[async-lower]" : "")[\(word)-\(kind.rawValue)-\(position)]\(function.name)",
                    core)
            }
        }
    }

    // MARK: - Exports

    private mutating func addExports(_ world: WorldID) throws(ComponentizeError) {
        if names.isAsync { addBuiltins() }
        for (key, item) in graph[world].exports {
            switch item.kind {
            case .interface(let id):
                let name = self.name(of: key)
                for function in graph[id].functions.values {
                    try export(
                        function,
                        names == .current
                            ? "\(ImportNames.current)|\(name)|\(function.name)" : "\(name)#\(function.name)",
                        imports: "[export]\(name)")
                }
                for (label, type) in graph[id].types { exportResource(type, label, name) }
            case .function(let function):
                try export(
                    function, names == .current ? "\(ImportNames.current)||\(function.name)" : function.name,
                    imports: "[export]$root")
            case .type: continue
            }
        }
        functions.append((names == .current ? "cm32p2_realloc" : "cabi_realloc", signatures.realloc, true))
        functions.append((names == .current ? "cm32p2_initialize" : "_initialize", Self.nothing, false))
    }

    private mutating func export(
        _ function: FunctionDefinition, _ name: String, imports: String
    ) throws(ComponentizeError) {
        let isAsync = names.isAsync && function.isAsync
        if names.isAsync { addTransfers(of: function, from: imports) }
        guard isAsync else {
            functions.append((name, try signatures.lifted(function, .sync).type, true))
            let post = names == .current ? "\(name)_post" : "cabi_post_\(name)"
            functions.append((post, try signatures.postReturn(function), false))
            return
        }
        add(imports, "[task-return]\(function.name)", try signatures.taskReturn(function).type)
        if names == .legacyCallback {
            functions.append(("[async-lift]\(name)", try signatures.lifted(function, .callback).type, true))
            functions.append(("[callback][async-lift]\(name)", CoreSignatures.callback, true))
        } else {
            functions.append(("[async-lift-stackful]\(name)", try signatures.lifted(function, .stackful).type, true))
        }
    }

    private mutating func exportResource(_ type: TypeID, _ label: String, _ interface: String) {
        guard case .resource = graph.types[type].kind else { return }
        if names == .current {
            let module = "\(ImportNames.current)|_ex_\(interface)"
            add(module, "\(label)_drop", Self.handle)
            add(module, "\(label)_new", Self.representation)
            add(module, "\(label)_rep", Self.representation)
            functions.append(("\(ImportNames.current)|\(interface)|\(label)_dtor", Self.handle, true))
        } else {
            let module = "[export]\(interface)"
            add(module, "[resource-drop]\(label)", Self.handle)
            add(module, "[resource-new]\(label)", Self.representation)
            add(module, "[resource-rep]\(label)", Self.representation)
            functions.append(("\(interface)#[dtor]\(label)", Self.handle, true))
        }
    }

    private mutating func addBuiltins() {
        add("[export]$root", "[task-cancel]", Self.nothing)
        let builtins: [(String, CanonicalBuiltin)] = [
            ("[backpressure-inc]", .backpressureIncrement), ("[backpressure-dec]", .backpressureDecrement),
            ("[waitable-set-new]", .waitableSetNew), ("[waitable-set-wait]", .waitableSetWait(memory: 0)),
            ("[waitable-set-poll]", .waitableSetPoll(memory: 0)), ("[waitable-set-drop]", .waitableSetDrop),
            ("[waitable-join]", .waitableJoin), ("[thread-yield]", .threadYield), ("[subtask-drop]", .subtaskDrop),
            ("[subtask-cancel]", .subtaskCancel(isAsync: false)), ("[context-get-0]", .contextGet(.i32, 0)),
            ("[context-set-0]", .contextSet(.i32, 0)),
        ]
        for (name, builtin) in builtins {
            if let type = ImportNames.expectedType(of: .builtin(builtin)) { add("$root", name, type) }
        }
    }

    private mutating func finish() {
        let first = UInt32(module.imports.count)
        for (position, function) in functions.enumerated() {
            let type = types.index(of: function.type, in: &module)
            var code = CoreCodeBuilder()
            if function.traps { code.unreachable() }
            module.functions.append(CoreFunctionDefinition(type: type, body: code.finished()))
            module.exports.append(
                CoreModuleExport(
                    name: function.name, item: CoreSortIndex(sort: .function, index: first + UInt32(position))))
        }
        module.memories.append(CoreMemoryType(limits: CoreLimits(minimum: 0)))
        // In front of the allocator and the initialiser, where wasm-tools has it.
        module.exports.insert(
            CoreModuleExport(
                name: names == .current ? "cm32p2_memory" : "memory", item: CoreSortIndex(sort: .memory, index: 0)),
            at: module.exports.count - 2)
    }
}
