// SPDX-License-Identifier: Apache-2.0

import DovetailBinary

/// The core module that runs when all others exist: it fills the table of the shim module, calls `_initialize`, and puts
/// functions around exports when the main module wants to know when calls begin and end (`__wasm_task_hook`).
struct FixupModule {
    /// The modules that it imports from, in order.
    private(set) var arguments: [String] = []
    /// The functions around exports, by what they stand for, with the names under which they are exported.
    private(set) var hooks: [(item: ComponentAssembler.ModuleItem, export: String)] = []
    private var module = CoreModuleBinary()
    private var types = CoreFunctionTypes()
    private var functionCount: UInt32 = 0
    private var hookFunctions: [ComponentAssembler.ModuleItem: UInt32] = [:]

    static let actual = "actual"
    static let shim = "shim"
    static let main = "main"

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
    }

    /// Makes the module. Definitions follow imports, so all imports come first.
    init(_ plan: ComponentizePlan, _ list: ShimList) {
        let usesReferences = plan.options.usesReturnCallReference
        var actual: [UInt32] = []
        for (position, shim) in list.shims.enumerated() {
            let type = typeIndex(shim.type)
            actual.append(addImport(Self.actual, "\(position)", type))
            if usesReferences {
                addArgument(Self.shim)
                module.imports.append(
                    CoreModuleImport(
                        module: Self.shim, name: "g\(position)", type: .global(ShimModule.globalType(type))))
            }
        }
        var initialize: UInt32?
        if let name = plan.main.exports.initialize {
            initialize = addImport(Self.main, name, typeIndex(CoreFunctionType(parameters: [], results: [])))
        }
        var hook: UInt32?
        var hooked: [Hooked] = []
        if let name = plan.main.exports.taskHook {
            hook = addImport(Self.main, name, typeIndex(CoreFunctionType(parameters: [.i32], results: [])))
            hooked = importHooked(plan)
        }
        if !usesReferences, !list.shims.isEmpty {
            addArgument(Self.shim)
            module.imports.append(
                CoreModuleImport(
                    module: Self.shim, name: ShimModule.table,
                    type: .table(ShimModule.tableType(UInt64(list.shims.count)))))
        }
        if let hook { for item in hooked { addHook(item, hook) } }
        let filled = fill(list, actual, hook)
        addStart(filled, usesReferences, initialize, hook, list)
    }

    private mutating func typeIndex(_ type: CoreFunctionType) -> UInt32 { types.index(of: type, in: &module) }

    private mutating func addArgument(_ name: String) {
        if !arguments.contains(name) { arguments.append(name) }
    }

    private mutating func addImport(_ from: String, _ name: String, _ type: UInt32) -> UInt32 {
        addArgument(from)
        module.imports.append(
            CoreModuleImport(module: from, name: name, type: .function(typeIndex: type, isExact: false)))
        functionCount += 1
        return functionCount - 1
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
                let function = addImport(module.name ?? Self.main, entry.core, type)
                hooked.append(
                    Hooked(
                        item: .init(module: module.name, name: entry.core), role: entry.role, type: entry.type,
                        function: function))
            }
        }
        for module in plan.modules {
            for name in module.exports.allocators {
                let type = plan.signatures.realloc
                let function = addImport(module.name ?? Self.main, name, typeIndex(type))
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
            case .item, .adapter: filled.append(actual[position])
            }
        }
        return filled
    }

    private mutating func addStart(
        _ filled: [UInt32], _ usesReferences: Bool, _ initialize: UInt32?, _ hook: UInt32?, _ list: ShimList
    ) {
        if !filled.isEmpty {
            module.elements.append(
                CoreElementSegment(
                    mode: usesReferences
                        ? .declarative : .active(table: 0, offset: CoreCodeBuilder.expression { $0.i32(0) }),
                    items: .functions(filled)))
        }
        guard (usesReferences && !filled.isEmpty) || (initialize != nil && hook != nil) else {
            module.start = initialize
            return
        }
        var code = CoreCodeBuilder()
        if usesReferences {
            for (position, function) in filled.enumerated() {
                code.functionReference(function)
                code.globalSet(UInt32(position))
            }
        }
        if let initialize {
            if let hook {
                code.i32(Event.initializeBegin.rawValue)
                code.call(hook)
            }
            code.call(initialize)
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
