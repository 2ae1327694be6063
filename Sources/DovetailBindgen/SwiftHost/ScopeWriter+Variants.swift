// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Variants: enums with payloads.
extension ScopeWriter {
    func variant(
        _ id: TypeID, _ cases: [Case], _ documentation: [String]
    ) throws(BindgenError) -> SwiftDeclaration {
        let steps = try model.variantSteps(id)
        let writer = VariantWriter(
            writer: self, id: id, names: caseNames(cases.map(\.name)),
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
        var conversion = [abi(steps.extent), shape("variant", shapes), writer.discriminant]
        if writer.hasPayloads { conversion.append(labels("caseLabels", cases.map(\.name), isHidden: true)) }
        conversion += writer.conversions
        if needsEquality(id, cases.compactMap(\.type)) { members += writer.equality }
        members.append(codec(of: id, conversion))
        return declaration(.enum, id, conformances(id), members, documentation)
    }
}

/// Writes the conversions of one variant.
private struct VariantWriter {
    let writer: ScopeWriter
    let id: TypeID
    /// The names of the cases, as they are written.
    let names: [String]
    /// The codecs of the payloads.
    let codecs: [SwiftType?]
    let steps: VariantSteps

    var hasPayloads: Bool { codecs.contains { $0 != nil } }

    var conversions: [SwiftDeclaration] {
        [writer.lower(id, lowering), writer.store(id, storing), writer.lift(id, lifting), writer.load(id, loading)]
    }

    /// The position of the case.
    var discriminant: SwiftDeclaration {
        let cases = names.enumerated().map { SwiftCase(.member($1, binding: nil), value: .integer($0)) }
        let function = SwiftFunction(
            name: "discriminant", parameters: [SwiftParameter(.word("of"), "value", writer.type(id))],
            result: writer.library("Int"), body: [.switch(.name("value"), cases)])
        return SwiftDeclaration(
            .function(function), attributes: writer.hiddenAttributes,
            modifiers: (writer.host.isPublic ? [] : ["fileprivate"]) + ["static"])
    }

    /// The position of the case of `value`.
    private func discriminant(of value: SwiftExpression) -> SwiftExpression {
        .call(.name("discriminant"), [SwiftArgument("of", value)])
    }

    // MARK: Equality

    var equality: [SwiftDeclaration] {
        let codecDiscriminant = SwiftExpression.name("Codec.discriminant")
        func discriminant(_ value: String) -> SwiftExpression {
            .call(codecDiscriminant, [SwiftArgument("of", .name(value))])
        }
        let (other, otherwise) = (SwiftExpression.name("other"), SwiftCase(.default, [.return(.name("false"))]))
        let compare = over(.name("left"), binding: "payload") { position, codec in
            let same = SwiftCase(
                .member(names[position], binding: "other"), [.return(ScopeWriter.areEqual(codec, payload, other))])
            return [.switch(.name("right"), [same] + (names.count > 1 ? [otherwise] : []))]
        } rest: {
            [.return(.infix(discriminant("left"), "==", discriminant("right")))]
        }
        let hasher = SwiftExpression.name("hasher")
        let hash = over(.this, binding: "payload") { position, codec in
            [
                .expression(hasher.calling("combine", [SwiftArgument(.integer(position))])),
                ScopeWriter.hash(codec, payload),
            ]
        } rest: {
            [.expression(hasher.calling("combine", [SwiftArgument(discriminant("self"))]))]
        }
        return writer.equality(id, [compare], [hash])
    }

    /// A `switch` over the cases with payloads, and over all others together.
    private func over(
        _ value: SwiftExpression, binding: String, _ body: (Int, SwiftType) -> [SwiftStatement],
        rest: () -> [SwiftStatement]
    ) -> SwiftStatement {
        var cases: [SwiftCase] = []
        for (position, codec) in codecs.enumerated() {
            if let codec { cases.append(SwiftCase(.member(names[position], binding: binding), body(position, codec))) }
        }
        if cases.count < names.count { cases.append(SwiftCase(.default, rest())) }
        return .switch(value, cases)
    }

    private var count: SwiftArgument { SwiftArgument("count", .integer(names.count)) }
    private var payload: SwiftExpression { .name("payload") }

    // MARK: Out of Swift

    private var lowering: [SwiftStatement] {
        let number = SwiftExpression.make(writer.library("UInt32"), [SwiftArgument(discriminant(of: .name("value")))])
        let write = SwiftExpression.name("flat").calling("write", [SwiftArgument(number)])
        return writing(write) { position in
            let padding = pad("zeros", position)
            guard let codec = codecs[position] else { return padding }
            return [ScopeWriter.lower(codec, payload)] + padding
        }
    }

    private var storing: [SwiftStatement] {
        let place = ScopeWriter.place(steps.payload)
        let write = SwiftExpression.name("cx").calling(
            "storeDiscriminant",
            [SwiftArgument(discriminant(of: .name("value"))), SwiftArgument("at", .name("offset")), count])
        return writing(write) { codecs[$0].map { [ScopeWriter.store($0, payload, at: place)] } ?? [] }
    }

    /// The discriminant, then what each case with a payload does, and what all others do alike.
    private func writing(_ write: SwiftExpression, _ body: (Int) -> [SwiftStatement]) -> [SwiftStatement] {
        guard hasPayloads else { return [.expression(write)] }
        let other = codecs.firstIndex { $0 == nil }
        let choice = over(.name("value"), binding: "payload") { position, _ in
            body(position)
        } rest: {
            let rest = other.map(body) ?? []
            return rest.isEmpty ? [.break] : rest
        }
        return [.expression(write), within(discriminant(of: .name("value")), [choice])]
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
            .call(.implicitMember("case"), [SwiftArgument(.element(.name("caseLabels"), at: index))]), body)
    }
}
