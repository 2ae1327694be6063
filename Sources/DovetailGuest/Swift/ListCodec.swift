// SPDX-License-Identifier: Apache-2.0

/// The codec of lists.
public enum ListCodec<Element: ComponentCodec>: ComponentCodec {
    /// The Swift type.
    public typealias Value = [Element.Value]

    /// What a value takes up.
    public static var abi: StaticLayout { StaticLayout(size: 8, alignment: 4, flatCount: 2) }

    /// A list that came in; its memory is freed.
    public static func take(_ pointer: Int32, _ count: Int32) -> [Element.Value] {
        guard count != 0, let bytes = UnsafeMutableRawPointer(bitPattern: Int(pointer)) else { return [] }
        let list = read(bytes, Int(count))
        releaseMemory(bytes)
        return list
    }

    /// The elements at `place`.
    static func read(_ place: UnsafeRawPointer, _ count: Int) -> [Element.Value] {
        [Element.Value](unsafeUninitializedCapacity: count) { room, filled in
            let first = room.baseAddress.unsafelyUnwrapped
            if Element.abi.isPlain {
                UnsafeMutableRawPointer(first).copyMemory(from: place, byteCount: count &* Element.abi.size)
            } else {
                for index in 0..<count {
                    (first + index).initialize(to: Element.load(place + index &* Element.abi.size))
                }
            }
            filled = count
        }
    }

    /// Writes elements to `place`.
    static func write(_ list: [Element.Value], _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        if Element.abi.isPlain {
            list.withUnsafeBytes { bytes in
                if let source = bytes.baseAddress { place.copyMemory(from: source, byteCount: bytes.count) }
            }
        } else {
            var next = place
            for element in list {
                Element.store(element, next, &arena)
                next += Element.abi.size
            }
        }
    }

    /// Lends a list of numbers to a call.
    @inline(__always)
    public static func lend<Result>(
        _ value: [Element.Value], _ body: (Int32, Int32) -> Result
    ) -> Result {
        value.withUnsafeBytes { bytes in
            body(
                Int32(truncatingIfNeeded: Int(bitPattern: bytes.baseAddress)), Int32(truncatingIfNeeded: value.count))
        }
    }

    /// Writes a list that is the result of a function: numbers stay where they are.
    public static func result(_ value: [Element.Value]) -> UnsafeMutableRawPointer {
        var arena = Arena()
        let place = arena.take(8, 4)
        if Element.abi.isPlain, !value.isEmpty {
            place.storeBytes(of: arena.keep(value), as: UnsafeRawPointer.self)
            place.storeBytes(of: value.count, toByteOffset: 4, as: Int.self)
        } else {
            store(value, place, &arena)
        }
        arena.detach()
        return place
    }

    /// Reads a value out of memory.
    public static func load(_ place: UnsafeRawPointer) -> [Element.Value] {
        take(place.load(as: Int32.self), place.load(fromByteOffset: 4, as: Int32.self))
    }

    /// Writes a value into memory.
    public static func store(_ value: [Element.Value], _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        let memory = arena.take(value.count &* Element.abi.size, Element.abi.alignment)
        write(value, memory, &arena)
        place.storeBytes(of: memory, as: UnsafeMutableRawPointer.self)
        place.storeBytes(of: value.count, toByteOffset: 4, as: Int.self)
    }

    /// Reads a value out of core values.
    public static func lift(_ flat: inout FlatReader) -> [Element.Value] {
        let pointer = flat.next(Int32.self)
        return take(pointer, flat.next(Int32.self))
    }

    /// Writes a value as core values.
    public static func lower(_ value: [Element.Value], _ flat: inout FlatWriter, _ arena: inout Arena) {
        let memory = arena.take(value.count &* Element.abi.size, Element.abi.alignment)
        write(value, memory, &arena)
        flat.write(Int(bitPattern: memory))
        flat.write(value.count)
    }
}
