// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes

/// How values get into linear memory and core values, and back: the protocol `ComponentCodec`, spelled out.
extension GuestScope {
    private static let arena = SwiftArgument(.inout(.name("arena")))
    private static let flat = SwiftArgument(.inout(.name("flat")))

    // MARK: Steps, for a part of a value

    static func load(_ codec: SwiftType, at place: SwiftExpression) -> SwiftExpression {
        SwiftExpression.type(codec).calling("load", [SwiftArgument(place)])
    }

    static func store(_ codec: SwiftType, _ value: SwiftExpression, at place: SwiftExpression) -> SwiftStatement {
        .expression(SwiftExpression.type(codec).calling("store", [SwiftArgument(value), SwiftArgument(place), arena]))
    }

    static func lift(_ codec: SwiftType) -> SwiftExpression { SwiftExpression.type(codec).calling("lift", [flat]) }

    static func lower(_ codec: SwiftType, _ value: SwiftExpression) -> SwiftStatement {
        .expression(SwiftExpression.type(codec).calling("lower", [SwiftArgument(value), flat, arena]))
    }

    /// `base`, moved by a distance.
    static func place(_ distance: Int, from base: String = "place") -> SwiftExpression {
        distance == 0 ? .name(base) : .infix(.name(base), "+", .integer(distance))
    }

    // MARK: The protocol

    /// The codec of a type.
    ///
    /// - Parameter bodies: those of `load`, `store`, `lift` and `lower`.
    func codec(
        _ name: String, of value: SwiftType, size: Int, alignment: Int, flatCount: Int,
        bodies: (load: [SwiftStatement], store: [SwiftStatement], lift: [SwiftStatement], lower: [SwiftStatement])
    ) -> SwiftDeclaration {
        let layout = library("StaticLayout")
        let abi = SwiftExpression.make(
            layout,
            [
                SwiftArgument("size", .integer(size)), SwiftArgument("alignment", .integer(alignment)),
                SwiftArgument("flatCount", .integer(flatCount)),
            ])
        let place = SwiftParameter(.none, "place", library("UnsafeRawPointer"))
        let mutablePlace = SwiftParameter(.none, "place", guest.pointer)
        let arena = SwiftParameter(.none, "arena", ["inout"], library("Arena"))
        let input = SwiftParameter(.none, "value", value)
        func function(
            _ name: String, _ parameters: [SwiftParameter], _ result: SwiftType?, _ body: [SwiftStatement]
        ) -> SwiftDeclaration {
            SwiftDeclaration(
                .function(SwiftFunction(name: name, parameters: parameters, result: result, body: body)),
                modifiers: access + ["static"])
        }
        let members = [
            SwiftDeclaration(.alias("Value", value), modifiers: access), computed("abi", layout, abi),
            function("load", [place], value, bodies.load),
            function("store", [input, mutablePlace, arena], nil, bodies.store),
            function(
                "lift", [SwiftParameter(.none, "flat", ["inout"], library("FlatReader"))], value, bodies.lift),
            function(
                "lower", [input, SwiftParameter(.none, "flat", ["inout"], library("FlatWriter")), arena], nil,
                bodies.lower),
        ]
        return SwiftDeclaration(
            .type(
                SwiftTypeDeclaration(
                    keyword: .enum, name: name, inherits: [library("ComponentCodec")], members: members)),
            documentation: ["How values cross."], modifiers: access)
    }

    // MARK: Records and tuples

    func record(
        _ id: TypeID, _ fields: [Field], _ documentation: [String]
    ) throws(BindgenError) -> SwiftDeclaration {
        let steps = try model.recordSteps(id)
        let properties = fieldNames(fields)
        var members = recordMembers(fields)
        let type = type(id)
        func make(_ values: [SwiftExpression]) -> SwiftExpression {
            .make(type, zip(properties, values).map { SwiftArgument($0, $1) })
        }
        members.append(
            codec(
                "Codec", of: type, size: steps.extent.size.narrow, alignment: steps.extent.alignment.narrow,
                flatCount: steps.extent.flatCount,
                bodies: Self.bodies(
                    fields.map { codec(of: $0.type) }, places: steps.places.map(\.narrow),
                    parts: properties.map { SwiftExpression.name("value").member($0) }, make: make)))
        return declaration(.struct, id, conformances(id), members, documentation)
    }

    /// The codec of a tuple type.
    func tuple(_ tuple: SwiftGuest.TupleType) throws(BindgenError) -> SwiftDeclaration {
        let steps = try model.tupleSteps(tuple.parts)
        return codec(
            tuple.name, of: .tuple(tuple.parts.map { valueType(of: $0) }), size: steps.size, alignment: steps.alignment,
            flatCount: steps.flat,
            bodies: Self.bodies(
                tuple.parts.map { codec(of: $0) }, places: steps.places,
                parts: tuple.parts.indices.map { SwiftExpression.name("value").member("\($0)") },
                make: { .tuple($0) }))
    }

    /// What is done for the parts of a value one after the other.
    private static func bodies(
        _ codecs: [SwiftType], places: [Int], parts: [SwiftExpression], make: ([SwiftExpression]) -> SwiftExpression
    ) -> (load: [SwiftStatement], store: [SwiftStatement], lift: [SwiftStatement], lower: [SwiftStatement]) {
        let offsets = places.map { place($0) }
        return (
            load: [.return(make(codecs.indices.map { load(codecs[$0], at: offsets[$0]) }))],
            store: codecs.indices.map { store(codecs[$0], parts[$0], at: offsets[$0]) },
            lift: [.return(make(codecs.map { lift($0) }))],
            lower: codecs.indices.map { lower(codecs[$0], parts[$0]) }
        )
    }

    // MARK: Variants

    func variant(
        _ id: TypeID, _ cases: [Case], _ documentation: [String]
    ) throws(BindgenError) -> SwiftDeclaration {
        let steps = try model.variantSteps(id)
        let names = caseNames(cases.map(\.name))
        let codecs = cases.map { $0.type.map { codec(of: $0) } }
        let payload = SwiftExpression.name("payload")
        let place = Self.place(steps.payload.narrow)
        let tag = library(cases.count <= 256 ? "UInt8" : cases.count <= 65_536 ? "UInt16" : "UInt32")

        /// A `switch` over the discriminant.
        func reading(
            _ discriminant: SwiftExpression, _ read: (SwiftType) -> SwiftExpression, skips: Bool
        ) -> [SwiftStatement] {
            func body(_ position: Int) -> [SwiftStatement] {
                let padding = skips ? steps.padding[position] : 0
                let skip =
                    padding == 0
                    ? []
                    : [
                        SwiftStatement.expression(
                            SwiftExpression.name("flat").calling("skip", [SwiftArgument(.integer(padding))]))
                    ]
                guard let codec = codecs[position] else { return skip + [.return(.implicitMember(names[position]))] }
                func make(_ value: SwiftExpression) -> SwiftStatement {
                    .return(.call(.implicitMember(names[position]), [SwiftArgument(value)]))
                }
                return skip.isEmpty ? [make(read(codec))] : [.let("payload", read(codec))] + skip + [make(payload)]
            }
            if names.count == 1 { return [.discard(discriminant)] + body(0) }
            return [
                .switch(
                    discriminant,
                    names.indices.map { SwiftCase($0 == names.count - 1 ? .default : .integer($0), body($0)) })
            ]
        }
        /// A `switch` over the value.
        func writing(_ body: (Int) -> [SwiftStatement]) -> [SwiftStatement] {
            let branches = names.indices.map { position in
                let binding = codecs[position] == nil ? nil : "payload"
                return SwiftCase(.member(names[position], binding: binding), body(position))
            }
            return [.switch(.name("value"), branches)]
        }
        func number(_ position: Int, _ type: SwiftType) -> SwiftArgument {
            SwiftArgument(.make(type, [SwiftArgument(.integer(position))]))
        }
        let load = reading(
            SwiftExpression.name("place").calling("load", [SwiftArgument("as", .metatype(tag))]),
            { Self.load($0, at: place) }, skips: false)
        let store = writing { position in
            let write = SwiftExpression.name("place").calling(
                "put", [number(position, tag), SwiftArgument("at", .integer(0))])
            return [.expression(write)] + (codecs[position].map { [Self.store($0, payload, at: place)] } ?? [])
        }
        let lift = reading(
            SwiftExpression.name("flat").calling("next", [SwiftArgument(.metatype(library("Int32")))]),
            { Self.lift($0) }, skips: true)
        let lower = writing { position in
            let flat = SwiftExpression.name("flat")
            let padding = steps.padding[position]
            return [.expression(flat.calling("write", [number(position, library("Int32"))]))]
                + (codecs[position].map { [Self.lower($0, payload)] } ?? [])
                + (padding == 0 ? [] : [.expression(flat.calling("zeros", [SwiftArgument(.integer(padding))]))])
        }
        var members = zip(cases, names).map { item, name in
            SwiftDeclaration(
                .enumCase(name, item.type.map { [valueType(of: $0)] } ?? []),
                documentation: Documentation.lines(item.documentation))
        }
        members.append(
            codec(
                "Codec", of: type(id), size: steps.extent.size.narrow, alignment: steps.extent.alignment.narrow,
                flatCount: steps.extent.flatCount, bodies: (load, store, lift, lower)))
        return declaration(.enum, id, conformances(id), members, documentation)
    }
}
