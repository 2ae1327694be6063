// SPDX-License-Identifier: Apache-2.0

import _Concurrency

@_extern(c, "dovetail_wait")
private func parkForEvent(_ waitable: Int32, _ cancel: @convention(c) (Int32) -> Int32)

/// What reads and writes of streams and futures answer. (CanonicalABI.md, `CopyResult`)
enum CopyResult {
    static var blocked: Int32 { -1 }
    static var dropped: Int32 { 1 }
    static var cancelled: Int32 { 2 }
}

/// Waits for a read or write that was just begun, if it did not complete at once.
///
/// - Returns: how it ended, in the low four bits, and how many elements it moved.
@inline(never)
func copied(
    _ status: Int32, _ end: Int32, _ cancel: @convention(c) (Int32) -> Int32
) async -> Int32 {
    guard status == CopyResult.blocked else { return status }
    return await _event { parkForEvent(end, cancel) }
}

/// The elements of a stream, or the value of a future: what one takes up, and how it gets there and back.
public struct TransferElement<Element> {
    let size: Int
    let alignment: Int
    let isPlain: Bool
    let load: (UnsafeRawPointer, Int) -> [Element]
    let store: ([Element], UnsafeMutableRawPointer, inout Arena) -> Void

    init<Codec: ComponentCodec>(_ codec: Codec.Type) where Codec.Value == Element {
        size = Codec.abi.size
        alignment = Codec.abi.alignment
        isPlain = Codec.abi.isPlain
        load = { ListCodec<Codec>.read($0, $1) }
        store = { ListCodec<Codec>.write($0, $1, &$2) }
    }
}

/// A `stream<T>` of a world: its built-ins.
public protocol StreamPayload {
    /// The codec of the elements.
    associatedtype Element: ComponentCodec
    /// `stream.new`
    static func make() -> Int64
    /// What is done with the end that is read.
    static var reading: StreamOperations { get }
    /// What is done with the end that is written.
    static var writing: StreamOperations { get }
}

/// The built-ins for one end of a stream.
public struct StreamOperations {
    let copy: @convention(c) (Int32, UnsafeMutableRawPointer, Int32) -> Int32
    let cancel: @convention(c) (Int32) -> Int32
    let drop: @convention(c) (Int32) -> Void

    /// - Parameters:
    ///   - copy: `stream.read` or `stream.write`
    ///   - cancel: `stream.cancel-read` or `stream.cancel-write`
    ///   - drop: `stream.drop-readable` or `stream.drop-writable`
    public init(
        copy: @convention(c) (Int32, UnsafeMutableRawPointer, Int32) -> Int32,
        cancel: @convention(c) (Int32) -> Int32, drop: @convention(c) (Int32) -> Void
    ) {
        self.copy = copy
        self.cancel = cancel
        self.drop = drop
    }
}

/// The codec of streams: what crosses is the end that is read.
public enum StreamCodec<Payload: StreamPayload>: CoreCodec {
    /// The Swift type.
    public typealias Value = StreamReader<Payload.Element.Value>

    /// What a value takes up.
    public static var abi: StaticLayout { StaticLayout(size: 4, alignment: 4, flatCount: 1) }
    /// The core value of a value.
    public static func core(_ value: Value) -> Int32 { value.give() }
    /// The value of a core value.
    public static func value(_ core: Int32) -> Value {
        StreamReader(core, Payload.reading, TransferElement(Payload.Element.self))
    }
    /// Reads a value out of memory.
    public static func load(_ place: UnsafeRawPointer) -> Value { value(place.load(as: Int32.self)) }
    /// Writes a value into memory.
    public static func store(_ value: Value, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        place.storeBytes(of: core(value), as: Int32.self)
    }

    /// Makes a stream.
    public static func make() -> (writer: StreamWriter<Payload.Element.Value>, reader: Value) {
        let ends = Payload.make()
        return (
            StreamWriter(
                Int32(truncatingIfNeeded: ends >> 32), Payload.writing, TransferElement(Payload.Element.self)),
            value(Int32(truncatingIfNeeded: ends))
        )
    }
}

/// A `future<T>` of a world: its built-ins.
public protocol FuturePayload {
    /// The codec of the value.
    associatedtype Element: ComponentCodec
    /// `future.new`
    static func make() -> Int64
    /// What is done with the end that is read.
    static var reading: FutureOperations { get }
    /// What is done with the end that is written.
    static var writing: FutureOperations { get }
}

/// The built-ins for one end of a future.
public struct FutureOperations {
    let copy: @convention(c) (Int32, UnsafeMutableRawPointer) -> Int32
    let cancel: @convention(c) (Int32) -> Int32
    let drop: @convention(c) (Int32) -> Void

    /// - Parameters:
    ///   - copy: `future.read` or `future.write`
    ///   - cancel: `future.cancel-read` or `future.cancel-write`
    ///   - drop: `future.drop-readable` or `future.drop-writable`
    public init(
        copy: @convention(c) (Int32, UnsafeMutableRawPointer) -> Int32, cancel: @convention(c) (Int32) -> Int32,
        drop: @convention(c) (Int32) -> Void
    ) {
        self.copy = copy
        self.cancel = cancel
        self.drop = drop
    }
}

/// The codec of futures: what crosses is the end that is read.
public enum FutureCodec<Payload: FuturePayload>: CoreCodec {
    /// The Swift type.
    public typealias Value = FutureReader<Payload.Element.Value>

    /// What a value takes up.
    public static var abi: StaticLayout { StaticLayout(size: 4, alignment: 4, flatCount: 1) }
    /// The core value of a value.
    public static func core(_ value: Value) -> Int32 { value.give() }
    /// The value of a core value.
    public static func value(_ core: Int32) -> Value {
        FutureReader(core, Payload.reading, TransferElement(Payload.Element.self))
    }
    /// Reads a value out of memory.
    public static func load(_ place: UnsafeRawPointer) -> Value { value(place.load(as: Int32.self)) }
    /// Writes a value into memory.
    public static func store(_ value: Value, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        place.storeBytes(of: core(value), as: Int32.self)
    }

    /// Makes a future.
    ///
    /// - Parameter otherwise: the value when the writer goes away without having written one.
    public static func make(
        otherwise: (() -> Payload.Element.Value)?
    ) -> (writer: FutureWriter<Payload.Element.Value>, reader: Value) {
        let ends = Payload.make()
        return (
            FutureWriter(
                Int32(truncatingIfNeeded: ends >> 32), Payload.writing, TransferElement(Payload.Element.self),
                otherwise),
            value(Int32(truncatingIfNeeded: ends))
        )
    }
}
