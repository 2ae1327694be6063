// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// How values get into linear memory and core values, and back: the protocol `ComponentCodec`, spelled out.
extension ScopeWriter {
    private static let context = SwiftArgument(nil, .inout(.name("cx")))
    private static let flat = SwiftExpression.inout(.name("flat"))

    // MARK: Steps, for a part of a value

    static func lower(_ codec: SwiftType, _ value: SwiftExpression) -> SwiftStatement {
        let arguments = [SwiftArgument(value), context, SwiftArgument("into", flat)]
        return .expression(SwiftExpression.type(codec).calling("lower", arguments).tried())
    }

    static func store(
        _ codec: SwiftType, _ value: SwiftExpression, at place: SwiftExpression
    ) -> SwiftStatement {
        let arguments = [SwiftArgument(value), context, SwiftArgument("at", place)]
        return .expression(SwiftExpression.type(codec).calling("store", arguments).tried())
    }

    static func lift(_ codec: SwiftType) -> SwiftExpression {
        SwiftExpression.type(codec).calling("lift", [context, SwiftArgument("from", flat)]).tried()
    }

    static func load(_ codec: SwiftType, at place: SwiftExpression) -> SwiftExpression {
        SwiftExpression.type(codec).calling("load", [context, SwiftArgument("at", place)]).tried()
    }

    /// `offset`, moved by a distance that may depend on the width of pointers.
    static func place(_ distance: Distance) -> SwiftExpression {
        let offset = SwiftExpression.name("offset")
        if distance.narrow == distance.wide {
            return distance.narrow == 0 ? offset : .infix(offset, "&+", .integer(distance.narrow))
        }
        let choice = SwiftExpression.choice(
            SwiftExpression.name("cx").member("is64"), .integer(distance.wide), .integer(distance.narrow))
        return .infix(offset, "&+", .parenthesized(choice))
    }

    /// What runs `body`, and says in errors that they are within `part`.
    func within(_ part: SwiftExpression, _ body: [SwiftStatement]) -> SwiftStatement {
        .do(
            host.throwsABIError, body,
            catch: [.throw(SwiftExpression.name("error").calling("within", [SwiftArgument(part)]))])
    }

    // MARK: Requirements of the protocol

    /// The static layout.
    func abi(_ extent: Extent) -> SwiftDeclaration {
        var arguments = [
            SwiftArgument("size", .integer(extent.size.narrow)),
            SwiftArgument("alignment", .integer(extent.alignment.narrow)),
            SwiftArgument("size64", .integer(extent.size.wide)),
            SwiftArgument("alignment64", .integer(extent.alignment.wide)),
            SwiftArgument("flatCount", .integer(extent.flatCount)),
        ]
        if extent.usesMemory { arguments.append(SwiftArgument("usesMemory", .name("true"))) }
        if extent.holdsHandles { arguments.append(SwiftArgument("usesHandles", .name("true"))) }
        let layout = library("StaticLayout")
        return computed("abi", layout, .make(layout, arguments), attributes: host.inlinable)
    }

    /// The structure, for comparing types: `.record([…])`, with `parts`.
    func shape(_ kind: String, _ parts: [SwiftExpression]) -> SwiftDeclaration {
        computed("shape", library("TypeShape"), .call(.implicitMember(kind), [SwiftArgument(.array(parts))]))
    }

    static func shape(of codec: SwiftType) -> SwiftExpression { SwiftExpression.type(codec).member("shape") }

    /// The codec of a declared type, nested in it.
    func codec(of id: TypeID, _ members: [SwiftDeclaration]) -> SwiftDeclaration {
        let isHashable = !model.facts.holdsHandles(.defined(id))
        let value = SwiftDeclaration(.alias("Value", type(id)), modifiers: access)
        return SwiftDeclaration(
            .type(
                SwiftTypeDeclaration(
                    keyword: .enum, name: "Codec", inherits: [library(isHashable ? "HashableCodec" : "ComponentCodec")],
                    members: [value] + members)),
            documentation: ["How values cross."], modifiers: access)
    }

    /// `==` and `hash(into:)` for what Swift cannot derive them: tuples conform to nothing.
    func equality(
        _ id: TypeID, _ compare: [SwiftStatement], _ hash: [SwiftStatement]
    ) -> [SwiftDeclaration] {
        let type = type(id)
        let equal = SwiftFunction(
            name: "==", parameters: [SwiftParameter("left", type), SwiftParameter("right", type)],
            result: library("Bool"), body: compare)
        let hashing = SwiftFunction(
            name: "hash", parameters: [SwiftParameter(.word("into"), "hasher", ["inout"], library("Hasher"))],
            body: hash)
        return [
            SwiftDeclaration(.function(equal), attributes: host.inlinable, modifiers: access + ["static"]),
            SwiftDeclaration(.function(hashing), attributes: host.inlinable, modifiers: access),
        ]
    }

    /// Whether `==` and `hash(into:)` of a record or variant with these parts have to be written.
    func needsEquality(_ id: TypeID, _ parts: [ValueType]) -> Bool {
        !model.facts.holdsHandles(.defined(id)) && parts.contains(where: model.facts.holdsTuples)
    }

    static func areEqual(
        _ codec: SwiftType, _ left: SwiftExpression, _ right: SwiftExpression
    ) -> SwiftExpression {
        SwiftExpression.type(codec).calling("areEqual", [SwiftArgument(left), SwiftArgument(right)])
    }

    static func hash(_ codec: SwiftType, _ value: SwiftExpression) -> SwiftStatement {
        let hasher = SwiftArgument("into", .inout(.name("hasher")))
        return .expression(SwiftExpression.type(codec).calling("hash", [SwiftArgument(value), hasher]))
    }

    func lower(_ id: TypeID, _ body: [SwiftStatement]) -> SwiftDeclaration {
        conversion("lower", type(id), intoFlat, nil, body)
    }

    func store(_ id: TypeID, _ body: [SwiftStatement]) -> SwiftDeclaration {
        conversion("store", type(id), atOffset, nil, body)
    }

    func lift(_ id: TypeID, _ body: [SwiftStatement]) -> SwiftDeclaration {
        conversion("lift", nil, fromFlat, type(id), body)
    }

    func load(_ id: TypeID, _ body: [SwiftStatement]) -> SwiftDeclaration {
        conversion("load", nil, atOffset, type(id), body)
    }

    private var intoFlat: SwiftParameter {
        SwiftParameter(.word("into"), "flat", ["inout"], library("FlatWriter"))
    }
    private var fromFlat: SwiftParameter {
        SwiftParameter(.word("from"), "flat", ["inout"], library("FlatReader"))
    }
    private var atOffset: SwiftParameter { SwiftParameter(.word("at"), "offset", library("Int")) }

    private func conversion(
        _ name: String, _ value: SwiftType?, _ place: SwiftParameter, _ result: SwiftType?, _ body: [SwiftStatement]
    ) -> SwiftDeclaration {
        let context = SwiftParameter(.none, "cx", ["inout"], library("CanonicalContext"))
        let function = SwiftFunction(
            name: name, parameters: (value.map { [SwiftParameter(.none, "value", $0)] } ?? []) + [context, place],
            effects: host.throwsABIError, result: result, body: body)
        return SwiftDeclaration(
            .function(function), attributes: host.inlinable, modifiers: access + ["static"])
    }
}
