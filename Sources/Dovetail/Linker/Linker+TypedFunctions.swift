// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// Host functions as closures over Swift values, by the number of their parameters: each is compiled for its types.
extension Linker {
    /// Defines a function of no parameters.
    @inlinable
    public mutating func define<Output: ComponentConvertible>(
        _ name: String, in instance: String? = nil, _ body: @escaping @Sendable (Caller) throws -> Output
    ) {
        defineTyped(name, in: instance, EmptyCodec.self, Output.Codec.self) { caller, _ in
            try body(caller)
        }
    }

    /// Defines a function of one parameter.
    @inlinable
    public mutating func define<A: ComponentConvertible, Output: ComponentConvertible>(
        _ name: String, in instance: String? = nil, _ body: @escaping @Sendable (Caller, A) throws -> Output
    ) {
        defineTyped(name, in: instance, A.Codec.self, Output.Codec.self) {
            try body($0, $1)
        }
    }

    /// Defines a function of two parameters.
    @inlinable
    public mutating func define<A: ComponentConvertible, B: ComponentConvertible, Output: ComponentConvertible>(
        _ name: String, in instance: String? = nil, _ body: @escaping @Sendable (Caller, A, B) throws -> Output
    ) {
        defineTyped(name, in: instance, Tuple2Codec<A.Codec, B.Codec>.self, Output.Codec.self) {
            try body($0, $1.0, $1.1)
        }
    }

    /// Defines a function of three parameters.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, Output: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil, _ body: @escaping @Sendable (Caller, A, B, C) throws -> Output
    ) {
        defineTyped(name, in: instance, Tuple3Codec<A.Codec, B.Codec, C.Codec>.self, Output.Codec.self) {
            try body($0, $1.0, $1.1, $1.2)
        }
    }

    /// Defines a function of four parameters.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        Output: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil, _ body: @escaping @Sendable (Caller, A, B, C, D) throws -> Output
    ) {
        defineTyped(name, in: instance, Tuple4Codec<A.Codec, B.Codec, C.Codec, D.Codec>.self, Output.Codec.self) {
            try body($0, $1.0, $1.1, $1.2, $1.3)
        }
    }

    /// Defines a function of five parameters.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, Output: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil, _ body: @escaping @Sendable (Caller, A, B, C, D, E) throws -> Output
    ) {
        defineTyped(
            name, in: instance, Tuple5Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec>.self, Output.Codec.self
        ) {
            try body($0, $1.0, $1.1, $1.2, $1.3, $1.4)
        }
    }

    /// Defines a function of six parameters.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, Output: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: @escaping @Sendable (Caller, A, B, C, D, E, F) throws -> Output
    ) {
        defineTyped(
            name, in: instance, Tuple6Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec>.self,
            Output.Codec.self
        ) {
            try body($0, $1.0, $1.1, $1.2, $1.3, $1.4, $1.5)
        }
    }

    /// Defines a function of seven parameters.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible, Output: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: @escaping @Sendable (Caller, A, B, C, D, E, F, G) throws -> Output
    ) {
        defineTyped(
            name, in: instance, Tuple7Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec>.self,
            Output.Codec.self
        ) {
            try body($0, $1.0, $1.1, $1.2, $1.3, $1.4, $1.5, $1.6)
        }
    }

    /// Defines a function of eight parameters.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible, H: ComponentConvertible,
        Output: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: @escaping @Sendable (Caller, A, B, C, D, E, F, G, H) throws -> Output
    ) {
        defineTyped(
            name, in: instance,
            Tuple8Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec, H.Codec>.self,
            Output.Codec.self
        ) {
            try body($0, $1.0, $1.1, $1.2, $1.3, $1.4, $1.5, $1.6, $1.7)
        }
    }

    /// Defines a function of no parameters that returns nothing.
    @inlinable
    public mutating func define(
        _ name: String, in instance: String? = nil, _ body: @escaping @Sendable (Caller) throws -> Void
    ) {
        defineTyped(name, in: instance, EmptyCodec.self, EmptyCodec.self) { caller, _ in
            try body(caller)
            return Empty()
        }
    }

    /// Defines a function of one parameter that returns nothing.
    @inlinable
    public mutating func define<A: ComponentConvertible>(
        _ name: String, in instance: String? = nil, _ body: @escaping @Sendable (Caller, A) throws -> Void
    ) {
        defineTyped(name, in: instance, A.Codec.self, EmptyCodec.self) {
            try body($0, $1)
            return Empty()
        }
    }

    /// Defines a function of two parameters that returns nothing.
    @inlinable
    public mutating func define<A: ComponentConvertible, B: ComponentConvertible>(
        _ name: String, in instance: String? = nil, _ body: @escaping @Sendable (Caller, A, B) throws -> Void
    ) {
        defineTyped(name, in: instance, Tuple2Codec<A.Codec, B.Codec>.self, EmptyCodec.self) {
            try body($0, $1.0, $1.1)
            return Empty()
        }
    }

    /// Defines a function of three parameters that returns nothing.
    @inlinable
    public mutating func define<A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible>(
        _ name: String, in instance: String? = nil, _ body: @escaping @Sendable (Caller, A, B, C) throws -> Void
    ) {
        defineTyped(name, in: instance, Tuple3Codec<A.Codec, B.Codec, C.Codec>.self, EmptyCodec.self) {
            try body($0, $1.0, $1.1, $1.2)
            return Empty()
        }
    }

    /// Defines a function of four parameters that returns nothing.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil, _ body: @escaping @Sendable (Caller, A, B, C, D) throws -> Void
    ) {
        defineTyped(name, in: instance, Tuple4Codec<A.Codec, B.Codec, C.Codec, D.Codec>.self, EmptyCodec.self) {
            try body($0, $1.0, $1.1, $1.2, $1.3)
            return Empty()
        }
    }

    /// Defines a function of five parameters that returns nothing.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil, _ body: @escaping @Sendable (Caller, A, B, C, D, E) throws -> Void
    ) {
        defineTyped(
            name, in: instance, Tuple5Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec>.self, EmptyCodec.self
        ) {
            try body($0, $1.0, $1.1, $1.2, $1.3, $1.4)
            return Empty()
        }
    }

    /// Defines a function of six parameters that returns nothing.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: @escaping @Sendable (Caller, A, B, C, D, E, F) throws -> Void
    ) {
        defineTyped(
            name, in: instance, Tuple6Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec>.self, EmptyCodec.self
        ) {
            try body($0, $1.0, $1.1, $1.2, $1.3, $1.4, $1.5)
            return Empty()
        }
    }

    /// Defines a function of seven parameters that returns nothing.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: @escaping @Sendable (Caller, A, B, C, D, E, F, G) throws -> Void
    ) {
        defineTyped(
            name, in: instance, Tuple7Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec>.self,
            EmptyCodec.self
        ) {
            try body($0, $1.0, $1.1, $1.2, $1.3, $1.4, $1.5, $1.6)
            return Empty()
        }
    }

    /// Defines a function of eight parameters that returns nothing.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible, H: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: @escaping @Sendable (Caller, A, B, C, D, E, F, G, H) throws -> Void
    ) {
        defineTyped(
            name, in: instance,
            Tuple8Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec, H.Codec>.self,
            EmptyCodec.self
        ) {
            try body($0, $1.0, $1.1, $1.2, $1.3, $1.4, $1.5, $1.6, $1.7)
            return Empty()
        }
    }

    /// Defines a function of more than eight parameters; each call is slower than those of fewer.
    @inlinable
    public mutating func define<each Parameter: ComponentConvertible, Output: ComponentConvertible>(
        _ name: String, in instance: String? = nil,
        _ body: @escaping @Sendable (Caller, repeat each Parameter) throws -> Output
    ) {
        defineTyped(name, in: instance, TupleCodec<repeat (each Parameter).Codec>.self, Output.Codec.self) {
            try body($0, repeat each $1)
        }
    }

    /// Defines a function of more than eight parameters that returns nothing; each call is slower than those of fewer.
    @inlinable
    public mutating func define<each Parameter: ComponentConvertible>(
        _ name: String, in instance: String? = nil,
        _ body: @escaping @Sendable (Caller, repeat each Parameter) throws -> Void
    ) {
        defineTyped(name, in: instance, TupleCodec<repeat (each Parameter).Codec>.self, EmptyCodec.self) {
            try body($0, repeat each $1)
            return Empty()
        }
    }
}
