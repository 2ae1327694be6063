// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Where names are defined and used: what an editor asks for.
package struct WITSymbols: Sendable {
    /// A use of a name, and the place of its definition.
    package struct Reference: Hashable, Sendable {
        package let span: SourceSpan
        package let definition: SourceSpan
    }

    /// All uses, in the order of resolution.
    package private(set) var references: [Reference] = []
    /// The places of all names that are defined.
    private(set) var definitions: [SourceSpan] = []
    private var seen: Set<Reference> = []

    mutating func add(_ span: SourceSpan, to definition: SourceSpan?) {
        guard let definition else { return }
        let reference = Reference(span: span, definition: definition)
        if seen.insert(reference).inserted { references.append(reference) }
    }

    /// Adds what is defined in a file.
    mutating func addDefinitions(of file: WITSyntax.File) {
        func add(_ items: [WITOutline]) {
            for item in items {
                definitions.append(item.nameSpan)
                add(item.children)
            }
        }
        add(WITOutline.items(of: file))
    }

    /// The definition of the name at `offset`: of the one that is used there, or of itself.
    package func definition(at offset: Int, in file: Int) -> SourceSpan? {
        if let reference = references.first(where: { $0.span.contains(offset, in: file) }) {
            return reference.definition
        }
        return definitions.first { $0.contains(offset, in: file) }
    }

    /// All uses of the name at `offset`, its definition left out.
    package func references(at offset: Int, in file: Int) -> [SourceSpan] {
        guard let definition = definition(at: offset, in: file) else { return [] }
        return references.filter { $0.definition == definition }.map(\.span)
    }
}
