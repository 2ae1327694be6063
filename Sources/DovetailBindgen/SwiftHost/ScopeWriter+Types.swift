// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// What the named types of a namespace conform to.
extension ScopeWriter {
    /// The protocols of a record or variant.
    func conformances(_ id: TypeID) -> [SwiftType] {
        let convertible = library("ComponentConvertible")
        guard !model.facts.holdsHandles(.defined(id)) else { return [convertible] }
        return [convertible, library("Hashable")] + plainConformances(id)
    }

    /// The protocols of what holds no handles, those left out that it has by another.
    func plainConformances(_ id: TypeID) -> [SwiftType] {
        [library("Sendable")] + (host.isError(id) ? [library("Error")] : [])
            + host.options.conformances.map { .named($0) }
    }
}
