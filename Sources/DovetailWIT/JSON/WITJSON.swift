// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// A JSON value whose objects keep their order; writing it as text is left to those who have a JSON library.
package indirect enum JSONTree: Hashable, Sendable {
    case null
    case number(Int)
    case bool(Bool)
    case string(String)
    case array([JSONTree])
    case object([Member])

    /// A member of an object.
    package struct Member: Hashable, Sendable {
        package var key: String
        package var value: JSONTree
    }
}

/// The JSON form of a package graph, the one that `wasm-tools component wit --json` has.
package struct WITJSON {
    private let graph: PackageGraph

    /// The whole graph: worlds, interfaces, types and packages, which refer to each other by index.
    package static func tree(of graph: PackageGraph) -> JSONTree {
        let writer = WITJSON(graph: graph)
        return object([
            ("worlds", .array(graph.worlds.map(writer.world))),
            ("interfaces", .array(graph.interfaces.map(writer.interface))),
            ("types", .array(graph.types.definitions.map(writer.type))),
            ("packages", .array(graph.packages.map(writer.package))),
        ])
    }

    private static func object(_ members: [(String, JSONTree?)]) -> JSONTree {
        .object(members.compactMap { key, value in value.map { JSONTree.Member(key: key, value: $0) } })
    }

    private func documentation(_ text: String?) -> JSONTree? {
        text.map { Self.object([("contents", .string($0))]) }
    }

    private func stability(_ stability: Stability) -> JSONTree? {
        switch stability {
        case .unknown: nil
        case .stable(let since, let deprecated):
            Self.object([
                (
                    "stable",
                    Self.object([
                        ("since", .string(since.description)),
                        ("deprecated", deprecated.map { .string($0.description) }),
                    ])
                )
            ])
        case .unstable(let feature, let deprecated):
            Self.object([
                (
                    "unstable",
                    Self.object([
                        ("feature", .string(feature)), ("deprecated", deprecated.map { .string($0.description) }),
                    ])
                )
            ])
        }
    }

    private func package(_ package: Package) -> JSONTree {
        Self.object([
            ("name", .string(package.name.description)),
            ("docs", documentation(package.documentation)),
            ("interfaces", Self.object(package.interfaces.map { ($0.key, .number($0.value.index)) })),
            ("worlds", Self.object(package.worlds.map { ($0.key, .number($0.value.index)) })),
        ])
    }

    private func world(_ world: World) -> JSONTree {
        Self.object([
            ("name", .string(world.name)),
            ("imports", items(world.imports)),
            ("exports", items(world.exports)),
            ("package", world.package.map { .number($0.index) } ?? .null),
            ("docs", documentation(world.documentation)),
            ("stability", stability(world.stability)),
        ])
    }

    private func items(_ items: OrderedMap<WorldKey, WorldItem>) -> JSONTree {
        Self.object(
            items.map { key, item in
                let name =
                    switch key {
                    case .name(let name): name
                    case .interface(let id): "interface-\(id.index)"
                    }
                let value: JSONTree
                switch item.kind {
                case .interface(let id):
                    value = Self.object([
                        (
                            "interface",
                            Self.object([
                                ("id", .number(id.index)), ("docs", documentation(item.documentation)),
                                ("stability", stability(item.stability)),
                                ("external_id", item.externalID.map { .string($0) }),
                            ])
                        )
                    ])
                case .function(let function): value = Self.object([("function", self.function(function))])
                case .type(let id): value = Self.object([("type", .number(id.index))])
                }
                return (name, value)
            })
    }

    private func interface(_ interface: Interface) -> JSONTree {
        Self.object([
            ("name", interface.name.map { .string($0) } ?? .null),
            ("types", Self.object(interface.types.map { ($0.key, .number($0.value.index)) })),
            ("functions", Self.object(interface.functions.map { ($0.key, function($0.value)) })),
            ("docs", documentation(interface.documentation)),
            ("stability", stability(interface.stability)),
            ("package", interface.package.map { .number($0.index) } ?? .null),
            ("clone_of", interface.cloneOf.map { .number($0.index) }),
        ])
    }

    private func function(_ function: FunctionDefinition) -> JSONTree {
        let parameters = function.parameters.map { parameter in
            Self.object([("name", .string(parameter.name)), ("type", value(parameter.type))])
        }
        return Self.object([
            ("name", .string(function.name)),
            ("kind", kind(function)),
            ("params", .array(parameters)),
            ("result", function.result.map(value)),
            ("docs", documentation(function.documentation)),
            ("stability", stability(function.stability)),
            ("external_id", function.externalID.map { .string($0) }),
        ])
    }

    private func kind(_ function: FunctionDefinition) -> JSONTree {
        let suffix =
            switch function.role {
            case .plain: ""
            case .getter: "getter"
            case .setter: "setter"
            }
        let prefix = function.isAsync ? "async-" : ""
        let base: String
        switch function.owner {
        case .none: return .string(suffix.isEmpty ? "\(prefix)freestanding" : suffix)
        case .constructor(let id): return Self.object([("constructor", .number(id.index))])
        case .method: base = "method"
        case .static: base = "static"
        }
        let name = suffix.isEmpty ? prefix + base : "\(base)-\(suffix)"
        return Self.object([(name, function.owner.resource.map { .number($0.index) })])
    }

    private func type(_ type: TypeDefinition) -> JSONTree {
        let owner: JSONTree =
            switch type.owner {
            case .none: .null
            case .interface(let id): Self.object([("interface", .number(id.index))])
            case .world(let id): Self.object([("world", .number(id.index))])
            }
        return Self.object([
            ("name", type.name.map { .string($0) } ?? .null),
            ("kind", kind(type.kind)),
            ("owner", owner),
            ("docs", documentation(type.documentation)),
            ("stability", stability(type.stability)),
            ("external_id", type.externalID.map { .string($0) }),
        ])
    }

    private func value(_ type: ValueType) -> JSONTree {
        if case .defined(let id) = type { return .number(id.index) }
        return .string(type.primitiveName ?? "")
    }

    private func value(_ type: ValueType?) -> JSONTree { type.map { value($0) } ?? .null }

    private func kind(_ kind: TypeKind) -> JSONTree {
        func labels(_ key: String, _ labels: [Label]) -> JSONTree {
            let items = labels.map { label in
                Self.object([("name", .string(label.name)), ("docs", documentation(label.documentation))])
            }
            return Self.object([(key, .array(items))])
        }
        switch kind {
        case .resource: return .string("resource")
        case .record(let fields):
            let items = fields.map { field in
                Self.object([
                    ("name", .string(field.name)), ("type", value(field.type)),
                    ("docs", documentation(field.documentation)),
                ])
            }
            return Self.object([("record", Self.object([("fields", .array(items))]))])
        case .variant(let cases):
            let items = cases.map { item in
                Self.object([
                    ("name", .string(item.name)), ("type", value(item.type)),
                    ("docs", documentation(item.documentation)),
                ])
            }
            return Self.object([("variant", Self.object([("cases", .array(items))]))])
        case .flags(let items): return Self.object([("flags", labels("flags", items))])
        case .enum(let items): return Self.object([("enum", labels("cases", items))])
        case .tuple(let elements):
            return Self.object([("tuple", Self.object([("types", .array(elements.map { value($0) }))]))])
        case .option(let type): return Self.object([("option", value(type))])
        case .result(let ok, let error):
            return Self.object([("result", Self.object([("ok", value(ok)), ("err", value(error))]))])
        case .list(let type): return Self.object([("list", value(type))])
        case .fixedLengthList(let type, let count):
            return Self.object([("fixed-length-list", .array([value(type), .number(Int(count))]))])
        case .map(let key, let item): return Self.object([("map", .array([value(key), value(item)]))])
        case .stream(let type): return Self.object([("stream", value(type))])
        case .future(let type): return Self.object([("future", value(type))])
        case .own(let id): return Self.object([("handle", Self.object([("own", .number(id.index))]))])
        case .borrow(let id): return Self.object([("handle", Self.object([("borrow", .number(id.index))]))])
        case .alias(let type): return Self.object([("type", value(type))])
        }
    }
}
