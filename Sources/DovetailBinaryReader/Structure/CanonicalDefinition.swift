// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// An entry of the canon section. (Binary.md, "Canonical Definitions")
package enum CanonicalDefinition: Sendable {
    case lift(coreFunction: UInt32, options: CanonicalOptions, type: UInt32)
    case lower(function: UInt32, options: CanonicalOptions)
    case builtin(CanonicalBuiltin)
}

/// The options of a canonical definition, as written. (Binary.md, `canonopt`)
package struct CanonicalOptions: Sendable {
    /// The encoding of strings; `utf8` where it is left out.
    package var stringEncoding: StringEncoding?
    /// The core memory's index.
    package var memory: UInt32?
    /// The index of the core function that allocates.
    package var realloc: UInt32?
    /// The index of the core function that is called when the result has been read.
    package var postReturn: UInt32?
    /// Whether the call does not block its caller.
    package var isAsync: Bool
    /// The index of the core function that takes the events of an async lift.
    package var callback: UInt32?
    /// The core function type that is wanted in place of the one that is computed (garbage collection).
    package var coreType: UInt32?
    /// Whether compound values are garbage-collected references.
    package var usesGarbageCollection: Bool
    /// The first option that was written twice, or against another one; a valid definition has none.
    package var conflict: String?

    /// Makes options.
    package init(
        stringEncoding: StringEncoding? = nil, memory: UInt32? = nil, realloc: UInt32? = nil,
        postReturn: UInt32? = nil, isAsync: Bool = false, callback: UInt32? = nil, coreType: UInt32? = nil,
        usesGarbageCollection: Bool = false, conflict: String? = nil
    ) {
        self.stringEncoding = stringEncoding
        self.memory = memory
        self.realloc = realloc
        self.postReturn = postReturn
        self.isAsync = isAsync
        self.callback = callback
        self.coreType = coreType
        self.usesGarbageCollection = usesGarbageCollection
        self.conflict = conflict
    }
}
