// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

/// Streams, futures and error contexts on their way in and out of an instance.
/// (CanonicalABI.md, `lift_async_value`, `lower_async_value`)
extension InstanceEnvironment {
    func take(_ index: UInt32, type: ValueType) throws(ABIError) -> AnyObject {
        let types = instance.component.plan.types
        guard case .defined(let id) = types.dealiased(type) else {
            return try handles.removeObject(at: index, as: ErrorContext.self, expected: "an error context")
        }
        let element: ValueType?
        let isStream: Bool
        switch types[id].kind {
        case .stream(let type): (element, isStream) = (type, true)
        case .future(let type): (element, isStream) = (type, false)
        default: throw .unsupported("a handle of this type")
        }
        let wanted = "the readable end of a \(isStream ? "stream" : "future")"
        let end = try handles.object(at: index, as: AsyncEnd.self, expected: wanted)
        guard end.isStream == isStream, end.isReadable,
            end.element.isSame(as: ElementType(instance: instance, type: element))
        else { throw .handleOfAnotherType(index, expected: wanted + " of this type", found: "another") }
        guard end.state == .idle, end.set == nil else {
            throw .handleOfAnotherType(index, expected: "a \(isStream ? "stream" : "future") that is idle", found: "one in use")
        }
        _ = try handles.removeObject(at: index, as: AsyncEnd.self)
        end.owner = nil
        end.index = 0
        return end
    }

    func give(_ object: AnyObject) throws(ABIError) -> UInt32 {
        let index = try handles.add(object: object)
        if let end = object as? AsyncEnd {
            end.owner = component
            end.index = index
        }
        return index
    }
}
