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
