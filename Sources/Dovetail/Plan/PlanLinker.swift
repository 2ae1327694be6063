// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailBinary
import DovetailTypes

/// Looks up and checks core types while a plan is linked.
struct PlanLinker {
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
