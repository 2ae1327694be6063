// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// Calls, by the number of parameters: each is compiled for its types, down to the engine's call.
extension TypedFunction {
    /// Calls a function of no parameters.
    @inlinable
    public func callAsFunction<Output: ComponentConvertible>() throws -> Output
    where Signature == () -> Output {
        try TypedCall<EmptyCodec, Output.Codec>(function, core).call(Empty())
    }

    /// Calls a function of one parameter.
    @inlinable
    public func callAsFunction<A: ComponentConvertible, Output: ComponentConvertible>(_ a: A) throws -> Output
    where Signature == (A) -> Output {
        try TypedCall<A.Codec, Output.Codec>(function, core).call(a)
    }

    /// Calls a function of two parameters.
    @inlinable
    public func callAsFunction<
        A: ComponentConvertible, B: ComponentConvertible, Output: ComponentConvertible
    >(_ a: A, _ b: B) throws -> Output
    where Signature == (A, B) -> Output {
        try TypedCall<Tuple2Codec<A.Codec, B.Codec>, Output.Codec>(function, core).call((a, b))
    }

    /// Calls a function of three parameters.
    @inlinable
    public func callAsFunction<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, Output: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C) throws -> Output
    where Signature == (A, B, C) -> Output {
        try TypedCall<Tuple3Codec<A.Codec, B.Codec, C.Codec>, Output.Codec>(function, core).call((a, b, c))
    }

    /// Calls a function of four parameters.
    @inlinable
    public func callAsFunction<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        Output: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D) throws -> Output
    where Signature == (A, B, C, D) -> Output {
        try TypedCall<Tuple4Codec<A.Codec, B.Codec, C.Codec, D.Codec>, Output.Codec>(function, core).call((a, b, c, d))
    }

    /// Calls a function of five parameters.
    @inlinable
    public func callAsFunction<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, Output: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E) throws -> Output
    where Signature == (A, B, C, D, E) -> Output {
        typealias Call = TypedCall<Tuple5Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec>, Output.Codec>
        return try Call(function, core).call((a, b, c, d, e))
    }

    /// Calls a function of six parameters.
    @inlinable
    public func callAsFunction<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, Output: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F) throws -> Output
    where Signature == (A, B, C, D, E, F) -> Output {
        typealias Call = TypedCall<Tuple6Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec>, Output.Codec>
        return try Call(function, core).call((a, b, c, d, e, f))
    }

    /// Calls a function of seven parameters.
    @inlinable
    public func callAsFunction<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible, Output: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G) throws -> Output
    where Signature == (A, B, C, D, E, F, G) -> Output {
        typealias Call = TypedCall<
            Tuple7Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec>, Output.Codec
        >
        return try Call(function, core).call((a, b, c, d, e, f, g))
    }

    /// Calls a function of eight parameters.
    @inlinable
    public func callAsFunction<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible, H: ComponentConvertible,
        Output: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G, _ h: H) throws -> Output
    where Signature == (A, B, C, D, E, F, G, H) -> Output {
        typealias Call = TypedCall<
            Tuple8Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec, H.Codec>, Output.Codec
        >
        return try Call(function, core).call((a, b, c, d, e, f, g, h))
    }

    /// Calls a function of no parameters.
    @inlinable
    public func callAsFunction() throws
    where Signature == () -> Void {
        _ = try TypedCall<EmptyCodec, EmptyCodec>(function, core).call(Empty())
    }

    /// Calls a function of one parameter.
    @inlinable
    public func callAsFunction<A: ComponentConvertible>(_ a: A) throws
    where Signature == (A) -> Void {
        _ = try TypedCall<A.Codec, EmptyCodec>(function, core).call(a)
    }

    /// Calls a function of two parameters.
    @inlinable
    public func callAsFunction<A: ComponentConvertible, B: ComponentConvertible>(_ a: A, _ b: B) throws
    where Signature == (A, B) -> Void {
        _ = try TypedCall<Tuple2Codec<A.Codec, B.Codec>, EmptyCodec>(function, core).call((a, b))
    }

    /// Calls a function of three parameters.
    @inlinable
    public func callAsFunction<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C) throws
    where Signature == (A, B, C) -> Void {
        _ = try TypedCall<Tuple3Codec<A.Codec, B.Codec, C.Codec>, EmptyCodec>(function, core).call((a, b, c))
    }

    /// Calls a function of four parameters.
    @inlinable
    public func callAsFunction<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D) throws
    where Signature == (A, B, C, D) -> Void {
        typealias Call = TypedCall<Tuple4Codec<A.Codec, B.Codec, C.Codec, D.Codec>, EmptyCodec>
        _ = try Call(function, core).call((a, b, c, d))
    }

    /// Calls a function of five parameters.
    @inlinable
    public func callAsFunction<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E) throws
    where Signature == (A, B, C, D, E) -> Void {
        typealias Call = TypedCall<Tuple5Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec>, EmptyCodec>
        _ = try Call(function, core).call((a, b, c, d, e))
    }

    /// Calls a function of six parameters.
    @inlinable
    public func callAsFunction<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F) throws
    where Signature == (A, B, C, D, E, F) -> Void {
        typealias Call = TypedCall<Tuple6Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec>, EmptyCodec>
        _ = try Call(function, core).call((a, b, c, d, e, f))
    }

    /// Calls a function of seven parameters.
    @inlinable
    public func callAsFunction<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G) throws
    where Signature == (A, B, C, D, E, F, G) -> Void {
        typealias Call = TypedCall<
            Tuple7Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec>, EmptyCodec
        >
        _ = try Call(function, core).call((a, b, c, d, e, f, g))
    }

    /// Calls a function of eight parameters.
    @inlinable
    public func callAsFunction<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible, H: ComponentConvertible
    >(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G, _ h: H) throws
    where Signature == (A, B, C, D, E, F, G, H) -> Void {
        typealias Call = TypedCall<
            Tuple8Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec, H.Codec>, EmptyCodec
        >
        _ = try Call(function, core).call((a, b, c, d, e, f, g, h))
    }

    /// Calls a function of more than eight parameters.
    @inlinable
    public func callAsFunction<each A: ComponentConvertible, Output: ComponentConvertible>(_ values: repeat each A)
        throws -> Output
    where Signature == (repeat each A) -> Output {
        typealias Call = TypedCall<TupleCodec<repeat (each A).Codec>, Output.Codec>
        return try Call(function, core).call((repeat each values))
    }

    /// Calls a function of more than eight parameters.
    @inlinable
    public func callAsFunction<each A: ComponentConvertible>(_ values: repeat each A) throws
    where Signature == (repeat each A) -> Void {
        typealias Call = TypedCall<TupleCodec<repeat (each A).Codec>, EmptyCodec>
        _ = try Call(function, core).call((repeat each values))
    }
}
