// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Enums and flags: types that are lists of labels.
extension ScopeWriter {
    func enumeration(_ id: TypeID, _ labels: [Label], _ documentation: [String]) -> SwiftDeclaration {
        var members = zip(labels, caseNames(labels.map(\.name))).map { label, name in
            SwiftDeclaration(.enumCase(name, []), documentation: Documentation.lines(label.documentation))
        }
        members += [
            self.labels("caseLabels", labels.map(\.name)), count("caseCount", labels.count),
            codecAlias("EnumCodec", id),
        ]
        let raw = library(labels.count <= 256 ? "UInt8" : labels.count <= 65_536 ? "UInt16" : "UInt32")
        return declaration(
            .enum, id, [raw, library("ComponentEnum"), library("ComponentConvertible")] + plainConformances(id),
            members, documentation)
    }

    func flags(_ id: TypeID, _ labels: [Label], _ documentation: [String]) -> SwiftDeclaration {
        let raw = library(labels.count <= 8 ? "UInt8" : labels.count <= 16 ? "UInt16" : "UInt32")
        let type = SwiftType.named(name(id))
        let names = caseNames(labels.map(\.name))
        var members = labels.indices.map { position in
            let bit = SwiftExpression.infix(.integer(1), "<<", .integer(position))
            return SwiftDeclaration(
                .variable(
                    SwiftVariable(
                        name: names[position], storage: .let, initial: .make(type, [SwiftArgument("rawValue", bit)]))),
                documentation: Documentation.lines(labels[position].documentation), modifiers: access + ["static"])
        }
        members += [
            stored("rawValue", raw),
            initializer(
                [SwiftParameter("rawValue", raw)], [.assign(.this.member("rawValue"), .name("rawValue"))],
                documentation: ["Makes a set of the flags whose bits are set."], attributes: host.inlinable),
            self.labels("flagLabels", labels.map(\.name)), count("flagCount", labels.count),
            codecAlias("FlagsCodec", id),
        ]
        return declaration(
            .struct, id, [library("ComponentFlags"), library("ComponentConvertible")] + plainConformances(id), members,
            documentation)
    }

    private func codecAlias(_ codec: String, _ id: TypeID) -> SwiftDeclaration {
        SwiftDeclaration(
            .alias("Codec", library(codec, [type(id)])), documentation: ["How values cross."], modifiers: access)
    }
}
