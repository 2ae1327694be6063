// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// Functions with types known at compile time, by the number of their parameters; types are compared once, here.
extension Function {
    /// The function as one of no parameters.
    @inlinable
    public func typed<Output: ComponentConvertible>(as signature: (() -> Output).Type) throws(CallError)
        -> TypedFunction<() -> Output>
    {
        try check([], Output.Codec.shape.payload)
        return TypedFunction(self)
    }

    /// The function as one of one parameter.
    @inlinable
    public func typed<
        A: ComponentConvertible, Output: ComponentConvertible
    >(as signature: ((A) -> Output).Type) throws(CallError) -> TypedFunction<(A) -> Output> {
        try check([A.Codec.shape], Output.Codec.shape.payload)
        return TypedFunction(self)
    }

    /// The function as one of two parameters.
    @inlinable
    public func typed<
        A: ComponentConvertible, B: ComponentConvertible, Output: ComponentConvertible
    >(as signature: ((A, B) -> Output).Type) throws(CallError) -> TypedFunction<(A, B) -> Output> {
        try check([A.Codec.shape, B.Codec.shape], Output.Codec.shape.payload)
        return TypedFunction(self)
    }

    /// The function as one of three parameters.
    @inlinable
    public func typed<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, Output: ComponentConvertible
    >(as signature: ((A, B, C) -> Output).Type) throws(CallError) -> TypedFunction<(A, B, C) -> Output> {
        try check([A.Codec.shape, B.Codec.shape, C.Codec.shape], Output.Codec.shape.payload)
        return TypedFunction(self)
    }

    /// The function as one of four parameters.
    @inlinable
    public func typed<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        Output: ComponentConvertible
    >(as signature: ((A, B, C, D) -> Output).Type) throws(CallError) -> TypedFunction<(A, B, C, D) -> Output> {
        try check([A.Codec.shape, B.Codec.shape, C.Codec.shape, D.Codec.shape], Output.Codec.shape.payload)
        return TypedFunction(self)
    }

    /// The function as one of five parameters.
    @inlinable
    public func typed<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, Output: ComponentConvertible
    >(as signature: ((A, B, C, D, E) -> Output).Type) throws(CallError) -> TypedFunction<(A, B, C, D, E) -> Output> {
        try check(
            [A.Codec.shape, B.Codec.shape, C.Codec.shape, D.Codec.shape, E.Codec.shape], Output.Codec.shape.payload)
        return TypedFunction(self)
    }

    /// The function as one of six parameters.
    @inlinable
    public func typed<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, Output: ComponentConvertible
    >(as signature: ((A, B, C, D, E, F) -> Output).Type) throws(CallError)
        -> TypedFunction<(A, B, C, D, E, F) -> Output>
    {
        try check(
            [
                A.Codec.shape, B.Codec.shape, C.Codec.shape, D.Codec.shape, E.Codec.shape,
                F.Codec.shape,
            ], Output.Codec.shape.payload)
        return TypedFunction(self)
    }

    /// The function as one of seven parameters.
    @inlinable
    public func typed<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible, Output: ComponentConvertible
    >(as signature: ((A, B, C, D, E, F, G) -> Output).Type) throws(CallError)
        -> TypedFunction<(A, B, C, D, E, F, G) -> Output>
    {
        try check(
            [
                A.Codec.shape, B.Codec.shape, C.Codec.shape, D.Codec.shape, E.Codec.shape,
                F.Codec.shape, G.Codec.shape,
            ], Output.Codec.shape.payload)
        return TypedFunction(self)
    }

    /// The function as one of eight parameters.
    @inlinable
    public func typed<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible, H: ComponentConvertible,
        Output: ComponentConvertible
    >(as signature: ((A, B, C, D, E, F, G, H) -> Output).Type) throws(CallError)
        -> TypedFunction<(A, B, C, D, E, F, G, H) -> Output>
    {
        try check(
            [
                A.Codec.shape, B.Codec.shape, C.Codec.shape, D.Codec.shape, E.Codec.shape,
                F.Codec.shape, G.Codec.shape, H.Codec.shape,
            ], Output.Codec.shape.payload)
        return TypedFunction(self)
    }

    /// The function as one of no parameters that returns nothing.
    @inlinable
    public func typed(as signature: (() -> Void).Type) throws(CallError) -> TypedFunction<() -> Void> {
        try check([], nil)
        return TypedFunction(self)
    }

    /// The function as one of one parameter that returns nothing.
    @inlinable
    public func typed<A: ComponentConvertible>(as signature: ((A) -> Void).Type) throws(CallError)
        -> TypedFunction<(A) -> Void>
    {
        try check([A.Codec.shape], nil)
        return TypedFunction(self)
    }

    /// The function as one of two parameters that returns nothing.
    @inlinable
    public func typed<
        A: ComponentConvertible, B: ComponentConvertible
    >(as signature: ((A, B) -> Void).Type) throws(CallError) -> TypedFunction<(A, B) -> Void> {
        try check([A.Codec.shape, B.Codec.shape], nil)
        return TypedFunction(self)
    }

    /// The function as one of three parameters that returns nothing.
    @inlinable
    public func typed<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible
    >(as signature: ((A, B, C) -> Void).Type) throws(CallError) -> TypedFunction<(A, B, C) -> Void> {
        try check([A.Codec.shape, B.Codec.shape, C.Codec.shape], nil)
        return TypedFunction(self)
    }

    /// The function as one of four parameters that returns nothing.
    @inlinable
    public func typed<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible
    >(as signature: ((A, B, C, D) -> Void).Type) throws(CallError) -> TypedFunction<(A, B, C, D) -> Void> {
        try check([A.Codec.shape, B.Codec.shape, C.Codec.shape, D.Codec.shape], nil)
        return TypedFunction(self)
    }

    /// The function as one of five parameters that returns nothing.
    @inlinable
    public func typed<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible
    >(as signature: ((A, B, C, D, E) -> Void).Type) throws(CallError) -> TypedFunction<(A, B, C, D, E) -> Void> {
        try check([A.Codec.shape, B.Codec.shape, C.Codec.shape, D.Codec.shape, E.Codec.shape], nil)
        return TypedFunction(self)
    }

    /// The function as one of six parameters that returns nothing.
    @inlinable
    public func typed<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible
    >(as signature: ((A, B, C, D, E, F) -> Void).Type) throws(CallError)
        -> TypedFunction<(A, B, C, D, E, F) -> Void>
    {
        try check([A.Codec.shape, B.Codec.shape, C.Codec.shape, D.Codec.shape, E.Codec.shape, F.Codec.shape], nil)
        return TypedFunction(self)
    }

    /// The function as one of seven parameters that returns nothing.
    @inlinable
    public func typed<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible
    >(as signature: ((A, B, C, D, E, F, G) -> Void).Type) throws(CallError)
        -> TypedFunction<(A, B, C, D, E, F, G) -> Void>
    {
        try check(
            [
                A.Codec.shape, B.Codec.shape, C.Codec.shape, D.Codec.shape, E.Codec.shape,
                F.Codec.shape, G.Codec.shape,
            ], nil)
        return TypedFunction(self)
    }

    /// The function as one of eight parameters that returns nothing.
    @inlinable
    public func typed<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible, H: ComponentConvertible
    >(as signature: ((A, B, C, D, E, F, G, H) -> Void).Type) throws(CallError)
        -> TypedFunction<(A, B, C, D, E, F, G, H) -> Void>
    {
        try check(
            [
                A.Codec.shape, B.Codec.shape, C.Codec.shape, D.Codec.shape, E.Codec.shape,
                F.Codec.shape, G.Codec.shape, H.Codec.shape,
            ], nil)
        return TypedFunction(self)
    }

    /// The function as one of more than eight parameters; its calls are slower than those of fewer.
    @inlinable
    public func typed<each A: ComponentConvertible, Output: ComponentConvertible>(
        as signature: ((repeat each A) -> Output).Type
    ) throws(CallError) -> TypedFunction<(repeat each A) -> Output> {
        var shapes: [TypeShape] = []
        repeat shapes.append((each A).Codec.shape)
        try check(shapes, Output.Codec.shape.payload)
        return TypedFunction(self)
    }

    /// The function as one of more than eight parameters that returns nothing; its calls are slower than those of fewer.
    @inlinable
    public func typed<each A: ComponentConvertible>(
        as signature: ((repeat each A) -> Void).Type
    ) throws(CallError) -> TypedFunction<(repeat each A) -> Void> {
        var shapes: [TypeShape] = []
        repeat shapes.append((each A).Codec.shape)
        try check(shapes, nil)
        return TypedFunction(self)
    }
}
