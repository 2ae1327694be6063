// SPDX-License-Identifier: Apache-2.0

/// Whole parameter lists and results of typed calls; parameters are one value: the only one, a tuple, or ``Empty``.
/// (CanonicalABI.md, `lift_flat_values`, `lower_flat_values`)
///
/// Which way values take is known at compile time. `limit` is as in `FunctionLayout`.
@frozen
public enum TypedABI {
    /// Writes the arguments of a call into a component.
    @inlinable
    public static func lowerParameters<Parameters: Lowerable>(
        _ parameters: Parameters, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        if Parameters.abi.flatCount <= CanonicalLimits.maxFlatParameters {
            return try parameters.lower(&cx, into: &flat)
        }
        let pointer = try cx.allocate(
            alignment: Parameters.abi.alignment(cx.is64), size: Parameters.abi.size(cx.is64))
        try parameters.store(&cx, at: Int(truncatingIfNeeded: pointer))
        flat.write(pointer)
    }

    /// Reads the arguments that a component passes to an import.
    @inlinable
    public static func liftParameters<Parameters: Liftable>(
        _ type: Parameters.Type = Parameters.self, _ cx: inout CanonicalContext, from flat: inout FlatReader,
        limit: Int = CanonicalLimits.maxFlatParameters
    ) throws(ABIError) -> Parameters {
        try lift(type, &cx, from: &flat, limit: limit)
    }

    /// Reads the result of a call into a component.
    @inlinable
    public static func liftResult<Output: Liftable>(
        _ type: Output.Type = Output.self, _ cx: inout CanonicalContext, from flat: inout FlatReader,
        limit: Int = CanonicalLimits.maxFlatResults
    ) throws(ABIError) -> Output {
        try lift(type, &cx, from: &flat, limit: limit)
    }

    @inlinable
    static func lift<Output: Liftable>(
        _ type: Output.Type, _ cx: inout CanonicalContext, from flat: inout FlatReader, limit: Int
    ) throws(ABIError) -> Output {
        if Output.abi.flatCount <= limit { return try Output.lift(&cx, from: &flat) }
        let offset = try cx.check(
            flat.nextPointer(cx.is64), size: Output.abi.size(cx.is64), alignment: Output.abi.alignment(cx.is64))
        return try Output.load(&cx, at: offset)
    }

    /// Writes the result of an import; `parameters` stands behind the last parameter, where the return pointer is.
    @inlinable
    public static func lowerResult<Output: Lowerable>(
        _ result: Output, _ cx: inout CanonicalContext, returnPointer parameters: inout FlatReader,
        into flat: inout FlatWriter, limit: Int = CanonicalLimits.maxFlatResults
    ) throws(ABIError) {
        if Output.abi.flatCount <= limit { return try result.lower(&cx, into: &flat) }
        let offset = try cx.check(
            parameters.nextPointer(cx.is64), size: Output.abi.size(cx.is64),
            alignment: Output.abi.alignment(cx.is64))
        try result.store(&cx, at: offset)
    }
}
