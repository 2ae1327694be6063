// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes

/// Writes what belongs to one namespace of a world, for guests: its types.
struct GuestScope: SwiftScope {
    let guest: SwiftGuest
    let scope: Scope

    var output: any SwiftOutput { guest }

    /// The same, for code outside of all namespaces.
    var outside: GuestScope { GuestScope(guest: guest, scope: scope.outside) }

    // MARK: Labels

    func enumeration(_ id: TypeID, _ labels: [Label], _ documentation: [String]) -> SwiftDeclaration {
        var members = zip(labels, caseNames(labels.map(\.name))).map { label, name in
            SwiftDeclaration(.enumCase(name, []), documentation: Documentation.lines(label.documentation))
        }
        members.append(codecAlias("EnumCodec", id))
        let raw = library(labels.count <= 256 ? "UInt8" : labels.count <= 65_536 ? "UInt16" : "UInt32")
        return declaration(.enum, id, [raw, library("CaseIterable")] + plainConformances(id), members, documentation)
    }

    func flags(_ id: TypeID, _ labels: [Label], _ documentation: [String]) -> SwiftDeclaration {
        let raw = library(labels.count <= 8 ? "UInt8" : labels.count <= 16 ? "UInt16" : "UInt32")
        let names = caseNames(labels.map(\.name))
        var members = labels.indices.map { position in
            let bit = SwiftExpression.infix(.integer(1), "<<", .integer(position))
            let value = SwiftExpression.make(.named(name(id)), [SwiftArgument("rawValue", bit)])
            return SwiftDeclaration(
                .variable(SwiftVariable(name: names[position], storage: .let, initial: value)),
                documentation: Documentation.lines(labels[position].documentation), modifiers: access + ["static"])
        }
        members += [
            stored("rawValue", raw),
            initializer(
                [SwiftParameter("rawValue", raw)], [.assign(.this.member("rawValue"), .name("rawValue"))],
                documentation: ["Makes a set of the flags whose bits are set."]),
            codecAlias("FlagsCodec", id),
        ]
        return declaration(
            .struct, id, [library("OptionSet"), library("Hashable")] + plainConformances(id), members, documentation)
    }

    private func codecAlias(_ codec: String, _ id: TypeID) -> SwiftDeclaration {
        SwiftDeclaration(
            .alias("Codec", library(codec, [type(id)])), documentation: ["How values cross."], modifiers: access)
    }

    // MARK: Conformances

    /// The protocols of a record or variant.
    func conformances(_ id: TypeID) -> [SwiftType] {
        if model.facts.holdsHandles(.defined(id)) { return [] }
        // Swift cannot compare tuples that are part of something.
        let isHashable = !model.facts.containsTuples(.defined(id))
        return (isHashable ? [library("Hashable")] : []) + plainConformances(id)
    }

    private func plainConformances(_ id: TypeID) -> [SwiftType] {
        [library("Sendable")] + (output.isError(id) ? [library("Error")] : [])
            + output.options.conformances.map { .named($0) }
    }
}
