// SPDX-License-Identifier: Apache-2.0

/// Types that only some worlds need: lengths of lists, tuples of unusual size.
extension WorldWriter {
    func helpers() -> [SwiftDeclaration] {
        host.fixedLengths.sorted().map(length) + host.tupleSizes.sorted().map(tuple)
    }

    /// What holds for such tuples when it holds for their parts.
    func helperConformances() -> [SwiftDeclaration] {
        host.tupleSizes.sorted().flatMap { size in
            ["Equatable", "Hashable", "Sendable"].map { name in
                SwiftDeclaration(
                    .extension(
                        .named("\(host.names.world).Tuple\(size)"), [host.library(name)],
                        where: Self.letters(size).map { SwiftGeneric(name: $0, bound: host.library(name)) }, []))
            }
        }
    }

    private func length(_ count: Int) -> SwiftDeclaration {
        SwiftDeclaration(
            .type(
                SwiftTypeDeclaration(
                    keyword: .enum, name: "Count\(count)", inherits: [host.library("FixedCount")],
                    members: [root.count("count", count)])),
            documentation: ["The length of a `list<…, \(count)>`."], modifiers: access)
    }

    private static func letters(_ size: Int) -> [String] { (0..<size).map { "T\($0)" } }

    private func tuple(_ size: Int) -> SwiftDeclaration {
        let types = Self.letters(size).map { SwiftType.named($0) }
        let values = (0..<size).map { "v\($0)" }
        let layout = host.library("StaticLayout")
        func abi(_ position: Int) -> SwiftExpression { SwiftExpression.type(types[position]).member("abi") }
        var members = types.indices.map {
            root.stored(values[$0], types[$0], storage: .var, documentation: ["The value at position \($0)."])
        }
        members.append(
            root.initializer(
                types.indices.map { SwiftParameter(.none, values[$0], types[$0]) },
                values.map { .assign(.this.member($0), .name($0)) }, documentation: ["Makes the tuple."],
                isInlinable: true))
        let chain = SwiftStatement.chain(
            abi(0),
            types.indices.dropFirst().map { .init("adding", [SwiftArgument(abi($0))]) } + [.init("padded")])
        members += [
            SwiftDeclaration(
                .variable(SwiftVariable(name: "abi", type: layout, storage: .computed(SwiftEffects(), [chain]))),
                attributes: host.inlinable, modifiers: access + ["static"]),
            root.shape("tuple", types.map(ScopeWriter.shape)),
        ]
        members += conversions(types, values)
        return SwiftDeclaration(
            .type(
                SwiftTypeDeclaration(
                    keyword: .struct, name: "Tuple\(size)",
                    generics: Self.letters(size).map {
                        SwiftGeneric(name: $0, bound: host.library("ComponentConvertible"))
                    },
                    inherits: [host.library("ComponentConvertible")], members: members)),
            documentation: ["Values in a row, as a WIT tuple or as the parameters of a function."],
            modifiers: access)
    }

    private func conversions(_ types: [SwiftType], _ values: [String]) -> [SwiftDeclaration] {
        let type = SwiftType.named("Self")
        let make = SwiftStatement.return(
            .make(.named("Tuple\(types.count)"), values.map { SwiftArgument(.name($0)) }))
        let fields = SwiftExpression.name("fields")
        func abi(_ position: Int) -> SwiftExpression { SwiftExpression.type(types[position]).member("abi") }
        /// What keeps track of the places: they depend on what the types turn out to be.
        func track(_ position: Int) -> [SwiftStatement] {
            switch position {
            case 0: []
            case 1: [types.count > 2 ? .var("fields", abi(0)) : .let("fields", abi(0))]
            default: [.assign(fields, fields.calling("adding", [SwiftArgument(abi(position - 1))]))]
            }
        }
        func place(_ position: Int) -> SwiftExpression {
            guard position > 0 else { return .name("offset") }
            let distance = fields.calling(
                "offset",
                [
                    SwiftArgument("of", abi(position)),
                    SwiftArgument(SwiftExpression.name("cx").member("is64")),
                ])
            return .infix(.name("offset"), "&+", distance)
        }
        return [
            root.lower(inOrder(types.count) { [ScopeWriter.lower(.name(values[$0]))] }),
            root.store(inOrder(types.count) { track($0) + [ScopeWriter.store(.name(values[$0]), at: place($0))] }),
            root.lift(
                type, inOrder(types.count, last: [make]) { [.let(values[$0], ScopeWriter.lift(types[$0]))] }),
            root.load(
                type,
                inOrder(types.count, last: [make]) {
                    track($0) + [.let(values[$0], ScopeWriter.load(types[$0], at: place($0)))]
                }),
        ]
    }

    /// The steps of all positions, and which one it is in errors.
    private func inOrder(
        _ size: Int, last: [SwiftStatement] = [], _ step: (Int) -> [SwiftStatement]
    ) -> [SwiftStatement] {
        func path(_ index: SwiftExpression) -> SwiftExpression {
            .call(.implicitMember("index"), [SwiftArgument(index)])
        }
        if size == 1 { return [root.within(path(.integer(0)), step(0) + last)] }
        let index = SwiftExpression.name("index")
        let body = (0..<size).flatMap { position in
            (position == 0 ? [] : [.assign(index, .integer(position))]) + step(position)
        }
        return [.var("index", .integer(0)), root.within(path(index), body + last)]
    }
}
