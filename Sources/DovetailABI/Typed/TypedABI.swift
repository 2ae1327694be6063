// SPDX-License-Identifier: Apache-2.0

/// Whole parameter lists and results of typed calls; parameters are one value: the only one, a tuple, or ``Empty``.
/// (CanonicalABI.md, `lift_flat_values`, `lower_flat_values`)
///
/// Which way values take is known at compile time. `limit` is as in `FunctionLayout`.
@frozen
public enum TypedABI {
    /// Writes the arguments of a call into a component.
    @inlinable
    public static func lowerParameters<Parameters: ComponentCodec>(
        _ codec: Parameters.Type, _ parameters: Parameters.Value, _ cx: inout CanonicalContext,
        into flat: inout FlatWriter
    ) throws(ABIError) {
        if Parameters.abi.flatCount <= CanonicalLimits.maxFlatParameters {
            return try Parameters.lower(parameters, &cx, into: &flat)
        }
        let pointer = try cx.allocate(
            alignment: Parameters.abi.alignment(cx.is64), size: Parameters.abi.size(cx.is64))
        try Parameters.store(parameters, &cx, at: Int(truncatingIfNeeded: pointer))
        flat.write(pointer)
    }

    /// Reads the arguments that a component passes to an import.
    @inlinable
    public static func liftParameters<Parameters: ComponentCodec>(
        _ codec: Parameters.Type, _ cx: inout CanonicalContext, from flat: inout FlatReader,
        limit: Int = CanonicalLimits.maxFlatParameters
    ) throws(ABIError) -> Parameters.Value {
        try lift(codec, &cx, from: &flat, limit: limit)
    }

    /// Reads the result of a call into a component.
    @inlinable
    public static func liftResult<Output: ComponentCodec>(
        _ codec: Output.Type, _ cx: inout CanonicalContext, from flat: inout FlatReader,
        limit: Int = CanonicalLimits.maxFlatResults
    ) throws(ABIError) -> Output.Value {
        try lift(codec, &cx, from: &flat, limit: limit)
    }

    @inlinable
    static func lift<Output: ComponentCodec>(
        _ codec: Output.Type, _ cx: inout CanonicalContext, from flat: inout FlatReader, limit: Int
    ) throws(ABIError) -> Output.Value {
        if Output.abi.flatCount <= limit { return try Output.lift(&cx, from: &flat) }
        let offset = try cx.check(
            flat.nextPointer(cx.is64), size: Output.abi.size(cx.is64), alignment: Output.abi.alignment(cx.is64))
        return try Output.load(&cx, at: offset)
    }

    /// Writes the result of an import; `parameters` stands behind the last parameter, where the return pointer is.
    @inlinable
    public static func lowerResult<Output: ComponentCodec>(
        _ codec: Output.Type, _ result: Output.Value, _ cx: inout CanonicalContext,
        returnPointer parameters: inout FlatReader, into flat: inout FlatWriter,
        limit: Int = CanonicalLimits.maxFlatResults
    ) throws(ABIError) {
        if Output.abi.flatCount <= limit { return try Output.lower(result, &cx, into: &flat) }
        let offset = try cx.check(
            parameters.nextPointer(cx.is64), size: Output.abi.size(cx.is64),
            alignment: Output.abi.alignment(cx.is64))
        try Output.store(result, &cx, at: offset)
    }
}
