// SPDX-License-Identifier: Apache-2.0

/// A Swift type that stands for a component-level type.
public protocol ComponentTyped: SendableMetatype {
    /// The layout in memory and as core values.
    static var abi: StaticLayout { get }
    /// The type's structure, to be compared with what a component declares.
    static var shape: TypeShape { get }
}

/// A Swift type whose values can be passed into a component. (CanonicalABI.md, "Storing", "Flat Lowering")
public protocol Lowerable: ComponentTyped {
    /// Writes the value as exactly `abi.flatCount` core values.
    func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError)
    /// Writes the value to memory; `offset` is aligned and the whole value inside the memory.
    func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError)
    /// Writes the elements of a list one behind the other; `offset` is checked for all of them.
    static func storeList(_ elements: [Self], _ cx: inout CanonicalContext, at offset: Int) throws(ABIError)
}

/// A Swift type whose values can come out of a component. (CanonicalABI.md, "Loading", "Flat Lifting")
public protocol Liftable: ComponentTyped {
    /// Reads exactly `abi.flatCount` core values.
    static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self
    /// Reads from memory; `offset` is aligned and the whole value inside the memory.
    static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self
    /// Reads `count` elements of a list; `offset` is checked for all of them.
    static func loadList(_ cx: inout CanonicalContext, at offset: Int, count: Int) throws(ABIError) -> [Self]
}

/// A Swift type that goes both ways, as `Codable` does.
public typealias ComponentConvertible = Liftable & Lowerable

extension Lowerable {
    /// Stores the elements one by one.
    @inlinable
    public static func storeList(
        _ elements: [Self], _ cx: inout CanonicalContext, at offset: Int
    ) throws(ABIError) {
        let stride = abi.size(cx.is64)
        var position = offset
        var index = 0
        while index < elements.count {
            do throws(ABIError) {
                try elements[index].store(&cx, at: position)
            } catch {
                throw error.within(.index(index))
            }
            position &+= stride
            index &+= 1
        }
    }
}

extension Liftable {
    /// Loads the elements one by one.
    @inlinable
    public static func loadList(
        _ cx: inout CanonicalContext, at offset: Int, count: Int
    ) throws(ABIError) -> [Self] {
        let stride = abi.size(cx.is64)
        try cx.charge(count &* max(stride, MemoryLayout<Self>.stride))
        var elements: [Self] = []
        elements.reserveCapacity(count)
        var position = offset
        var index = 0
        while index < count {
            do throws(ABIError) {
                elements.append(try load(&cx, at: position))
            } catch {
                throw error.within(.index(index))
            }
            position &+= stride
            index &+= 1
        }
        return elements
    }
}
