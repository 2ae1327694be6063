// SPDX-License-Identifier: Apache-2.0

/// The gated features of the component model that validation accepts. (Explainer.md, "Gated Features")
package struct ComponentFeatures: OptionSet, Hashable, Sendable {
    /// The bits.
    package let rawValue: UInt32

    /// Makes a set of its bits.
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Async functions, streams, futures, tasks, waitable sets.
    package static let async = ComponentFeatures(rawValue: 1 << 0)
    /// Async lifts without a callback.
    package static let asyncStackful = ComponentFeatures(rawValue: 1 << 1)
    /// `async` on cancel built-ins, its absence on reads and writes.
    package static let moreAsyncBuiltins = ComponentFeatures(rawValue: 1 << 2)
    /// Cooperative threads.
    package static let threading = ComponentFeatures(rawValue: 1 << 3)
    /// `error-context`.
    package static let errorContext = ComponentFeatures(rawValue: 1 << 4)
    /// Lists of fixed length.
    package static let fixedLengthLists = ComponentFeatures(rawValue: 1 << 5)
    /// Values and start functions.
    package static let values = ComponentFeatures(rawValue: 1 << 6)
    /// Nested namespaces and packages in interface names.
    package static let nestedNames = ComponentFeatures(rawValue: 1 << 7)
    /// Garbage-collected references in the canonical ABI.
    package static let garbageCollection = ComponentFeatures(rawValue: 1 << 8)
    /// Memories and tables indexed by `i64` in the canonical ABI, context slots of `i64`.
    package static let memory64 = ComponentFeatures(rawValue: 1 << 9)
    /// Canonical interface names and version suffixes.
    package static let canonicalNames = ComponentFeatures(rawValue: 1 << 10)
    /// Maps.
    package static let map = ComponentFeatures(rawValue: 1 << 11)
    /// `implements` and `external-id`.
    package static let implements = ComponentFeatures(rawValue: 1 << 12)
    /// `stream.forward` and `future.forward`.
    package static let forward = ComponentFeatures(rawValue: 1 << 13)
    /// `[get]` and `[set]` names.
    package static let accessors = ComponentFeatures(rawValue: 1 << 14)
    /// Preemptive threads.
    package static let sharedEverythingThreads = ComponentFeatures(rawValue: 1 << 15)
    /// Vectors among the core types.
    package static let simd = ComponentFeatures(rawValue: 1 << 16)
    /// References among the core types, `funcref` in tables apart.
    package static let referenceTypes = ComponentFeatures(rawValue: 1 << 17)
    /// Recursive core types, structs and arrays.
    package static let coreGarbageCollection = ComponentFeatures(rawValue: 1 << 18)
    /// Memories whose pages are of another size, in the canonical ABI, too.
    package static let customPageSizes = ComponentFeatures(rawValue: 1 << 19)

    /// Resources represented by an `i64`.
    package static let wideResources = ComponentFeatures(rawValue: 1 << 20)

    /// What the reference tools accept without a switch.
    package static let standard: ComponentFeatures = [
        .async, .map, .implements, .simd, .referenceTypes, .coreGarbageCollection,
    ]
    /// What Dovetail's runtime runs.
    package static let supported: ComponentFeatures = [
        .standard, .asyncStackful, .moreAsyncBuiltins, .threading, .errorContext, .fixedLengthLists,
        .nestedNames, .canonicalNames, .forward, .accessors, .memory64,
    ]
    /// Every feature.
    package static let all = ComponentFeatures(rawValue: (1 << 21) - 1)

    /// The features by the names that the reference tools' switches have.
    package static let names: [(name: String, feature: ComponentFeatures)] = [
        ("cm-async", .async), ("cm-async-stackful", .asyncStackful), ("cm-more-async-builtins", .moreAsyncBuiltins),
        ("cm-threading", .threading), ("cm-error-context", .errorContext),
        ("cm-fixed-length-lists", .fixedLengthLists), ("cm-values", .values), ("cm-nested-names", .nestedNames),
        ("cm-gc", .garbageCollection), ("cm64", [.memory64, .wideResources]), ("cm-canon-names", .canonicalNames),
        ("cm-map", .map),
        ("cm-implements", .implements), ("cm-forward", .forward), ("cm-accessors", .accessors),
        ("shared-everything-threads", .sharedEverythingThreads), ("simd", .simd),
        ("reference-types", .referenceTypes), ("gc", .coreGarbageCollection),
        ("custom-page-sizes", .customPageSizes),
    ]
}
