// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

/// Host functions that wait, as closures over Swift values, by the number of their parameters.
///
/// The guest that calls one has to be entered by `callAsync`. A guest that calls it asynchronously goes on meanwhile, and
/// several such calls overlap.
extension Linker {
    /// Defines an `async` function of no parameters.
    @inlinable
    public mutating func define<Output: ComponentConvertible>(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller) async throws -> Output
    ) {
        defineTyped(name, in: instance, EmptyCodec.self, Output.Codec.self) { caller, _ in
            try await body(caller)
        }
    }

    /// Defines an `async` function of one parameter.
    @inlinable
    public mutating func define<A: ComponentConvertible, Output: ComponentConvertible>(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A) async throws -> Output
    ) {
        defineTyped(name, in: instance, A.Codec.self, Output.Codec.self) {
            try await body($0, $1)
        }
    }

    /// Defines an `async` function of two parameters.
    @inlinable
    public mutating func define<A: ComponentConvertible, B: ComponentConvertible, Output: ComponentConvertible>(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A, B) async throws -> Output
    ) {
        defineTyped(name, in: instance, Tuple2Codec<A.Codec, B.Codec>.self, Output.Codec.self) {
            try await body($0, $1.0, $1.1)
        }
    }

    /// Defines an `async` function of three parameters.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, Output: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A, B, C) async throws -> Output
    ) {
        defineTyped(name, in: instance, Tuple3Codec<A.Codec, B.Codec, C.Codec>.self, Output.Codec.self) {
            try await body($0, $1.0, $1.1, $1.2)
        }
    }

    /// Defines an `async` function of four parameters.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        Output: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A, B, C, D) async throws -> Output
    ) {
        defineTyped(name, in: instance, Tuple4Codec<A.Codec, B.Codec, C.Codec, D.Codec>.self, Output.Codec.self) {
            try await body($0, $1.0, $1.1, $1.2, $1.3)
        }
    }

    /// Defines an `async` function of five parameters.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, Output: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A, B, C, D, E) async throws -> Output
    ) {
        defineTyped(
            name, in: instance, Tuple5Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec>.self, Output.Codec.self
        ) {
            try await body($0, $1.0, $1.1, $1.2, $1.3, $1.4)
        }
    }

    /// Defines an `async` function of six parameters.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, Output: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A, B, C, D, E, F) async throws -> Output
    ) {
        defineTyped(
            name, in: instance, Tuple6Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec>.self,
            Output.Codec.self
        ) {
            try await body($0, $1.0, $1.1, $1.2, $1.3, $1.4, $1.5)
        }
    }

    /// Defines an `async` function of seven parameters.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible, Output: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A, B, C, D, E, F, G) async throws -> Output
    ) {
        defineTyped(
            name, in: instance, Tuple7Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec>.self,
            Output.Codec.self
        ) {
            try await body($0, $1.0, $1.1, $1.2, $1.3, $1.4, $1.5, $1.6)
        }
    }

    /// Defines an `async` function of eight parameters.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible, H: ComponentConvertible,
        Output: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A, B, C, D, E, F, G, H) async throws -> Output
    ) {
        defineTyped(
            name, in: instance,
            Tuple8Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec, H.Codec>.self,
            Output.Codec.self
        ) {
            try await body($0, $1.0, $1.1, $1.2, $1.3, $1.4, $1.5, $1.6, $1.7)
        }
    }

    /// Defines an `async` function of no parameters that returns nothing.
    @inlinable
    public mutating func define(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller) async throws -> Void
    ) {
        defineTyped(name, in: instance, EmptyCodec.self, EmptyCodec.self) { caller, _ in
            try await body(caller)
            return Empty()
        }
    }

    /// Defines an `async` function of one parameter that returns nothing.
    @inlinable
    public mutating func define<A: ComponentConvertible>(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A) async throws -> Void
    ) {
        defineTyped(name, in: instance, A.Codec.self, EmptyCodec.self) {
            try await body($0, $1)
            return Empty()
        }
    }

    /// Defines an `async` function of two parameters that returns nothing.
    @inlinable
    public mutating func define<A: ComponentConvertible, B: ComponentConvertible>(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A, B) async throws -> Void
    ) {
        defineTyped(name, in: instance, Tuple2Codec<A.Codec, B.Codec>.self, EmptyCodec.self) {
            try await body($0, $1.0, $1.1)
            return Empty()
        }
    }

    /// Defines an `async` function of three parameters that returns nothing.
    @inlinable
    public mutating func define<A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible>(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A, B, C) async throws -> Void
    ) {
        defineTyped(name, in: instance, Tuple3Codec<A.Codec, B.Codec, C.Codec>.self, EmptyCodec.self) {
            try await body($0, $1.0, $1.1, $1.2)
            return Empty()
        }
    }

    /// Defines an `async` function of four parameters that returns nothing.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A, B, C, D) async throws -> Void
    ) {
        defineTyped(name, in: instance, Tuple4Codec<A.Codec, B.Codec, C.Codec, D.Codec>.self, EmptyCodec.self) {
            try await body($0, $1.0, $1.1, $1.2, $1.3)
            return Empty()
        }
    }

    /// Defines an `async` function of five parameters that returns nothing.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A, B, C, D, E) async throws -> Void
    ) {
        defineTyped(
            name, in: instance, Tuple5Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec>.self, EmptyCodec.self
        ) {
            try await body($0, $1.0, $1.1, $1.2, $1.3, $1.4)
            return Empty()
        }
    }

    /// Defines an `async` function of six parameters that returns nothing.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A, B, C, D, E, F) async throws -> Void
    ) {
        defineTyped(
            name, in: instance, Tuple6Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec>.self, EmptyCodec.self
        ) {
            try await body($0, $1.0, $1.1, $1.2, $1.3, $1.4, $1.5)
            return Empty()
        }
    }

    /// Defines an `async` function of seven parameters that returns nothing.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A, B, C, D, E, F, G) async throws -> Void
    ) {
        defineTyped(
            name, in: instance, Tuple7Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec>.self,
            EmptyCodec.self
        ) {
            try await body($0, $1.0, $1.1, $1.2, $1.3, $1.4, $1.5, $1.6)
            return Empty()
        }
    }

    /// Defines an `async` function of eight parameters that returns nothing.
    @inlinable
    public mutating func define<
        A: ComponentConvertible, B: ComponentConvertible, C: ComponentConvertible, D: ComponentConvertible,
        E: ComponentConvertible, F: ComponentConvertible, G: ComponentConvertible, H: ComponentConvertible
    >(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, A, B, C, D, E, F, G, H) async throws -> Void
    ) {
        defineTyped(
            name, in: instance,
            Tuple8Codec<A.Codec, B.Codec, C.Codec, D.Codec, E.Codec, F.Codec, G.Codec, H.Codec>.self,
            EmptyCodec.self
        ) {
            try await body($0, $1.0, $1.1, $1.2, $1.3, $1.4, $1.5, $1.6, $1.7)
            return Empty()
        }
    }

    /// Defines an `async` function of more than eight parameters; each call is slower than those of fewer.
    @inlinable
    public mutating func define<each Parameter: ComponentConvertible, Output: ComponentConvertible>(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, repeat each Parameter) async throws -> Output
    ) {
        defineTyped(name, in: instance, TupleCodec<repeat (each Parameter).Codec>.self, Output.Codec.self) {
            try await body($0, repeat each $1)
        }
    }

    /// Defines an `async` function of more than eight parameters that returns nothing; each call is slower than those of fewer.
    @inlinable
    public mutating func define<each Parameter: ComponentConvertible>(
        _ name: String, in instance: String? = nil,
        _ body: nonisolated(nonsending) @escaping @Sendable (Caller, repeat each Parameter) async throws -> Void
    ) {
        defineTyped(name, in: instance, TupleCodec<repeat (each Parameter).Codec>.self, EmptyCodec.self) {
            try await body($0, repeat each $1)
            return Empty()
        }
    }
}
