// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// The core module that runs when all others exist: it fills the table of the shim module, calls `_initialize`, and puts
/// functions around exports when the main module wants to know when calls begin and end (`__wasm_task_hook`).
struct FixupModule {
    /// What it imports from, in order.
    private(set) var arguments: [Source] = []
    /// The functions around exports, by what they stand for, with the names under which they are exported.
    private(set) var hooks: [(item: ComponentAssembler.ModuleItem, export: String)] = []
    private var module = CoreModuleBinary()
    private var types = CoreFunctionTypes()
    private var functionCount: UInt32 = 0
    private var hookFunctions: [ComponentAssembler.ModuleItem: UInt32] = [:]
    private var knownArguments: Set<Source> = []
    private var globals: [ImportKey: UInt32] = [:]
    private var functions: [ImportKey: UInt32] = [:]
    /// The globals of the shim module that hold functions.
    private var shimGlobals: [UInt32] = []

    private struct ImportKey: Hashable {
        var source: Source
        var name: ExactName
    }

    /// What it imports from.
    enum Source: Hashable {
        /// The functions that shims call.
        case actual
        case shim
        /// A module of the component.
        case module(String?)

        static let main = Source.module(nil)
        private static let taken: Set<String> = ["actual", "shim", "main"]

        /// The name of the module in imports.
        var name: String {
            switch self {
            case .actual: "actual"
            case .shim: "shim"
            case .module(nil): "main"
            case .module(let name?): Self.taken.contains(name) ? "module:\(name)" : name
            }
        }
    }

    /// What `__wasm_task_hook` is told.
    private enum Event: Int32 {
        case syncBegin = 0
        case syncEnd = 1
        case asyncBegin = 2
        case callbackBegin = 3
        case asyncSuspend = 4
        case asyncEnd = 5
        case initializeBegin = 6
        case initializeEnd = 7
        case destructorBegin = 8
        case destructorEnd = 9
        case allocatorBegin = 12
        case allocatorEnd = 13
    }

    /// Whether a component needs the module.
    static func isNeeded(_ plan: ComponentizePlan, _ list: ShimList) -> Bool {
        !list.shims.isEmpty || plan.main.exports.initialize != nil || plan.main.exports.taskHook != nil
            || plan.initialization != nil
    }

    /// Makes the module. Definitions follow imports, so all imports come first.
    init(_ plan: ComponentizePlan, _ list: ShimList) {
        let usesReferences = plan.options.usesReturnCallReference
        var actual: [UInt32] = []
        for (position, shim) in list.shims.enumerated() {
            let type = typeIndex(shim.type)
            actual.append(addImport(.actual, "\(position)", type))
            if usesReferences {
                shimGlobals.append(addGlobal(.shim, "g\(position)", ShimModule.globalType(type)))
            }
        }
        var linking: Linking?
        if let initialization = plan.initialization { linking = importLinking(initialization) }
        var initialize: UInt32?
        if let name = plan.main.exports.initialize {
            initialize = addImport(.main, name, typeIndex(CoreFunctionType(parameters: [], results: [])))
        }
        var hook: UInt32?
        var hooked: [Hooked] = []
        if let name = plan.main.exports.taskHook {
            hook = addImport(.main, name, typeIndex(CoreFunctionType(parameters: [.i32], results: [])))
            hooked = importHooked(plan)
        }
        if !usesReferences, !list.shims.isEmpty {
            addArgument(.shim)
            module.imports.append(
                CoreModuleImport(
                    module: Source.shim.name, name: ShimModule.table,
                    type: .table(ShimModule.tableType(UInt64(list.shims.count)))))
        }
        if let hook { for item in hooked { addHook(item, hook) } }
        let filled = fill(list, actual, hook)
        addSegments(filled, usesReferences, linking)
        addStart(filled, usesReferences, initialize, hook, linking)
    }

    private mutating func typeIndex(_ type: CoreFunctionType) -> UInt32 { types.index(of: type, in: &module) }

    private mutating func addArgument(_ source: Source) {
        if knownArguments.insert(source).inserted { arguments.append(source) }
    }

    private mutating func addImport(_ from: Source, _ name: String, _ type: UInt32) -> UInt32 {
        let key = ImportKey(source: from, name: ExactName(name))
        if let known = functions[key] { return known }
        functions[key] = functionCount
        addArgument(from)
        module.imports.append(
            CoreModuleImport(module: from.name, name: name, type: .function(typeIndex: type, isExact: false)))
        functionCount += 1
        return functionCount - 1
    }

    private mutating func addGlobal(_ from: Source, _ name: String, _ type: CoreGlobalType) -> UInt32 {
        let key = ImportKey(source: from, name: ExactName(name))
        if let known = globals[key] { return known }
        addArgument(from)
        module.imports.append(CoreModuleImport(module: from.name, name: name, type: .global(type)))
        let index = UInt32(globals.count)
        globals[key] = index
        return index
    }

    private mutating func addFunction(_ type: CoreFunctionType, _ code: CoreCodeBuilder) -> UInt32 {
        let index = typeIndex(type)
        module.functions.append(CoreFunctionDefinition(type: index, body: code.finished()))
        functionCount += 1
        return functionCount - 1
    }

    // MARK: - Functions around exports

    private struct Hooked {
        var item: ComponentAssembler.ModuleItem
        /// How it takes part in calls; an allocator without one.
        var role: ModuleExports.Role?
        var type: CoreFunctionType
        var function: UInt32
    }

    private mutating func importHooked(_ plan: ComponentizePlan) -> [Hooked] {
        var hooked: [Hooked] = []
        for module in plan.modules {
            for entry in module.exports.entries {
                let type = typeIndex(entry.type)
                let function = addImport(.module(module.name), entry.core, type)
                hooked.append(
                    Hooked(
                        item: .init(module: module.name, name: entry.core), role: entry.role, type: entry.type,
                        function: function))
            }
        }
        for module in plan.modules {
            for name in module.exports.allocators {
                let type = plan.signatures.realloc
                let function = addImport(.module(module.name), name, typeIndex(type))
                hooked.append(
                    Hooked(
                        item: .init(module: module.name, name: name), role: nil, type: type, function: function))
            }
        }
        return hooked
    }

    private mutating func addHook(_ hooked: Hooked, _ hook: UInt32) {
        func tell(_ event: Event, _ code: inout CoreCodeBuilder) {
            code.i32(event.rawValue)
            code.call(hook)
        }
        let parameters = hooked.type.parameters.count
        var code: CoreCodeBuilder
        switch hooked.role {
        case .function(.callback, _), .callback:
            // What is returned says whether the task goes on.
            let result = UInt32(parameters)
            code = CoreCodeBuilder(locals: [(1, .i32)])
            if case .callback = hooked.role { tell(.callbackBegin, &code) } else { tell(.asyncBegin, &code) }
            code.localsGet(parameters)
            code.call(hooked.function)
            code.localSet(result)
            code.i32(Event.asyncSuspend.rawValue)
            code.i32(Event.asyncEnd.rawValue)
            code.localGet(result)
            code.instruction(0x1b)
            code.call(hook)
            code.localGet(result)
        default:
            let (begin, end): (Event?, Event?) =
                switch hooked.role {
                case .function(.stackful, _): (.asyncBegin, .asyncEnd)
                case .function(_, let hasPostReturn): (.syncBegin, hasPostReturn ? nil : .syncEnd)
                case .postReturn: (nil, .syncEnd)
                default: (.allocatorBegin, .allocatorEnd)
                }
            code = CoreCodeBuilder()
            if let begin { tell(begin, &code) }
            code.localsGet(parameters)
            code.call(hooked.function)
            if let end { tell(end, &code) }
        }
        let index = addFunction(hooked.type, code)
        hookFunctions[hooked.item] = index
        let name = "hook\(hooks.count)"
        hooks.append((hooked.item, name))
        module.exports.append(CoreModuleExport(name: name, item: CoreSortIndex(sort: .function, index: index)))
    }

    // MARK: - At the start

    /// The functions that the shims call.
    private mutating func fill(_ list: ShimList, _ actual: [UInt32], _ hook: UInt32?) -> [UInt32] {
        var filled: [UInt32] = []
        for (position, shim) in list.shims.enumerated() {
            switch shim.kind {
            case .allocator(let item):
                filled.append(hookFunctions[item] ?? actual[position])
            case .destructor:
                guard let hook else {
                    filled.append(actual[position])
                    continue
                }
                var code = CoreCodeBuilder()
                code.i32(Event.destructorBegin.rawValue)
                code.call(hook)
                code.localGet(0)
                code.call(actual[position])
                code.i32(Event.destructorEnd.rawValue)
                code.call(hook)
                filled.append(addFunction(shim.type, code))
            case .item, .supplied: filled.append(actual[position])
            }
        }
        return filled
    }

    private mutating func addSegments(_ filled: [UInt32], _ usesReferences: Bool, _ linking: Linking?) {
        for (start, functions) in linking?.elements ?? [] {
            module.elements.append(
                CoreElementSegment(
                    mode: .active(
                        table: 0, offset: CoreCodeBuilder.expression { $0.i32(Int32(truncatingIfNeeded: start)) }),
                    items: .functions(functions)))
        }
        if !filled.isEmpty {
            // Behind the table of the main module, where there is one.
            let table: UInt32 = linking == nil ? 0 : 1
            module.elements.append(
                CoreElementSegment(
                    mode: usesReferences
                        ? .declarative : .active(table: table, offset: CoreCodeBuilder.expression { $0.i32(0) }),
                    items: .functions(filled)))
        }
        if let data = linking?.data {
            module.data.append(
                CoreDataSegment(
                    mode: .active(
                        memory: 0,
                        offset: CoreCodeBuilder.expression { $0.i32(Int32(truncatingIfNeeded: data.address)) }),
                    bytes: data.bytes[...]))
        }
    }

    private mutating func addStart(
        _ filled: [UInt32], _ usesReferences: Bool, _ initialize: UInt32?, _ hook: UInt32?, _ linking: Linking?
    ) {
        let setsReferences = usesReferences && !filled.isEmpty
        guard setsReferences || (initialize != nil && hook != nil) || linking?.isEmpty == false else {
            module.start = initialize
            return
        }
        var code = CoreCodeBuilder()
        if setsReferences {
            for (position, function) in filled.enumerated() {
                code.functionReference(function)
                code.globalSet(shimGlobals[position])
            }
        }
        for address in linking?.addresses ?? [] { Self.add(address, to: &code) }
        for call in linking?.relocations ?? [] { Self.add(call, to: &code) }
        let constructors = (linking?.constructors ?? []) + (initialize.map { [Linking.Call(function: $0)] } ?? [])
        if !constructors.isEmpty {
            if let hook {
                code.i32(Event.initializeBegin.rawValue)
                code.call(hook)
            }
            for call in constructors { Self.add(call, to: &code) }
            if let hook {
                code.i32(Event.initializeEnd.rawValue)
                code.call(hook)
            }
        }
        module.start = addFunction(CoreFunctionType(parameters: [], results: []), code)
    }

    /// The bytes of the module.
    func encoded(producers: ProducersSection?) -> [UInt8] {
        var module = module
        if let producers {
            module.customSections.append(
                CoreCustomSection(name: ProducersSection.name, payload: producers.encoded()[...]))
        }
        return module.encoded()
    }
}

// What libraries need when all of them exist.
extension FixupModule {
    /// The same as ``LibraryInitialization`` in indices of the module.
    fileprivate struct Linking {
        struct Address {
            enum Target {
                case global(UInt32)
                case memory(UInt64)
            }

            var target: Target
            var base: UInt32?
            var offset: UInt32
        }

        struct Call {
            var function: UInt32
            var argument: UInt64?
        }

        var addresses: [Address] = []
        var relocations: [Call] = []
        var constructors: [Call] = []
        var elements: [(start: UInt64, functions: [UInt32])] = []
        var data: (address: UInt64, bytes: [UInt8])

        /// Whether there is nothing to run.
        var isEmpty: Bool { addresses.isEmpty && relocations.isEmpty && constructors.isEmpty }
    }

    /// Imports what the initialization of libraries is about.
    private mutating func importLinking(_ initialization: LibraryInitialization) -> Linking {
        var linking = Linking(data: initialization.data)
        addArgument(.main)
        module.imports.append(
            CoreModuleImport(
                module: Source.main.name, name: "memory",
                type: .memory(CoreMemoryType(limits: CoreLimits(minimum: 0)))))
        let function = CoreReferenceType(isNullable: true, heapType: .abstract(.function, isShared: false))
        module.imports.append(
            CoreModuleImport(
                module: Source.main.name, name: SharedLibrary.table,
                type: .table(CoreTableType(element: function, limits: CoreLimits(minimum: 0)))))
        for address in initialization.addresses { linking.addresses.append(importAddress(address)) }
        linking.relocations = initialization.relocations.map { importCall($0) }
        linking.constructors = initialization.constructors.map { importCall($0) }
        for elements in initialization.elements {
            let functions = elements.functions.map { item, type in
                addImport(.module(item.library), item.name, typeIndex(type))
            }
            linking.elements.append((elements.start, functions))
        }
        return linking
    }

    private mutating func importAddress(_ address: LibraryInitialization.Address) -> Linking.Address {
        let value = CoreGlobalType(type: .i32, isMutable: false)
        let base = address.base.map { addGlobal(.module($0.library), $0.name, value) }
        let offset = addGlobal(.module(address.offset.library), address.offset.name, value)
        let target: Linking.Address.Target =
            switch address.target {
            case .global(let item):
                .global(
                    addGlobal(.module(item.library), item.name, CoreGlobalType(type: .i32, isMutable: true)))
            case .memory(let place): .memory(place)
            }
        return Linking.Address(target: target, base: base, offset: offset)
    }

    private mutating func importCall(_ call: LibraryInitialization.Call) -> Linking.Call {
        let type = CoreFunctionType(parameters: call.argument == nil ? [] : [.i32], results: [])
        let function = addImport(.module(call.function.library), call.function.name, typeIndex(type))
        return Linking.Call(function: function, argument: call.argument)
    }

    private static func add(_ address: Linking.Address, to code: inout CoreCodeBuilder) {
        if case .memory(let place) = address.target { code.i32(Int32(truncatingIfNeeded: place)) }
        if let base = address.base { code.globalGet(base) }
        code.globalGet(address.offset)
        if address.base != nil { code.instruction(0x6a) }
        switch address.target {
        case .global(let index): code.globalSet(index)
        case .memory: code.instruction(0x36, 2, 0)
        }
    }

    private static func add(_ call: Linking.Call, to code: inout CoreCodeBuilder) {
        if let argument = call.argument { code.i32(Int32(truncatingIfNeeded: argument)) }
        code.call(call.function)
    }
}
