// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// The end of a WIT `future<T>` that is read, once: by the host, or by a component that it is given to.
///
/// Reading lets the guests of its store run, as a call by `callAsync` does, and belongs to the same isolation domain as calls do. The
/// future is dropped with the last reference to this end, or by ``drop()``.
public final class FutureReader<Value> {
    let end: ReadableEnd<Value>

    init(_ end: ReadableEnd<Value>) { self.end = end }

    /// A future whose value is known.
    public convenience init(_ value: sending Value) {
        let channel = StreamChannel<Value>()
        channel.fill([value])
        channel.close()
        self.init(ReadableEnd(channel))
    }

    /// Makes a future: the value that is written to one end is read from the other one, by whoever has it.
    public static func makeFuture(of type: Value.Type = Value.self) -> (
        writer: FutureWriter<Value>, reader: FutureReader<Value>
    ) {
        let channel = StreamChannel<Value>()
        return (FutureWriter(channel), FutureReader(ReadableEnd(channel)))
    }

    /// The value, once it is there.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before; ``CallError`` when the future was read, dropped or given away
    ///   before, no value will come, or its store is gone; ``Trap`` when the component that writes stops, can never write, or cannot
    ///   be entered now; ``EngineError`` when the engine gives no stack.
    public nonisolated(nonsending) func value() async throws -> Value {
        guard let value = try await end.read(1).first else { throw CallError.notReadable("there is no value to come") }
        end.drop()
        return value
    }

    /// Lets whoever writes know that nobody reads any more.
    public func drop() { end.drop() }
}

/// The end of a future of the host's that is written, once, from any task.
///
/// When the last reference to it goes without a value, readers are told that there will be none.
public final class FutureWriter<Value>: Sendable {
    private let channel: StreamChannel<Value>

    init(_ channel: StreamChannel<Value>) { self.channel = channel }

    deinit { channel.close() }

    /// Whether nobody reads any more.
    public var isClosed: Bool { channel.isDropped }

    /// Writes the value; suspends the task until it was read.
    ///
    /// - Returns: whether it was: not when nobody reads any more, there was a value before, or the task is cancelled.
    /// - Throws: `ABIError` when the value cannot be passed, ``Trap`` when it is read as one of another type.
    @discardableResult
    public nonisolated(nonsending) func write(_ value: sending Value) async throws -> Bool {
        defer { if !Task.isCancelled { channel.close() } }
        return try await channel.write([value]) == 1
    }
}

extension FutureReader: ComponentConvertible where Value: ComponentConvertible {
    /// As `future<…>`.
    public typealias Codec = FutureCodec<Value.Codec>
}

/// The type `future<…>`.
public enum FutureCodec<Payload: ComponentCodec>: HandleCodec {
    /// The end that is read.
    public typealias Value = FutureReader<Payload.Value>

    /// The type `future<…>`.
    public static var shape: TypeShape { .future(Payload.shape.payload) }

    /// Takes the end out of the instance.
    public static func lift(handle index: UInt32, _ cx: inout CanonicalContext) throws(ABIError) -> Value {
        FutureReader(try ReadableEnd(index, isStream: false, HostElement(Payload.self), cx))
    }

    /// Gives the instance the end.
    public static func lowerHandle(_ value: Value, _ cx: inout CanonicalContext) throws(ABIError) -> UInt32 {
        try value.end.give(isStream: false, HostElement(Payload.self), cx)
    }
}
