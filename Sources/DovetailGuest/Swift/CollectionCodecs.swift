// SPDX-License-Identifier: Apache-2.0

/// The codec of maps. Of entries with the same key, the last one counts.
public enum MapCodec<Key: ComponentCodec, Element: ComponentCodec>: ComponentCodec where Key.Value: Hashable {
    /// The Swift type.
    public typealias Value = [Key.Value: Element.Value]

    /// What a value takes up.
    public static var abi: StaticLayout { StaticLayout(size: 8, alignment: 4, flatCount: 2) }

    private static var alignment: Int { max(Key.abi.alignment, Element.abi.alignment) }
    private static var elementOffset: Int {
        (Key.abi.size &+ Element.abi.alignment &- 1) & (0 &- Element.abi.alignment)
    }
    private static var stride: Int { (elementOffset &+ Element.abi.size &+ alignment &- 1) & (0 &- alignment) }

    private static func take(_ pointer: Int32, _ count: Int32) -> Value {
        guard count != 0, let bytes = UnsafeMutableRawPointer(bitPattern: Int(pointer)) else { return [:] }
        var map = Value(minimumCapacity: Int(count))
        for index in 0..<Int(count) {
            let place = UnsafeRawPointer(bytes) + index &* stride
            map[Key.load(place)] = Element.load(place + elementOffset)
        }
        releaseMemory(bytes)
        return map
    }

    private static func write(_ map: Value, _ arena: inout Arena) -> UnsafeMutableRawPointer {
        let memory = arena.take(map.count &* stride, alignment)
        var next = memory
        for (key, element) in map {
            Key.store(key, next, &arena)
            Element.store(element, next + elementOffset, &arena)
            next += stride
        }
        return memory
    }

    /// Reads a value out of memory.
    public static func load(_ place: UnsafeRawPointer) -> Value {
        take(place.load(as: Int32.self), place.load(fromByteOffset: 4, as: Int32.self))
    }

    /// Writes a value into memory.
    public static func store(_ value: Value, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        place.storeBytes(of: write(value, &arena), as: UnsafeMutableRawPointer.self)
        place.storeBytes(of: value.count, toByteOffset: 4, as: Int.self)
    }

    /// Reads a value out of core values.
    public static func lift(_ flat: inout FlatReader) -> Value {
        let pointer = flat.next(Int32.self)
        return take(pointer, flat.next(Int32.self))
    }

    /// Writes a value as core values.
    public static func lower(_ value: Value, _ flat: inout FlatWriter, _ arena: inout Arena) {
        flat.write(Int(bitPattern: write(value, &arena)))
        flat.write(value.count)
    }
}

/// A length known at compile time; generated code declares one type for each length in use.
public protocol FixedCount {
    /// The length.
    static var count: Int { get }
}

/// A list whose length is part of its type: `list<T, n>`.
public struct FixedLengthList<Count: FixedCount, Element> {
    /// The elements, `Count.count` of them.
    public private(set) var elements: [Element]

    /// Makes a list, `nil` when the number of elements is another.
    public init?(_ elements: [Element]) {
        guard elements.count == Count.count else { return nil }
        self.elements = elements
    }

    init(checked elements: [Element]) { self.elements = elements }
}

extension FixedLengthList: RandomAccessCollection, MutableCollection {
    /// The first position, 0.
    public var startIndex: Int { 0 }
    /// The position behind the last.
    public var endIndex: Int { elements.count }
    /// The element at `position`.
    public subscript(position: Int) -> Element {
        get { elements[position] }
        set { elements[position] = newValue }
    }
}

extension FixedLengthList: Equatable where Element: Equatable {}
extension FixedLengthList: Hashable where Element: Hashable {}
extension FixedLengthList: Sendable where Element: Sendable {}

/// The codec of lists whose length is part of their type.
public enum FixedLengthListCodec<Count: FixedCount, Element: ComponentCodec>: ComponentCodec {
    /// The Swift type.
    public typealias Value = FixedLengthList<Count, Element.Value>

    /// What a value takes up.
    public static var abi: StaticLayout {
        StaticLayout(
            size: Element.abi.size &* Count.count, alignment: Element.abi.alignment,
            flatCount: Element.abi.flatCount &* Count.count)
    }

    /// Reads a value out of memory.
    public static func load(_ place: UnsafeRawPointer) -> Value {
        Value(checked: ListCodec<Element>.read(place, Count.count))
    }

    /// Writes a value into memory.
    public static func store(_ value: Value, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        ListCodec<Element>.write(value.elements, place, &arena)
    }

    /// Reads a value out of core values.
    public static func lift(_ flat: inout FlatReader) -> Value {
        var elements: [Element.Value] = []
        elements.reserveCapacity(Count.count)
        for _ in 0..<Count.count { elements.append(Element.lift(&flat)) }
        return Value(checked: elements)
    }

    /// Writes a value as core values.
    public static func lower(_ value: Value, _ flat: inout FlatWriter, _ arena: inout Arena) {
        for element in value.elements { Element.lower(element, &flat, &arena) }
    }
}
