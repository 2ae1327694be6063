// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailBinary
import DovetailTypes

/// A plan whose core modules are compiled: every core type checked, every layout worked out.
package struct LinkedPlan: Sendable {
    /// A lowered function or built-in, ready to be made a core function.
    struct Trampoline: Sendable {
        var type: EngineFunctionType
        var layout: FunctionLayout?
        /// The layout of the elements of a stream or future, `nil` when they have none.
        var element: ValueLayout?
        var name: String
    }

    /// The layouts of lifted functions.
    var lifted: [FunctionLayout] = []
    /// How many core values the core functions behind them take and return.
    var liftedCounts: [(parameters: Int, results: Int)] = []
    var trampolines: [Trampoline] = []
    /// Whether the memory of each environment has 64-bit addresses.
    var is64: [Bool] = []
    /// For each instantiation of an embedded module, in the order of the initializers: its imports in the module's order.
    var arguments: [Int: [CoreItem]] = [:]
    /// Whether the component has tasks, subtasks, streams or threads, so that its calls have to be told apart.
    let usesTasks: Bool
    /// Whether code of a component instance can block, by its number.
    let mayBlock: [Bool]
    let layouts: LayoutCacheBox

    /// A layout cache behind the plan's immutability.
    final class LayoutCacheBox: @unchecked Sendable {
        // @unchecked because it is filled while the plan is linked and not used afterwards.
        let cache: LayoutCache
        init(_ cache: LayoutCache) { self.cache = cache }
    }

    init(_ plan: ComponentPlan, _ modules: [CoreModule], _ engine: Engine) throws {
        layouts = LayoutCacheBox(LayoutCache(plan.types))
        usesTasks =
            plan.lifted.contains { $0.isAsync || $0.type.isAsync } || plan.trampolines.contains { $0.kind.usesTasks }
        var mayBlock = Array(repeating: false, count: plan.componentInstanceCount)
        for trampoline in plan.trampolines where trampoline.kind.mayBlock {
            mayBlock[trampoline.componentInstance] = true
        }
        self.mayBlock = mayBlock
        var linker = PlanLinker(plan: plan, modules: modules)
        for initializer in plan.initializers {
            if case .instantiate(let step) = initializer { linker.owners[step.coreInstance] = step.module }
        }
        for environment in plan.environments { is64.append(try linker.is64(environment)) }
        for trampoline in plan.trampolines {
            let (signature, layout, name) = try linker.signature(trampoline, layouts.cache, is64)
            guard let type = EngineFunctionType(engine.api, signature) else {
                throw ComponentError.invalid("a core function type the engine refuses", at: trampoline.offset)
            }
            linker.trampolines.append(signature)
            var element: ValueLayout?
            if case .copy(_, let type?, _) = trampoline.kind { element = try layouts.cache.layout(of: type) }
            trampolines.append(Trampoline(type: type, layout: layout, element: element, name: name))
        }
        for (index, initializer) in plan.initializers.enumerated() {
            if case .instantiate(let step) = initializer, case .embedded = step.module {
                arguments[index] = try linker.arguments(step)
            }
        }
        for function in plan.lifted {
            let layout = try layouts.cache.function(function.type)
            try linker.check(function, layout, is64: is64[function.environment])
            lifted.append(layout)
            let core = layout.coreType(
                .lift, is64: is64[function.environment], isAsync: function.isAsync,
                hasCallback: function.callback != nil)
            liftedCounts.append((core.parameters.count, core.results.count))
        }
        for environment in plan.environments {
            guard let realloc = environment.realloc else { continue }
            let kind: CoreSignature.Kind = try linker.is64(environment) ? .i64 : .i32
            try linker.expect(CoreSignature([kind, kind, kind, kind], [kind]), of: realloc, "`realloc`", at: nil)
        }
        for resource in plan.resources {
            if case .defined(_, let destructor?) = resource.origin {
                try linker.expect(CoreSignature([.i32], []), of: destructor, "a destructor", at: nil)
            }
        }
    }
}

/// Looks up and checks core types while a plan is linked.
private struct PlanLinker {
    let plan: ComponentPlan
    let modules: [CoreModule]
    var owners: [Int: ModuleItem] = [:]
    var trampolines: [CoreSignature] = []

    init(plan: ComponentPlan, modules: [CoreModule]) {
        self.plan = plan
        self.modules = modules
    }

    /// The type of a core item; throws when its module does not export it.
    func type(of item: CoreItem, at offset: Int?) throws(ComponentError) -> CoreModule.ExternalType {
        switch item.source {
        case .trampoline(let index): return .function(trampolines[index])
        case .export(let instance, let name):
            let found: CoreModule.ExternalType?
            switch owners[instance] {
            case .embedded(let module): found = modules[module].exports[name]
            case .imported(let index):
                found = plan.imports.modules[index].type.exports[name].map(CoreModule.ExternalType.init)
            case nil: found = nil
            }
            guard let found else {
                throw .missingExport(name.text, of: "core instance \(instance)", at: offset ?? 0)
            }
            return found
        }
    }

    func expect(
        _ signature: CoreSignature, of item: CoreItem, _ what: String, at offset: Int?
    ) throws(ComponentError) {
        let found = try type(of: item, at: offset)
        guard found == .function(signature) else {
            throw .invalid("\(what): expected a core function \(signature), found \(found.name)", at: offset)
        }
    }

    func is64(_ environment: ComponentPlan.EnvironmentPlan) throws(ComponentError) -> Bool {
        guard let memory = environment.memory else { return false }
        guard case .memory(let is64, let isShared) = try type(of: memory, at: nil) else {
            throw .invalid("canonical option `memory`: expected a memory", at: nil)
        }
        guard !isShared else { throw .unsupported("a shared memory in canonical options", at: nil) }
        return is64
    }

    func arguments(_ step: ComponentPlan.CoreInstantiation) throws(ComponentError) -> [CoreItem] {
        guard case .embedded(let index) = step.module else { return [] }
        var items: [CoreItem] = []
        for wanted in modules[index].imports {
            let found: CoreItem
            switch step.arguments[ExactName(wanted.module)] {
            case nil:
                throw .missingArgument("\(wanted.module)", at: step.offset)
            case .bundle(let bundle)?:
                guard let item = bundle[ExactName(wanted.name)] else {
                    throw .missingExport(wanted.name, of: "the argument `\(wanted.module)`", at: step.offset)
                }
                found = item
            case .instantiated(let instance, _)?:
                found = CoreItem(
                    sort: wanted.type.sort, source: .export(coreInstance: instance, name: ExactName(wanted.name)))
            }
            let type = try type(of: found, at: step.offset)
            guard type.fits(wanted.type) else {
                throw .invalid(
                    "import `\(wanted.module)` `\(wanted.name)`: expected \(wanted.type.name), found \(type.name)",
                    at: step.offset)
            }
            items.append(found)
        }
        return items
    }

    func check(
        _ function: ComponentPlan.LiftedFunction, _ layout: FunctionLayout, is64: Bool
    ) throws(ComponentError) {
        let core = layout.coreType(
            .lift, is64: is64, isAsync: function.isAsync, hasCallback: function.callback != nil)
        try expect(CoreSignature(core), of: function.core, "a lifted function", at: function.offset)
        let environment = plan.environments[function.environment]
        // The result of an async function goes through `task.return`, which has options of its own.
        let needsMemory =
            layout.parametersAreIndirect() || layout.parametersUseMemory
            || (!function.isAsync && (layout.resultIsIndirect() || layout.usesMemory))
        if needsMemory, environment.memory == nil {
            throw .invalid("canonical option `memory` is required", at: function.offset)
        }
        if layout.parametersAreIndirect() || layout.parametersUseMemory, environment.realloc == nil {
            throw .invalid("canonical option `realloc` is required", at: function.offset)
        }
        if let postReturn = function.postReturn {
            try expect(
                CoreSignature(CoreSignature(core).results, []), of: postReturn, "`post-return`", at: function.offset)
        }
        if let callback = function.callback {
            try expect(CoreSignature([.i32, .i32, .i32], [.i32]), of: callback, "`callback`", at: function.offset)
        }
    }

    /// The core type of a function that Dovetail provides, with its layout and a name for messages.
    func signature(
        _ trampoline: ComponentPlan.Trampoline, _ layouts: LayoutCache, _ is64: [Bool]
    ) throws -> (CoreSignature, FunctionLayout?, String) {
        func pointer(_ environment: Int?) -> CoreSignature.Kind { environment.map { is64[$0] } == true ? .i64 : .i32 }
        switch trampoline.kind {
        case .lower(let function, let environment, let isAsync):
            let layout = try layouts.function(function.type)
            let wide = is64[environment]
            let options = plan.environments[environment]
            if layout.parametersAreIndirect() || layout.resultIsIndirect() || layout.usesMemory
                || (isAsync && layout.result != nil),
                options.memory == nil
            {
                throw ComponentError.invalid("canonical option `memory` is required", at: trampoline.offset)
            }
            if layout.resultUsesMemory, options.realloc == nil {
                throw ComponentError.invalid("canonical option `realloc` is required", at: trampoline.offset)
            }
            let core = layout.coreType(.lower, is64: wide, isAsync: isAsync)
            return (CoreSignature(core), layout, plan.name(of: function))
        case .resourceNew: return (CoreSignature([.i32], [.i32]), nil, "resource.new")
        case .resourceDrop: return (CoreSignature([.i32], []), nil, "resource.drop")
        case .resourceRep: return (CoreSignature([.i32], [.i32]), nil, "resource.rep")
        case .contextGet(let type, _): return (CoreSignature([], [type == .i64 ? .i64 : .i32]), nil, "context.get")
        case .contextSet(let type, _): return (CoreSignature([type == .i64 ? .i64 : .i32], []), nil, "context.set")
        case .backpressure: return (CoreSignature([], []), nil, "backpressure")
        case .errorContextNew(let environment):
            return (
                CoreSignature([pointer(environment), pointer(environment)], [.i32]), nil, "error-context.new"
            )
        case .errorContextDebugMessage(let environment):
            return (CoreSignature([.i32, pointer(environment)], []), nil, "error-context.debug-message")
        case .errorContextDrop: return (CoreSignature([.i32], []), nil, "error-context.drop")
        case .taskReturn(let result, let environment):
            let parameters = result.map { [FunctionType.Parameter(name: "result", type: $0)] } ?? []
            let layout = try layouts.function(FunctionType(parameters: parameters, result: nil))
            let core = layout.coreType(.lower, is64: is64[environment])
            return (CoreSignature(core), layout, "task.return")
        case .copy(let builtin, _, let environment):
            return (builtin.signature(pointer(environment)), nil, builtin.name)
        case .threadNew(_, let isWide):
            return (CoreSignature([.i32, isWide ? .i64 : .i32], [.i32]), nil, "thread.new-indirect")
        case .concurrency(let builtin, let environment):
            return (builtin.signature(pointer(environment)), nil, builtin.name)
        }
    }
}

extension FunctionLayout {
    /// Whether values of the function have parts that lie in memory even when it is passed flat.
    var usesMemory: Bool { parametersUseMemory || resultUsesMemory }
    var parametersUseMemory: Bool { parameters.contains { $0.usesMemory } }
    var resultUsesMemory: Bool { result?.usesMemory ?? false }
}

extension ValueLayout {
    /// Whether the type has a string, list or map in it.
    var usesMemory: Bool {
        switch kind {
        case .string, .list, .map: return true
        case .fixedLengthList(let element, _): return element.usesMemory
        case .record(let fields), .tuple(let fields): return fields.contains { $0.layout.usesMemory }
        case .variant(let cases), .option(let cases), .result(let cases):
            return cases.payloads.contains { $0?.usesMemory ?? false }
        default: return false
        }
    }
}

extension CoreSignature {
    init(_ type: FunctionLayout.CoreType) {
        self.init(type.parameters.map(Kind.init), type.results.map(Kind.init))
    }
}

extension CoreSignature {
    init(_ type: CoreFunctionType) {
        self.init(type.parameters.map(Kind.init), type.results.map(Kind.init))
    }
}

extension CoreSignature.Kind {
    init(_ type: FlatType) {
        switch type {
        case .i32: self = .i32
        case .i64: self = .i64
        case .f32: self = .f32
        case .f64: self = .f64
        }
    }

    init(_ type: CoreValueType) {
        switch type {
        case .i32: self = .i32
        case .i64: self = .i64
        case .f32: self = .f32
        case .f64: self = .f64
        case .v128: self = .v128
        case .reference: self = .reference
        }
    }
}

extension CoreModule.ExternalType {
    init(_ type: ModuleType.External) {
        switch type {
        case .function(let function): self = .function(CoreSignature(function))
        case .table: self = .table
        case .memory(let memory): self = .memory(is64: memory.limits.is64, isShared: memory.limits.isShared)
        case .global: self = .global
        case .tag: self = .tag
        }
    }

    var sort: CoreSort {
        switch self {
        case .function: .function
        case .global: .global
        case .table: .table
        case .memory: .memory
        case .tag: .tag
        }
    }

    /// Whether the kinds agree; the engine checks the rest when it instantiates.
    func fits(_ wanted: CoreModule.ExternalType) -> Bool {
        switch (self, wanted) {
        case (.function(let one), .function(let other)): one == other
        case (.global, .global), (.table, .table), (.memory, .memory), (.tag, .tag): true
        default: false
        }
    }
}

extension ComponentPlan {
    /// A function's name for messages.
    func name(of function: FunctionItem) -> String {
        switch function.source {
        case .imported(let index): imports.functions[index].path.joined(separator: "#")
        case .lifted: "function of another component"
        }
    }
}
