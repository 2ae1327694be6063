// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Where names are defined and used: what an editor asks for.
package struct WITSymbols: Sendable {
    /// A use of a name, and the place of its definition.
    package struct Reference: Hashable, Sendable {
        package var span: SourceSpan
        package var definition: SourceSpan
    }

    /// All uses, in the order of resolution.
    package private(set) var references: [Reference] = []

    mutating func add(_ span: SourceSpan, to definition: SourceSpan?) {
        guard let definition else { return }
        references.append(Reference(span: span, definition: definition))
    }

    /// The definition of the name at `offset`: of the one that is used there, or of itself.
    package func definition(at offset: Int, in file: Int) -> SourceSpan? {
        if let reference = references.first(where: { $0.span.contains(offset, in: file) }) {
            return reference.definition
        }
        return references.first { $0.definition.contains(offset, in: file) }?.definition
    }

    /// All uses of the name at `offset`, its definition left out.
    package func references(at offset: Int, in file: Int) -> [SourceSpan] {
        guard let definition = definition(at: offset, in: file) else { return [] }
        return references.filter { $0.definition == definition }.map(\.span)
    }
}
