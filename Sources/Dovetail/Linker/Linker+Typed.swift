// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

extension Linker {
    /// Defines a function with typed parameters and a typed result.
    ///
    /// ```swift
    /// linker.define("add", in: "my:app/math", typed: { (_: Caller, a: Int32, b: Int32) in a &+ b })
    /// ```
    public mutating func define<each Parameter: Liftable, Returned: Lowerable>(
        _ name: String, in instance: String? = nil,
        typed body: @escaping @Sendable (Caller, repeat each Parameter) throws -> Returned
    ) {
        var shapes: [TypeShape] = []
        repeat shapes.append((each Parameter).shape)
        defineDirect(name, in: instance, parameters: shapes, result: Returned.shape) { caller, cx, slots in
            var flat = FlatReader(slots)
            let result = try Self.call(caller, &cx, &flat, body)
            caller.reload(&cx)
            if Returned.abi.flatCount <= CanonicalLimits.maxFlatResults {
                var writer = FlatWriter(slots)
                try result.lower(&cx, into: &writer)
            } else {
                let offset = try cx.check(
                    flat.nextPointer(cx.is64), size: Returned.abi.size(cx.is64),
                    alignment: Returned.abi.alignment(cx.is64))
                try result.store(&cx, at: offset)
            }
        }
    }

    /// Defines a function with typed parameters and no result.
    public mutating func define<each Parameter: Liftable>(
        _ name: String, in instance: String? = nil,
        typed body: @escaping @Sendable (Caller, repeat each Parameter) throws -> Void
    ) {
        var shapes: [TypeShape] = []
        repeat shapes.append((each Parameter).shape)
        defineDirect(name, in: instance, parameters: shapes, result: nil) { caller, cx, slots in
            var flat = FlatReader(slots)
            try Self.call(caller, &cx, &flat, body)
        }
    }

    private static func call<each Parameter: Liftable, Returned>(
        _ caller: Caller, _ cx: inout CanonicalContext, _ flat: inout FlatReader,
        _ body: (Caller, repeat each Parameter) throws -> Returned
    ) throws -> Returned {
        var layout = ParameterLayout()
        repeat _ = layout.append((each Parameter).abi, cx.is64)
        if layout.flatCount <= CanonicalLimits.maxFlatParameters {
            return try body(caller, repeat try (each Parameter).lift(&cx, from: &flat))
        }
        var next = ParameterLayout()
        next.base = try cx.check(
            flat.nextPointer(cx.is64), size: StaticLayout.align(layout.size, to: layout.alignment),
            alignment: layout.alignment)
        return try body(
            caller, repeat try (each Parameter).load(&cx, at: next.append((each Parameter).abi, cx.is64)))
    }
}

/// Where the parameters lie when they go through memory: a tuple of their types.
@usableFromInline
struct ParameterLayout {
    @usableFromInline var base = 0
    @usableFromInline var size = 0
    @usableFromInline var alignment = 1
    @usableFromInline var flatCount = 0

    @inlinable
    init() {}

    /// Adds a parameter and says where it lies.
    @inlinable
    mutating func append(_ part: StaticLayout, _ is64: Bool) -> Int {
        let offset = StaticLayout.align(size, to: part.alignment(is64))
        size = offset + part.size(is64)
        alignment = max(alignment, part.alignment(is64))
        flatCount += part.flatCount
        return base + offset
    }
}

extension Caller {
    /// Takes over the memory as it is after host code ran, which may have called the guest.
    func reload(_ cx: inout CanonicalContext) {
        cx.environment.refreshMemory()
        cx.reload()
    }
}
