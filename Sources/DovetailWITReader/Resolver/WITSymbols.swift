// SPDX-License-Identifier: Apache-2.0

/// Where names are used, for editors.
package struct WITSymbols: Sendable {
    /// A use of a name, and the place of its definition.
    package struct Reference: Hashable, Sendable {
        package let span: SourceSpan
        package let definition: SourceSpan
    }

    /// All uses, in the order of resolution.
    package private(set) var references: [Reference] = []
    private var seen: Set<Reference> = []

    mutating func add(_ span: SourceSpan, to definition: SourceSpan?) {
        guard let definition else { return }
        let reference = Reference(span: span, definition: definition)
        if seen.insert(reference).inserted { references.append(reference) }
    }
}
