// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Records: structs.
extension ScopeWriter {
    func record(
        _ id: TypeID, _ fields: [Field], _ documentation: [String]
    ) throws(BindgenError) -> SwiftDeclaration {
        let steps = try model.recordSteps(id)
        var names = NameScope(reserved: ["init"])
        let properties = fields.map { names.claim(Self.fieldName($0.name)) }
        let types = fields.map { valueType(of: $0.type) }
        let labels = fields.map(\.name)
        let shapes = fields.map { field in
            SwiftExpression.make(
                library("FieldShape"),
                [SwiftArgument(.string(field.name)), SwiftArgument(Self.shape(of: codec(of: field.type)))])
        }
        var members = fields.indices.map { position in
            stored(
                SwiftNames.escaped(properties[position]), types[position], storage: .var,
                documentation: Documentation.lines(fields[position].documentation))
        }
        members.append(
            initializer(
                zip(properties, types).map { SwiftParameter($0, $1) },
                properties.map {
                    .assign(SwiftExpression.this.member($0), .name(SwiftNames.escaped($0)))
                }, documentation: ["Makes a value of all its fields."], isInlinable: true))
        members += [abi(steps.extent), shape("record", shapes)]
        if labels.count > 1 { members.append(self.labels("fieldLabels", labels, isHidden: true)) }
        members += conversions(id, fields, properties, labels, steps)
        return declaration(.struct, id, conformances(id), members, documentation)
    }

    private func conversions(
        _ id: TypeID, _ fields: [Field], _ properties: [String], _ labels: [String], _ steps: RecordSteps
    ) -> [SwiftDeclaration] {
        let type = SwiftType.named(name(id))
        let codecs = fields.map { codec(of: $0.type) }
        let places = steps.places.map(Self.place)
        func property(_ position: Int) -> SwiftExpression { .this.member(properties[position]) }
        func read(_ value: (Int) -> SwiftExpression) -> [SwiftStatement] {
            let made = SwiftExpression.make(
                type, properties.enumerated().map { SwiftArgument($1, .name("v\($0)")) })
            return inOrder(labels, { .let("v\($0)", value($0)) }, last: [.return(made)])
        }
        return [
            lower(inOrder(labels) { Self.lower(property($0)) }),
            store(inOrder(labels) { Self.store(property($0), at: places[$0]) }),
            lift(type, read { Self.lift(codecs[$0]) }),
            load(type, read { Self.load(codecs[$0], at: places[$0]) }),
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
            within(path(.element(.name("Self.fieldLabels"), at: field)), body + last),
        ]
    }

    /// The name of a field; what cannot be a property's name gets an underscore.
    private static func fieldName(_ label: String) -> String {
        let name = SwiftNames.member(label)
        return ["self", "init", "inout", "hashValue"].contains(name) ? name + "_" : name
    }
}
