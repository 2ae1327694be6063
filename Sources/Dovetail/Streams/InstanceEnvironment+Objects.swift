// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

/// Streams, futures and error contexts on their way in and out of an instance.
/// (CanonicalABI.md, `lift_async_value`, `lower_async_value`)
extension InstanceEnvironment {
    /// What a stream or future type carries; `nil` for an error context.
    private func content(of type: ValueType) throws(ABIError) -> (element: ElementType, isStream: Bool)? {
        let types = instance.component.plan.types
        guard case .defined(let id) = types.dealiased(type) else { return nil }
        switch types[id].kind {
        case .stream(let type): return (ElementType(instance: instance, type: type), true)
        case .future(let type): return (ElementType(instance: instance, type: type), false)
        default: throw .unsupported("a handle of this type")
        }
    }

    func take(_ index: UInt32, type: ValueType) throws(ABIError) -> AnyObject {
        guard let (element, isStream) = try content(of: type) else {
            // These are copied; each owner drops its copy. (CanonicalABI.md, `lift_error_context`)
            return try handles.object(at: index, as: ErrorContext.self, expected: "an error context")
        }
        return try takeReadable(index, isStream: isStream, element)
    }

    /// Takes out the end of a stream or future that is read, for the host.
    func takeReadable(_ index: UInt32, isStream: Bool, _ element: ElementType) throws(ABIError) -> AsyncEnd {
        let end = try component.takeEnd(index, isStream: isStream, isReadable: true, element)
        end.owner = nil
        end.index = 0
        return end
    }

    func give(_ object: AnyObject, type: ValueType) throws(ABIError) -> UInt32 {
        guard let (element, isStream) = try content(of: type) else {
            guard object is ErrorContext else { throw .expected("an error context", found: "another object") }
            return try handles.add(object: object)
        }
        // The host may have kept one that it gave away before, or have it from another store.
        guard let end = object as? AsyncEnd, end.isStream == isStream, end.isReadable, end.owner == nil,
            end.state == .idle, end.store === instance.store.link, end.element.isSame(as: element)
        else {
            throw .expected(
                "the readable end of a \(isStream ? "stream" : "future") of this type that nobody has",
                found: "another object")
        }
        return try giveReadable(end)
    }

    /// Gives the instance an end that nobody has.
    func giveReadable(_ end: AsyncEnd) throws(ABIError) -> UInt32 {
        let index = try handles.add(object: end)
        end.owner = component
        end.index = index
        return index
    }
}

/// The ends of streams and futures that a component instance has.
extension ComponentInstance {
    /// The end at `index`, when it is of that kind and type.
    func end(
        _ index: UInt32, isStream: Bool, isReadable: Bool, _ element: ElementType
    ) throws(ABIError) -> AsyncEnd {
        let wanted = "the \(isReadable ? "readable" : "writable") end of a \(isStream ? "stream" : "future")"
        let end = try handles.object(at: index, as: AsyncEnd.self, expected: wanted)
        guard end.isStream == isStream, end.isReadable == isReadable, end.element.isSame(as: element) else {
            throw .handleOfAnotherType(index, expected: wanted + " of this type", found: "another")
        }
        end.adopt(element)
        return end
    }

    /// Takes an end out that is not in use, to be passed on.
    func takeEnd(
        _ index: UInt32, isStream: Bool, isReadable: Bool, _ element: ElementType
    ) throws(ABIError) -> AsyncEnd {
        let end = try end(index, isStream: isStream, isReadable: isReadable, element)
        guard end.state == .idle, end.set == nil else {
            throw .handleOfAnotherType(
                index, expected: "a \(isStream ? "stream" : "future") that is idle", found: "one in use")
        }
        return try handles.removeObject(at: index, as: AsyncEnd.self)
    }
}
