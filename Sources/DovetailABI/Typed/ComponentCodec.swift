// SPDX-License-Identifier: Apache-2.0

/// How the values of one component-level type cross the boundary of a component.
///
/// ``Value`` is what Swift code has for them. Codecs are named by generated code only: types that users name are their own
/// values, with the codec behind ``ComponentConvertible/Codec``. All of a codec is known at compile time, so that what it
/// does is inlined into the call. (CanonicalABI.md, "Loading", "Storing", "Flat Lifting", "Flat Lowering")
public protocol ComponentCodec: SendableMetatype {
    /// The Swift type of the values.
    associatedtype Value
    /// The layout in memory and as core values.
    static var abi: StaticLayout { get }
    /// The structure, to be compared with what a component declares.
    static var shape: TypeShape { get }
    /// Writes a value as exactly `abi.flatCount` core values.
    static func lower(_ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError)
    /// Writes a value to memory; `offset` is aligned and the whole value inside the memory.
    static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError)
    /// Writes the elements of a list one behind the other; `offset` is checked for all of them.
    static func storeList(_ elements: [Value], _ cx: inout CanonicalContext, at offset: Int) throws(ABIError)
    /// Reads exactly `abi.flatCount` core values.
    static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value
    /// Reads from memory; `offset` is aligned and the whole value inside the memory.
    static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value
    /// Reads `count` elements of a list; `offset` is checked for all of them.
    static func loadList(_ cx: inout CanonicalContext, at offset: Int, count: Int) throws(ABIError) -> [Value]
}

extension ComponentCodec {
    /// Stores the elements one by one.
    @inlinable
    public static func storeList(
        _ elements: [Value], _ cx: inout CanonicalContext, at offset: Int
    ) throws(ABIError) {
        let stride = abi.size(cx.is64)
        var position = offset
        var index = 0
        while index < elements.count {
            do throws(ABIError) {
                try store(elements[index], &cx, at: position)
            } catch {
                throw error.within(.index(index))
            }
            position &+= stride
            index &+= 1
        }
    }

    /// Loads the elements one by one.
    @inlinable
    public static func loadList(
        _ cx: inout CanonicalContext, at offset: Int, count: Int
    ) throws(ABIError) -> [Value] {
        let stride = abi.size(cx.is64)
        try cx.charge(count &* max(stride, MemoryLayout<Value>.stride))
        var elements: [Value] = []
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

/// A codec whose values are compared and hashed by it: Swift's tuples conform to no protocol, and generated types with
/// tuples in them are `Hashable` nevertheless.
public protocol HashableCodec: ComponentCodec {
    /// Whether two values are equal.
    static func areEqual(_ left: Value, _ right: Value) -> Bool
    /// Feeds the parts of a value to `hasher`.
    static func hash(_ value: Value, into hasher: inout Hasher)
}

extension HashableCodec where Value: Hashable {
    /// Compares with `==`.
    @inlinable
    public static func areEqual(_ left: Value, _ right: Value) -> Bool { left == right }

    /// Hashes as the type itself does.
    @inlinable
    public static func hash(_ value: Value, into hasher: inout Hasher) { value.hash(into: &hasher) }
}

/// A Swift type whose values can be passed to components and come out of them.
///
/// Numbers, `Bool`, `String`, `Unicode.Scalar`, arrays, dictionaries, optionals and results of such are; so are the types
/// that bindings declare.
public protocol ComponentConvertible: SendableMetatype {
    /// How the values cross.
    associatedtype Codec: ComponentCodec where Codec.Value == Self
}
