// SPDX-License-Identifier: Apache-2.0

@_extern(c, "dovetail_allocate") func allocateMemory(_ count: Int) -> UnsafeMutableRawPointer
@_extern(c, "dovetail_release") func releaseMemory(_ memory: UnsafeMutableRawPointer?)
@_extern(c, "dovetail_result") func resultArea() -> UnsafeMutableRawPointer

/// Memory that is freed together: that of a call's arguments after the call, that of a result when the caller has read it.
///
/// It is a list of chunks, each with a head of sixteen bytes: the next chunk, and an object that is kept alive.
public struct Arena: ~Copyable {
    private var first: UnsafeMutableRawPointer?
    private var cursor: UnsafeMutableRawPointer
    private var end: UnsafeMutableRawPointer

    private static var head: Int { 16 }
    private static var room: Int { 240 }

    /// Makes one that has no memory yet.
    @inline(__always)
    public init() {
        first = nil
        cursor = UnsafeMutableRawPointer(bitPattern: 8).unsafelyUnwrapped
        end = cursor
    }

    /// Memory of `size` bytes.
    public mutating func take(_ size: Int, _ alignment: Int) -> UnsafeMutableRawPointer {
        var place = cursor.alignedUp(toMultipleOf: alignment)
        if UInt(bitPattern: end) < UInt(bitPattern: place) &+ UInt(bitPattern: size) { place = grow(size) }
        cursor = place + size
        return place
    }

    @inline(never)
    private mutating func grow(_ size: Int) -> UnsafeMutableRawPointer {
        let room = max(size, Self.room)
        let chunk = allocateMemory(room &+ Self.head)
        chunk.storeBytes(of: nil, as: UnsafeMutableRawPointer?.self)
        chunk.storeBytes(of: nil, toByteOffset: 4, as: UnsafeRawPointer?.self)
        if let first {
            // The first one stays in front: the address of what was taken first names the arena.
            chunk.storeBytes(of: first.load(as: UnsafeMutableRawPointer?.self), as: UnsafeMutableRawPointer?.self)
            first.storeBytes(of: chunk, as: UnsafeMutableRawPointer?.self)
        } else {
            first = chunk
        }
        end = chunk + Self.head + room
        return chunk + Self.head
    }

    /// Leaves the memory to ``release(_:)``.
    @inline(__always)
    public mutating func detach() { first = nil }

    /// Keeps an array alive instead of copying it; once in an arena, after the first ``take(_:_:)``.
    mutating func keep<Element>(_ array: [Element]) -> UnsafeRawPointer {
        let object = unsafeBitCast(array, to: UnsafeRawPointer.self)
        _ = Unmanaged<AnyObject>.fromOpaque(object).retain()
        first.unsafelyUnwrapped.storeBytes(of: object, toByteOffset: 4, as: UnsafeRawPointer?.self)
        return array.withUnsafeBytes { $0.baseAddress.unsafelyUnwrapped }
    }

    /// Frees the memory of a detached arena, given what was taken from it first.
    public static func release(_ result: UnsafeMutableRawPointer) { releaseChunks(result - head) }

    @inline(never)
    private static func releaseChunks(_ first: UnsafeMutableRawPointer) {
        if let object = first.load(fromByteOffset: 4, as: UnsafeRawPointer?.self) {
            Unmanaged<AnyObject>.fromOpaque(object).release()
        }
        var next: UnsafeMutableRawPointer? = first
        while let chunk = next {
            next = chunk.load(as: UnsafeMutableRawPointer?.self)
            releaseMemory(chunk)
        }
    }

    deinit { if let first { Self.releaseChunks(first) } }
}

/// Memory on the stack for the time of a call, and an arena for what does not fit there.
@inline(__always)
public func withArea<Result: ~Copyable>(
    _ size: Int, _ body: (UnsafeMutableRawPointer, inout Arena) -> Result
) -> Result {
    withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { area in
        var arena = Arena()
        return body(area.baseAddress.unsafelyUnwrapped, &arena)
    }
}

/// Frees the memory that arguments came in, when there were too many for core values.
@inline(__always)
public func releaseArguments(_ memory: UnsafeMutableRawPointer) { releaseMemory(memory) }

extension UnsafeMutableRawPointer {
    /// Writes a core value.
    @inline(__always)
    public func put<T: BitwiseCopyable>(_ value: T, at offset: Int) {
        storeBytes(of: value, toByteOffset: offset, as: T.self)
    }

    /// Reads a core value.
    @inline(__always)
    public func core<T: BitwiseCopyable>(_ offset: Int, _ type: T.Type) -> T {
        load(fromByteOffset: offset, as: T.self)
    }
}

extension ComponentCodec {
    /// Writes the result of a function to memory that lasts until ``Arena/release(_:)``.
    public static func result(_ value: Value) -> UnsafeMutableRawPointer {
        var arena = Arena()
        let place = arena.take(abi.size, abi.alignment)
        store(value, place, &arena)
        arena.detach()
        return place
    }

    /// Writes the result of a function that refers to no memory; the caller reads it before it calls again.
    public static func plainResult(_ value: Value) -> UnsafeMutableRawPointer {
        var arena = Arena()
        let place = resultArea()
        store(value, place, &arena)
        return place
    }
}
