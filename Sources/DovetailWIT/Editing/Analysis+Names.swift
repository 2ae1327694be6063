// SPDX-License-Identifier: Apache-2.0

package import DovetailWITReader

// Where names are defined and used: what an editor asks for.
extension WIT.Analysis {
    /// The definition of the name at `offset`: of the one that is used there, or of itself.
    package func definition(at offset: Int, in file: Int) -> SourceSpan? {
        if let reference = symbols.references.first(where: { $0.span.contains(offset, in: file) }) {
            return reference.definition
        }
        guard files.indices.contains(file) else { return nil }
        var items = WITOutline.items(of: files[file])
        while let item = items.popLast() {
            if item.nameSpan.contains(offset, in: file) { return item.nameSpan }
            items += item.children
        }
        return nil
    }

    /// All uses of the name at `offset`, its definition left out.
    package func references(at offset: Int, in file: Int) -> [SourceSpan] {
        guard let definition = definition(at: offset, in: file) else { return [] }
        return symbols.references.filter { $0.definition == definition }.map(\.span)
    }
}
