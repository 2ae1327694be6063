// SPDX-License-Identifier: Apache-2.0

/// A length known at compile time; generated code declares one type for each length in use.
public protocol FixedCount {
    /// The length.
    static var count: Int { get }
}

/// A list whose length is part of its type: `list<T, n>`.
@frozen
public struct FixedLengthList<Count: FixedCount, Element> {
    /// The elements, `Count.count` of them.
    @inlinable public var elements: [Element] { storage }
    @usableFromInline var storage: [Element]

    /// Makes a list, `nil` when the number of elements is another.
    @inlinable
    public init?(_ elements: [Element]) {
        guard elements.count == Count.count else { return nil }
        storage = elements
    }

    @inlinable
    init(checked elements: [Element]) { storage = elements }
}

extension FixedLengthList: RandomAccessCollection, MutableCollection {
    /// The first position, 0.
    @inlinable public var startIndex: Int { 0 }
    /// The position behind the last.
    @inlinable public var endIndex: Int { storage.count }
    /// The element at `position`.
    @inlinable public subscript(position: Int) -> Element {
        get { storage[position] }
        set { storage[position] = newValue }
    }
}

extension FixedLengthList: Equatable where Element: Equatable {}
extension FixedLengthList: Hashable where Element: Hashable {}
extension FixedLengthList: Sendable where Element: Sendable {}

extension FixedLengthList: ComponentConvertible where Element: ComponentConvertible {
    /// As `list<…, n>`.
    public typealias Codec = FixedLengthListCodec<Count, Element.Codec>
}

/// The type `list<…, n>`.
public enum FixedLengthListCodec<Count: FixedCount, Element: ComponentCodec>: ComponentCodec {
    /// A list whose length is part of its type.
    public typealias Value = FixedLengthList<Count, Element.Value>

    /// The elements in a row.
    @inlinable public static var abi: StaticLayout { Element.abi.repeated(Count.count) }
    /// The type `list<…, n>`.
    @inlinable public static var shape: TypeShape { .fixedLengthList(Element.shape, count: Count.count) }

    /// Writes the elements in a row.
    @inlinable
    public static func lower(
        _ value: Value, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        for (index, element) in value.elements.enumerated() {
            do throws(ABIError) {
                try Element.lower(element, &cx, into: &flat)
            } catch {
                throw error.within(.index(index))
            }
        }
    }

    /// Writes the elements in a row.
    @inlinable
    public static func store(_ value: Value, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        try Element.storeList(value.elements, &cx, at: offset)
    }

    /// Reads the elements in a row.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Value {
        var elements: [Element.Value] = []
        elements.reserveCapacity(Count.count)
        for index in 0..<Count.count {
            do throws(ABIError) {
                elements.append(try Element.lift(&cx, from: &flat))
            } catch {
                throw error.within(.index(index))
            }
        }
        return Value(checked: elements)
    }

    /// Reads the elements in a row.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Value {
        Value(checked: try Element.loadList(&cx, at: offset, count: Count.count))
    }
}

extension FixedLengthListCodec: HashableCodec where Element: HashableCodec {
    /// Compares element by element.
    @inlinable
    public static func areEqual(_ left: Value, _ right: Value) -> Bool {
        left.elementsEqual(right, by: Element.areEqual)
    }

    /// Hashes each element.
    @inlinable
    public static func hash(_ value: Value, into hasher: inout Hasher) {
        for element in value.elements { Element.hash(element, into: &hasher) }
    }
}
