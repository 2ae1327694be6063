// SPDX-License-Identifier: Apache-2.0

/// A function of an instance with its types known at compile time, made by `typed(as:)` of ``Function``.
///
/// ```swift
/// let add = try instance.function("add").typed(as: ((Int32, Int32) -> Int32).self)
/// let three = try add(1, 2)
/// ```
///
/// Calls are inlined down to the engine; one of plain numbers allocates nothing. `Signature` is the function's type without
/// `throws`, so that it can be kept: `let add: TypedFunction<(Int32, Int32) -> Int32>`.
public struct TypedFunction<Signature> {
    /// The function; it keeps the store.
    public let function: Function
    @usableFromInline let core: UnsafeMutablePointer<LiftedFunction>

    @usableFromInline
    init(_ function: Function) {
        self.function = function
        core = function.core
    }
}
