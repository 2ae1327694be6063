// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// How values get into linear memory and core values, and back: the protocol `ComponentConvertible`, spelled out.
extension ScopeWriter {
    private static let context = SwiftArgument(nil, .inout(.name("cx")))
    private static let flat = SwiftExpression.inout(.name("flat"))

    // MARK: Steps, for a part of a value

    static func lower(_ value: SwiftExpression) -> SwiftStatement {
        .expression(value.calling("lower", [context, SwiftArgument("into", flat)]).tried())
    }

    static func store(_ value: SwiftExpression, at place: SwiftExpression) -> SwiftStatement {
        .expression(value.calling("store", [context, SwiftArgument("at", place)]).tried())
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

    func lower(_ body: [SwiftStatement]) -> SwiftDeclaration {
        conversion("lower", intoFlat, nil, body)
    }

    func store(_ body: [SwiftStatement]) -> SwiftDeclaration {
        conversion("store", atOffset, nil, body)
    }

    func lift(_ type: SwiftType, _ body: [SwiftStatement]) -> SwiftDeclaration {
        conversion("lift", fromFlat, type, body)
    }

    func load(_ type: SwiftType, _ body: [SwiftStatement]) -> SwiftDeclaration {
        conversion("load", atOffset, type, body)
    }

    private var intoFlat: SwiftParameter {
        SwiftParameter(.word("into"), "flat", ["inout"], library("FlatWriter"))
    }
    private var fromFlat: SwiftParameter {
        SwiftParameter(.word("from"), "flat", ["inout"], library("FlatReader"))
    }
    private var atOffset: SwiftParameter { SwiftParameter(.word("at"), "offset", library("Int")) }

    private func conversion(
        _ name: String, _ place: SwiftParameter, _ result: SwiftType?, _ body: [SwiftStatement]
    ) -> SwiftDeclaration {
        let function = SwiftFunction(
            name: name,
            parameters: [SwiftParameter(.none, "cx", ["inout"], library("CanonicalContext")), place],
            effects: host.throwsABIError, result: result, body: body)
        return SwiftDeclaration(
            .function(function), attributes: host.inlinable, modifiers: access + (result == nil ? [] : ["static"]))
    }
}
