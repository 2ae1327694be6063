// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Variants: enums with payloads.
extension ScopeWriter {
    func variant(
        _ id: TypeID, _ cases: [Case], _ documentation: [String]
    ) throws(BindgenError) -> SwiftDeclaration {
        let steps = try model.variantSteps(id)
        let writer = VariantWriter(
            writer: self, type: .named(name(id)), names: caseNames(cases.map(\.name)),
            codecs: cases.map { $0.type.map { codec(of: $0) } }, steps: steps)
        var members = zip(cases, writer.names).map { item, name in
            SwiftDeclaration(
                .enumCase(name, item.type.map { [valueType(of: $0)] } ?? []),
                documentation: Documentation.lines(item.documentation))
        }
        let shapes = zip(cases, writer.codecs).map { item, codec in
            SwiftExpression.make(
                library("CaseShape"),
                [SwiftArgument(.string(item.name))] + (codec.map { [SwiftArgument(Self.shape(of: $0))] } ?? []))
        }
        members += [abi(steps.extent), shape("variant", shapes), writer.discriminant]
        if writer.hasPayloads { members.append(labels("caseLabels", cases.map(\.name), isHidden: true)) }
        members += writer.conversions
        return declaration(.enum, id, conformances(id), members, documentation)
    }
}

/// Writes the conversions of one variant.
private struct VariantWriter {
    let writer: ScopeWriter
    let type: SwiftType
    /// The names of the cases, as they are written.
    let names: [String]
    /// The codecs of the payloads.
    let codecs: [SwiftType?]
    let steps: VariantSteps

    var hasPayloads: Bool { codecs.contains { $0 != nil } }

    var conversions: [SwiftDeclaration] {
        [writer.lower(lowering), writer.store(storing), writer.lift(type, lifting), writer.load(type, loading)]
    }

    /// The position of the case.
    var discriminant: SwiftDeclaration {
        let cases = names.enumerated().map { SwiftCase(.member($1, binding: nil), value: .integer($0)) }
        return SwiftDeclaration(
            .variable(
                SwiftVariable(
                    name: "discriminant", type: writer.library("Int"),
                    storage: .computed(SwiftEffects(), [.switch(.this, cases)]))),
            attributes: writer.hiddenAttributes, modifiers: writer.hiddenAccess)
    }

    private var count: SwiftArgument { SwiftArgument("count", .integer(names.count)) }
    private var payload: SwiftExpression { .name("payload") }

    // MARK: Out of Swift

    private var lowering: [SwiftStatement] {
        let number = SwiftExpression.make(writer.library("UInt32"), [SwiftArgument(.name("discriminant"))])
        let write = SwiftExpression.name("flat").calling("write", [SwiftArgument(number)])
        return writing(write) { position in
            let padding = pad("zeros", position)
            guard codecs[position] != nil else { return padding }
            return [ScopeWriter.lower(payload)] + padding
        }
    }

    private var storing: [SwiftStatement] {
        let place = ScopeWriter.place(steps.payload)
        let write = SwiftExpression.name("cx").calling(
            "storeDiscriminant",
            [SwiftArgument(.name("discriminant")), SwiftArgument("at", .name("offset")), count])
        return writing(write) { codecs[$0] == nil ? [] : [ScopeWriter.store(payload, at: place)] }
    }

    /// The discriminant, then what each case with a payload does, and what all others do alike.
    private func writing(_ write: SwiftExpression, _ body: (Int) -> [SwiftStatement]) -> [SwiftStatement] {
        guard hasPayloads else { return [.expression(write)] }
        var cases = names.indices.filter { codecs[$0] != nil }.map {
            SwiftCase(.member(names[$0], binding: "payload"), body($0))
        }
        if let other = codecs.firstIndex(where: { $0 == nil }) {
            let rest = body(other)
            cases.append(SwiftCase(.default, rest.isEmpty ? [.break] : rest))
        }
        return [.expression(write), within(.name("discriminant"), [.switch(.this, cases)])]
    }

    // MARK: Into Swift

    private var lifting: [SwiftStatement] {
        let next = SwiftExpression.name("flat").calling("nextU32")
        let index = SwiftExpression.name("cx").calling("checkDiscriminant", [SwiftArgument(next), count])
        return reading(index) { position in
            let skip = pad("skip", position)
            guard let codec = codecs[position] else { return skip + [.return(.implicitMember(names[position]))] }
            let lifted = ScopeWriter.lift(codec)
            if skip.isEmpty { return [.return(make(position, lifted))] }
            return [.let("payload", lifted)] + skip + [.return(make(position, payload))]
        }
    }

    private var loading: [SwiftStatement] {
        let place = ScopeWriter.place(steps.payload)
        let index = SwiftExpression.name("cx").calling(
            "loadDiscriminant", [SwiftArgument(.name("offset")), count])
        return reading(index) { position in
            guard let codec = codecs[position] else { return [.return(.implicitMember(names[position]))] }
            return [.return(make(position, ScopeWriter.load(codec, at: place)))]
        }
    }

    /// The discriminant, then what each case does.
    private func reading(_ index: SwiftExpression, _ body: (Int) -> [SwiftStatement]) -> [SwiftStatement] {
        let choice: [SwiftStatement]
        if names.count == 1 {
            choice = [.discard(.name("index"))] + body(0)
        } else {
            choice = [
                .switch(
                    .name("index"),
                    names.indices.map { SwiftCase($0 == names.count - 1 ? .default : .integer($0), body($0)) })
            ]
        }
        return [.let("index", index.tried())] + (hasPayloads ? [within(.name("index"), choice)] : choice)
    }

    // MARK: Parts

    private func make(_ position: Int, _ payload: SwiftExpression) -> SwiftExpression {
        .call(.implicitMember(names[position]), [SwiftArgument(payload)])
    }

    /// What fills up, or passes over, the flat values that a case has not.
    private func pad(_ method: String, _ position: Int) -> [SwiftStatement] {
        let count = steps.padding[position]
        guard count > 0 else { return [] }
        return [.expression(SwiftExpression.name("flat").calling(method, [SwiftArgument(.integer(count))]))]
    }

    private func within(_ index: SwiftExpression, _ body: [SwiftStatement]) -> SwiftStatement {
        writer.within(
            .call(.implicitMember("case"), [SwiftArgument(.element(.name("Self.caseLabels"), at: index))]), body)
    }
}
