// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// Calls that may wait, by the number of parameters: see ``Function/callAsync(_:)-([Value])``.
extension TypedFunction {
    /// Calls a function of no parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<Output: ComponentConvertible>() async throws -> Output
    where Signature == () -> Output {
        try await TypedCall<EmptyCodec, Output.Codec>(function, core).callAsync(Empty())
    }

    /// Calls a function of one parameter; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<
        A: ComponentConvertible, Output: ComponentConvertible
    >(_ a: A) async throws -> Output
    where Signature == (A) -> Output {
        try await TypedCall<A.Codec, Output.Codec>(function, core).callAsync(a)
    }

    /// Calls a function of two parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<
        A: ComponentConvertible, B: ComponentConvertible, Output: ComponentConvertible
    >(_ a: A, _ b: B) async throws -> Output
    where Signature == (A, B) -> Output {
        try await TypedCall<Tuple2Codec<A.Codec, B.Codec>, Output.Codec>(function, core).callAsync((a, b))
    }

    /// Calls a function of three parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, Output: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C) async throws -> Output
    where Signature == (A, B, C) -> Output {
        try await TypedCall<Tuple3Codec<A.Codec, B.Codec, C.Codec>, Output.Codec>(function, core).callAsync((a, b, c))
    }

    /// Calls a function of four parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        Output: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D) async throws -> Output
    where Signature == (A, B, C, D) -> Output {
        typealias Call = TypedCall<Tuple4Codec<A.Codec, B.Codec, C.Codec, D.Codec>, Output.Codec>
        return try await Call(function, core).callAsync((a, b, c, d))
    }

    /// Calls a function of five parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, Output: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E) async throws -> Output
    where Signature == (A, B, C, D, E) -> Output {
        typealias Call = TypedCall<Tuple5Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec>, Output.Codec>
        return try await Call(function, core).callAsync((a, b, c, d, e))
    }

    /// Calls a function of six parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, Output: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F) async throws -> Output
    where Signature == (A, B, C, D, E, F) -> Output {
        typealias Call = TypedCall<Tuple6Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec>, Output.Codec>
        return try await Call(function, core).callAsync((a, b, c, d, e, f))
    }

    /// Calls a function of seven parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible, Output: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G) async throws -> Output
    where Signature == (A, B, C, D, E, F, G) -> Output {
        typealias Call = TypedCall<
            Tuple7Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec>, Output.Codec
        >
        return try await Call(function, core).callAsync((a, b, c, d, e, f, g))
    }

    /// Calls a function of eight parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible, H: ComponentConvertible,
        Output: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G, _ h: H) async throws -> Output
    where Signature == (A, B, C, D, E, F, G, H) -> Output {
        typealias Call = TypedCall<
            Tuple8Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec, H.Codec>, Output.Codec
        >
        return try await Call(function, core).callAsync((a, b, c, d, e, f, g, h))
    }

    /// Calls a function of no parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync() async throws
    where Signature == () -> Void {
        _ = try await TypedCall<EmptyCodec, EmptyCodec>(function, core).callAsync(Empty())
    }

    /// Calls a function of one parameter; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<A: ComponentConvertible>(_ a: A) async throws
    where Signature == (A) -> Void {
        _ = try await TypedCall<A.Codec, EmptyCodec>(function, core).callAsync(a)
    }

    /// Calls a function of two parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<
        A: ComponentConvertible, B: ComponentConvertible
    >(_ a: A, _ b: B) async throws
    where Signature == (A, B) -> Void {
        _ = try await TypedCall<Tuple2Codec<A.Codec, B.Codec>, EmptyCodec>(function, core).callAsync((a, b))
    }

    /// Calls a function of three parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C) async throws
    where Signature == (A, B, C) -> Void {
        _ = try await TypedCall<Tuple3Codec<A.Codec, B.Codec, C.Codec>, EmptyCodec>(function, core).callAsync((a, b, c))
    }

    /// Calls a function of four parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D) async throws
    where Signature == (A, B, C, D) -> Void {
        typealias Call = TypedCall<Tuple4Codec<A.Codec, B.Codec, C.Codec, D.Codec>, EmptyCodec>
        _ = try await Call(function, core).callAsync((a, b, c, d))
    }

    /// Calls a function of five parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E) async throws
    where Signature == (A, B, C, D, E) -> Void {
        typealias Call = TypedCall<Tuple5Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec>, EmptyCodec>
        _ = try await Call(function, core).callAsync((a, b, c, d, e))
    }

    /// Calls a function of six parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F) async throws
    where Signature == (A, B, C, D, E, F) -> Void {
        typealias Call = TypedCall<Tuple6Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec>, EmptyCodec>
        _ = try await Call(function, core).callAsync((a, b, c, d, e, f))
    }

    /// Calls a function of seven parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G) async throws
    where Signature == (A, B, C, D, E, F, G) -> Void {
        typealias Call = TypedCall<
            Tuple7Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec>, EmptyCodec
        >
        _ = try await Call(function, core).callAsync((a, b, c, d, e, f, g))
    }

    /// Calls a function of eight parameters; host functions that wait suspend the guest, not the thread.
    @inlinable
    public nonisolated(nonsending) func callAsync<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible, H: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G, _ h: H) async throws
    where Signature == (A, B, C, D, E, F, G, H) -> Void {
        typealias Call = TypedCall<
            Tuple8Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec, H.Codec>, EmptyCodec
        >
        _ = try await Call(function, core).callAsync((a, b, c, d, e, f, g, h))
    }

    /// Calls a function of more than eight parameters.
    @inlinable
    public nonisolated(nonsending) func callAsync<each A: ComponentConvertible, Output: ComponentConvertible>(
        _ values: repeat each A
    ) async throws -> Output
    where Signature == (repeat each A) -> Output {
        typealias Call = TypedCall<TupleCodec<repeat (each A).Codec>, Output.Codec>
        return try await Call(function, core).callAsync((repeat each values))
    }

    /// Calls a function of more than eight parameters.
    @inlinable
    public nonisolated(nonsending) func callAsync<each A: ComponentConvertible>(_ values: repeat each A) async throws
    where Signature == (repeat each A) -> Void {
        typealias Call = TypedCall<TupleCodec<repeat (each A).Codec>, EmptyCodec>
        _ = try await Call(function, core).callAsync((repeat each values))
    }
}
