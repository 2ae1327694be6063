// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Records: structs.
extension ScopeWriter {
    func record(
        _ id: TypeID, _ fields: [Field], _ documentation: [String]
    ) throws(BindgenError) -> SwiftDeclaration {
        let steps = try model.recordSteps(id)
        let properties = fieldNames(fields)
        let labels = fields.map(\.name)
        let shapes = fields.map { field in
            SwiftExpression.make(
                library("FieldShape"),
                [SwiftArgument(.string(field.name)), SwiftArgument(Self.shape(of: codec(of: field.type)))])
        }
        var members = recordMembers(fields, attributes: host.inlinable)
        var conversion = [abi(steps.extent), shape("record", shapes)]
        if labels.count > 1 { conversion.append(self.labels("fieldLabels", labels, isHidden: true)) }
        conversion += conversions(id, fields, properties, labels, steps)
        if needsEquality(id, fields.map(\.type)) { members += equality(id, fields, properties) }
        members.append(codec(of: id, conversion))
        return declaration(.struct, id, conformances(id), members, documentation)
    }

    private func equality(_ id: TypeID, _ fields: [Field], _ properties: [String]) -> [SwiftDeclaration] {
        func member(_ name: String, _ position: Int) -> SwiftExpression {
            SwiftExpression.name(name).member(properties[position])
        }
        let codecs = fields.map { codec(of: $0.type) }
        let comparisons = fields.indices.map { Self.areEqual(codecs[$0], member("left", $0), member("right", $0)) }
        return equality(
            id, [.return(comparisons.dropFirst().reduce(comparisons[0]) { .infix($0, "&&", $1) })],
            fields.indices.map { Self.hash(codecs[$0], member("self", $0)) })
    }

    private func conversions(
        _ id: TypeID, _ fields: [Field], _ properties: [String], _ labels: [String], _ steps: RecordSteps
    ) -> [SwiftDeclaration] {
        let type = type(id)
        let codecs = fields.map { codec(of: $0.type) }
        let places = steps.places.map(Self.place)
        func property(_ position: Int) -> SwiftExpression { SwiftExpression.name("value").member(properties[position]) }
        func read(_ value: (Int) -> SwiftExpression) -> [SwiftStatement] {
            let made = SwiftExpression.make(
                type, properties.enumerated().map { SwiftArgument($1, .name("v\($0)")) })
            return inOrder(labels, { .let("v\($0)", value($0)) }, last: [.return(made)])
        }
        return [
            lower(id, inOrder(labels) { Self.lower(codecs[$0], property($0)) }),
            store(id, inOrder(labels) { Self.store(codecs[$0], property($0), at: places[$0]) }),
            lift(id, read { Self.lift(codecs[$0]) }),
            load(id, read { Self.load(codecs[$0], at: places[$0]) }),
        ]
    }

    /// A step for each field, and which one it is in errors.
    private func inOrder(
        _ labels: [String], _ step: (Int) -> SwiftStatement, last: [SwiftStatement] = []
    ) -> [SwiftStatement] {
        func path(_ label: SwiftExpression) -> SwiftExpression {
            .call(.implicitMember("field"), [SwiftArgument(label)])
        }
        if labels.count == 1 { return [within(path(.string(labels[0])), [step(0)] + last)] }
        let field = SwiftExpression.name("field")
        let body = labels.indices.flatMap { position in
            (position == 0 ? [] : [.assign(field, .integer(position))]) + [step(position)]
        }
        return [
            .var("field", .integer(0)),
            within(path(.element(.name("fieldLabels"), at: field)), body + last),
        ]
    }
}
