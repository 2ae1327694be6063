// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailBinaryReader
import DovetailTypes
import DovetailValidation

/// A plan with what calls need of it: every layout worked out, every core type made the engine's.
package struct LinkedPlan: Sendable {
    /// A lowered function or built-in, ready to be made a core function.
    struct Trampoline: Sendable {
        var type: EngineFunctionType
        var layout: FunctionLayout?
        /// The layout of the elements of a stream or future, `nil` when they have none.
        var element: ValueLayout?
        var name: String
    }

    /// How a lifted function is called: what its calls ask for each time.
    struct CallConvention: BitwiseCopyable {
        /// Whether it is lifted with `async`, and whether its type is.
        let isAsync: Bool
        let isAsyncType: Bool
        let hasCallback: Bool
        /// Whether code of its component instance can block.
        let mayBlock: Bool
        let componentInstance: Int

        init(_ function: ComponentPlan.LiftedFunction, mayBlock: Bool) {
            isAsync = function.isAsync
            isAsyncType = function.type.isAsync
            hasCallback = function.callback != nil
            self.mayBlock = mayBlock
            componentInstance = function.componentInstance
        }
    }

    /// The layouts of lifted functions, and how they are called.
    var lifted: [FunctionLayout] = []
    let conventions: [CallConvention]
    var trampolines: [Trampoline] = []
    /// Whether the component has tasks, subtasks, streams or threads, so that its calls have to be told apart.
    let usesTasks: Bool
    let layouts: LayoutCacheBox

    /// A layout cache behind the plan's immutability.
    final class LayoutCacheBox: @unchecked Sendable {
        // @unchecked because it is filled while the plan is linked and not used afterwards.
        let cache: LayoutCache
        init(_ cache: LayoutCache) { self.cache = cache }
    }

    init(_ plan: ComponentPlan, _ engine: Engine) throws {
        layouts = LayoutCacheBox(LayoutCache(plan.types))
        usesTasks =
            plan.lifted.contains { $0.isAsync || $0.type.isAsync } || plan.trampolines.contains { $0.kind.usesTasks }
        var mayBlock = Array(repeating: false, count: plan.componentInstanceCount)
        for trampoline in plan.trampolines where trampoline.kind.mayBlock {
            mayBlock[trampoline.componentInstance] = true
        }
        conventions = plan.lifted.map { CallConvention($0, mayBlock: mayBlock[$0.componentInstance]) }
        for trampoline in plan.trampolines {
            guard let type = EngineFunctionType(engine.api, CoreSignature(trampoline.coreType)) else {
                throw ComponentError.invalid("a core function type the engine refuses", at: trampoline.offset)
            }
            var layout: FunctionLayout?
            var element: ValueLayout?
            switch trampoline.kind {
            case .lower(let function, _, _): layout = try layouts.cache.function(function.type)
            case .taskReturn(let result, _):
                let parameters = result.map { [FunctionType.Parameter(name: "result", type: $0)] } ?? []
                layout = try layouts.cache.function(FunctionType(parameters: parameters, result: nil))
            case .copy(_, let type?, _): element = try layouts.cache.layout(of: type)
            default: break
            }
            trampolines.append(Trampoline(type: type, layout: layout, element: element, name: trampoline.name))
        }
        for function in plan.lifted { lifted.append(try layouts.cache.function(function.type)) }
    }
}

extension FunctionLayout {
    /// Whether the result has a string, list or map in it.
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
    init(_ type: CoreFunctionType) {
        self.init(type.parameters.map(Kind.init), type.results.map(Kind.init))
    }
}

extension CoreSignature.Kind {
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
    var sort: CoreSort {
        switch self {
        case .function: .function
        case .global: .global
        case .table: .table
        case .memory: .memory
        case .tag: .tag
        }
    }
}
