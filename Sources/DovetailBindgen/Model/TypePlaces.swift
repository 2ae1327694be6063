// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
import DovetailWITReader

/// A number of bytes, for memories with pointers of 32 and of 64 bits.
package struct Distance {
    package let narrow: Int
    package let wide: Int
}

/// What a value of a type takes up. (CanonicalABI.md, "Alignment", "Element Size", "Flattening")
package struct Extent {
    package let size: Distance
    package let alignment: Distance
    package let flatCount: Int
    package let usesMemory: Bool
    package let holdsHandles: Bool
}

/// The steps that a record's values are lifted and lowered in: its fields in order, each at its place.
package struct RecordSteps {
    package let extent: Extent
    /// Where the fields lie in memory.
    package let places: [Distance]
}

/// The steps that a variant's values are lifted and lowered in: the discriminant, the payload, what fills up the flat form.
package struct VariantSteps {
    package let extent: Extent
    /// Where all payloads lie in memory.
    package let payload: Distance
    /// How many flat values follow those of each case's payload.
    package let padding: [Int]
}

extension WorldModel {
    /// - Throws: ``BindgenError`` when no memory could hold the record.
    package func recordSteps(_ id: TypeID) throws(BindgenError) -> RecordSteps {
        let layout = try layout(id)
        guard case .record(let places) = layout.kind else { throw .notRepresentable(name(id), "expected a record") }
        return RecordSteps(
            extent: extent(id, layout),
            places: places.map { Distance(narrow: $0.offset(false), wide: $0.offset(true)) })
    }

    /// - Throws: ``BindgenError`` when no memory could hold the variant.
    package func variantSteps(_ id: TypeID) throws(BindgenError) -> VariantSteps {
        let layout = try layout(id)
        guard case .variant(let cases) = layout.kind else { throw .notRepresentable(name(id), "expected a variant") }
        return VariantSteps(
            extent: extent(id, layout),
            payload: Distance(narrow: cases.payloadOffset(false), wide: cases.payloadOffset(true)),
            padding: cases.payloads.map { max(0, layout.flatCount - 1 - ($0?.flatCount ?? 0)) })
    }

    private func name(_ id: TypeID) -> String { graph.types[id].name ?? "" }

    private func layout(_ id: TypeID) throws(BindgenError) -> ValueLayout {
        do {
            return try layouts.layout(of: .defined(id))
        } catch {
            throw .notRepresentable(name(id), error.message)
        }
    }

    private func extent(_ id: TypeID, _ layout: ValueLayout) -> Extent {
        Extent(
            size: Distance(narrow: layout.size(false), wide: layout.size(true)),
            alignment: Distance(narrow: layout.alignment(false), wide: layout.alignment(true)),
            flatCount: layout.flatCount, usesMemory: facts.usesMemory(.defined(id)),
            holdsHandles: facts.holdsHandles(.defined(id)))
    }
}
