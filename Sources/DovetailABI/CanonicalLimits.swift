// SPDX-License-Identifier: Apache-2.0

public import DovetailTypes

/// Fixed numbers of the canonical ABI.
@frozen
public enum CanonicalLimits {
    /// The most bytes a string or list may take.
    @inlinable public static var maxByteLength: UInt64 { (1 << 28) - 1 }
    /// The most core parameters before parameters go through memory.
    @inlinable public static var maxFlatParameters: Int { CanonicalLayout.maxFlatParameters }
    /// The most core results before results go through memory.
    @inlinable public static var maxFlatResults: Int { CanonicalLayout.maxFlatResults }
    /// The most core parameters of an async lowered function.
    @inlinable public static var maxFlatAsyncParameters: Int { CanonicalLayout.maxFlatAsyncParameters }
    /// The most core parameters of a lowered function.
    @inlinable
    public static func flatParameters(isAsync: Bool) -> Int {
        CanonicalLayout.flatParameters(isAsync: isAsync)
    }
    /// The most core results of a lowered function.
    @inlinable
    public static func flatResults(isAsync: Bool) -> Int { CanonicalLayout.flatResults(isAsync: isAsync) }
    /// How many bytes a guest may make the host copy in one call, unless configured otherwise.
    @inlinable public static var defaultCopyBudget: Int { 128 << 20 }
    /// How deep types may nest.
    @inlinable public static var maxTypeDepth: Int { CanonicalLayout.maxTypeDepth }
}
