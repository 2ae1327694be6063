// SPDX-License-Identifier: Apache-2.0

extension String {
    /// How values cross.
    public typealias Codec = StringCodec
}

/// The codec of strings, as UTF-8.
public enum StringCodec: ComponentCodec {
    /// What a value takes up.
    public static var abi: StaticLayout { StaticLayout(size: 8, alignment: 4, flatCount: 2) }

    /// A string that came in; its memory is freed.
    public static func take(_ pointer: Int32, _ count: Int32) -> String {
        guard count != 0, let bytes = UnsafeMutableRawPointer(bitPattern: Int(pointer)) else { return "" }
        let count = Int(count)
        let text = String(unsafeUninitializedCapacity: count) { room in
            UnsafeMutableRawPointer(room.baseAddress.unsafelyUnwrapped).copyMemory(from: bytes, byteCount: count)
            return count
        }
        releaseMemory(bytes)
        return text
    }

    /// The bytes of a string, for the time of a call.
    @inline(__always)
    static func withBytes<Result>(_ value: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        // All strings are UTF-8 in one piece here; `withUTF8` would bring code for others.
        value.utf8.withContiguousStorageIfAvailable(body).unsafelyUnwrapped
    }

    /// Lends the bytes to a call.
    @inline(__always)
    public static func lend<Result>(_ value: String, _ body: (Int32, Int32) -> Result) -> Result {
        withBytes(value) { bytes in
            body(
                Int32(truncatingIfNeeded: Int(bitPattern: bytes.baseAddress)), Int32(truncatingIfNeeded: bytes.count))
        }
    }

    private static func copy(_ value: String, _ arena: inout Arena) -> (UnsafeMutableRawPointer, Int) {
        let count = value.utf8.count
        let place = arena.take(count, 1)
        withBytes(value) { bytes in
            if let source = bytes.baseAddress { place.copyMemory(from: source, byteCount: count) }
        }
        return (place, count)
    }

    /// Reads a value out of memory.
    public static func load(_ place: UnsafeRawPointer) -> String {
        take(place.load(as: Int32.self), place.load(fromByteOffset: 4, as: Int32.self))
    }

    /// Writes a value into memory.
    public static func store(_ value: String, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        let (pointer, count) = copy(value, &arena)
        place.storeBytes(of: pointer, as: UnsafeMutableRawPointer.self)
        place.storeBytes(of: count, toByteOffset: 4, as: Int.self)
    }

    /// Reads a value out of core values.
    public static func lift(_ flat: inout FlatReader) -> String {
        let pointer = flat.next(Int32.self)
        return take(pointer, flat.next(Int32.self))
    }

    /// Writes a value as core values.
    public static func lower(_ value: String, _ flat: inout FlatWriter, _ arena: inout Arena) {
        let (pointer, count) = copy(value, &arena)
        flat.write(Int(bitPattern: pointer))
        flat.write(count)
    }
}
