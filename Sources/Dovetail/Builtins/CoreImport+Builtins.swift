// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailBinaryReader
import DovetailValidation

/// The built-ins that any component can use, and the way to the others.
extension CoreImport {
    func callBuiltin(_ slots: UnsafeMutableRawPointer) throws {
        var reader = FlatReader(slots)
        var writer = FlatWriter(slots)
        // No reference to the store stays in this frame, as some built-ins block.
        let core = instance.store.core
        switch kind {
        case .contextGet(let slot):
            guard let frame = core.pointee.running.frame else { return writer.write(UInt64(0)) }
            return writer.write(slot == 0 ? frame.pointee.context.0 : frame.pointee.context.1)
        case .contextSet(let slot, let isWide):
            let value = isWide ? reader.nextU64() : UInt64(reader.nextU32())
            if slot == 0 {
                core.pointee.running.frame?.pointee.context.0 = value
            } else {
                core.pointee.running.frame?.pointee.context.1 = value
            }
            return
        case .backpressure(let increment):
            component.core.pointee.backpressure += increment ? 1 : -1
            guard (0..<(1 << 16)).contains(component.core.pointee.backpressure) else {
                throw Trap(code: .other, message: "the backpressure counter leaves its range of 0 to 65535")
            }
            if component.core.pointee.backpressure == 0 { instance.store.scheduler.opened(component) }
            return
        case .resourceRep(let type):
            return writer.write(try component.handles.rep(reader.nextU32(), type))
        default: break
        }
        guard component.core.pointee.mayLeave else { throw Trap.cannotLeave() }
        switch kind {
        case .resourceNew(let type):
            writer.write(try component.handles.addOwn(type, rep: reader.nextU32()))
        case .resourceDrop(let type):
            let (rep, wasOwned) = try component.handles.drop(reader.nextU32(), type)
            if wasOwned { try instance.store.destroy(type, rep) }
        case .errorContextNew(let environment):
            environment.core.refresh()
            var cx = CanonicalContext(environment, copyBudget: instance.store.configuration.copyBudget)
            let message = try StringCodec.lift(&cx, from: &reader)
            writer.write(try component.handles.add(object: ErrorContext(message)))
        case .errorContextDebugMessage(let environment):
            let object = try component.handles.object(at: reader.nextU32(), as: ErrorContext.self)
            environment.core.refresh()
            var cx = CanonicalContext(environment, copyBudget: instance.store.configuration.copyBudget)
            let offset = try cx.check(
                reader.nextPointer(environment.is64), size: StringCodec.abi.size(environment.is64),
                alignment: StringCodec.abi.alignment(environment.is64))
            try StringCodec.store(object.debugMessage, &cx, at: offset)
        case .errorContextDrop:
            _ = try component.handles.removeObject(at: reader.nextU32(), as: ErrorContext.self)
        case .taskReturn(let environment, let expected): try callTaskReturn(environment, expected, slots)
        case .copy(let builtin, let element, let layout, let environment):
            try callCopy(builtin, element, layout, environment, slots)
        case .threadNew(let start): try callThreadNew(start, slots)
        case .concurrency(let builtin, let environment): try callConcurrency(builtin, environment, slots)
        default: throw Trap.unsupported("the built-in `\(name)`")
        }
    }
}

/// An error context. (CanonicalABI.md, `canon error-context.new`)
final class ErrorContext {
    let debugMessage: String
    init(_ debugMessage: String) { self.debugMessage = debugMessage }
}
