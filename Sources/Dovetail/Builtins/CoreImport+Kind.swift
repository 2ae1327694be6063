// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailABI
import DovetailBinaryReader
import DovetailValidation

extension CoreImport {
    /// Looks everything up that the function of the plan needs.
    static func kind(
        _ trampoline: ComponentPlan.Trampoline, _ instance: InstanceState, _ position: Int
    ) throws -> Kind {
        func resource(_ index: Int) throws -> ResourceType {
            guard let type = instance.resourceTypes[instance.pre.component.plan.resources[index].type.index] else {
                throw ComponentError.invalid("a resource is used before it is defined", at: trampoline.offset)
            }
            return type
        }
        func environment(_ index: Int) throws -> InstanceEnvironment { try instance.environment(index) }
        switch trampoline.kind {
        case .lower(let function, let layout, let index, let isAsync):
            let call = LoweredCall(
                layout: layout, environment: try environment(index), isAsync: isAsync,
                isAsyncType: function.type.isAsync)
            switch function.source {
            case .imported(let index):
                switch instance.pre.functions[index] {
                case .host(let host): return .host(instance.pre.hosts[position] ?? host.direct(layout), call)
                case .guest(let reference):
                    guard reference.store === instance.store else {
                        throw LinkError(
                            LinkError.mismatch(trampoline.name, "the instance that defines it is in another store"))
                    }
                    return .guest(reference.function, call)
                }
            case .lifted(let index):
                return .guest(instance.lifted(index), call)
            }
        case .resourceNew(let index): return .resourceNew(try resource(index))
        case .resourceDrop(let index): return .resourceDrop(try resource(index))
        case .resourceRep(let index): return .resourceRep(try resource(index))
        case .contextGet(_, let slot): return .contextGet(Int(slot))
        case .contextSet(let type, let slot): return .contextSet(Int(slot), isWide: type == .i64)
        case .backpressure(let increment): return .backpressure(increment: increment)
        case .errorContextNew(let index): return .errorContextNew(try environment(index))
        case .errorContextDebugMessage(let index): return .errorContextDebugMessage(try environment(index))
        case .errorContextDrop: return .errorContextDrop
        case .taskReturn(let layout, let index): return .taskReturn(try environment(index), layout)
        case .copy(let builtin, let element, let index):
            return .copy(
                builtin, ElementType(instance: instance, type: element?.type), element, try index.map(environment))
        case .threadNew(let start):
            // Now, because nothing is instantiated on a fiber.
            _ = try instance.store.functionTypeTest()
            return .threadNew(start)
        case .concurrency(let builtin, let index): return .concurrency(builtin, try index.map(environment))
        }
    }
}
