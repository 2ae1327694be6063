// SPDX-License-Identifier: Apache-2.0

package import DovetailJSON
import DovetailTypes
import DovetailWITReader

/// The JSON form of a package graph, the one that `wasm-tools component wit --json` has.
package struct WITJSON {
    private let graph: PackageGraph

    /// The whole graph: worlds, interfaces, types and packages, which refer to each other by index.
    package static func tree(of graph: PackageGraph) -> JSONTree {
        let writer = WITJSON(graph: graph)
        return .object([
            ("worlds", .array(graph.worlds.map(writer.world))),
            ("interfaces", .array(graph.interfaces.map(writer.interface))),
            ("types", .array(graph.types.definitions.map(writer.type))),
            ("packages", .array(graph.packages.map(writer.package))),
        ])
    }

    private func documentation(_ text: String?) -> JSONTree? {
        text.map { .object([("contents", .string($0))]) }
    }

    private func stability(_ stability: Stability) -> JSONTree? {
        switch stability {
        case .unknown: nil
        case .stable(let since, let deprecated):
            .object([
                (
                    "stable",
                    .object([
                        ("since", .string(since.description)),
                        ("deprecated", deprecated.map { .string($0.description) }),
                    ])
                )
            ])
        case .unstable(let feature, let deprecated):
            .object([
                (
                    "unstable",
                    .object([
                        ("feature", .string(feature)), ("deprecated", deprecated.map { .string($0.description) }),
                    ])
                )
            ])
        }
    }

    private func package(_ package: Package) -> JSONTree {
        .object([
            ("name", .string(package.name.description)),
            ("docs", documentation(package.documentation)),
            ("interfaces", .object(package.interfaces.map { ($0.key, .number($0.value.index)) })),
            ("worlds", .object(package.worlds.map { ($0.key, .number($0.value.index)) })),
        ])
    }

    private func world(_ world: World) -> JSONTree {
        .object([
            ("name", .string(world.name)),
            ("imports", items(world.imports)),
            ("exports", items(world.exports)),
            ("package", world.package.map { .number($0.index) } ?? .null),
            ("docs", documentation(world.documentation)),
            ("stability", stability(world.stability)),
        ])
    }

    private func items(_ items: OrderedMap<WorldKey, WorldItem>) -> JSONTree {
        .object(
            items.map { key, item in
                let name =
                    switch key {
                    case .name(let name): name
                    case .interface(let id): "interface-\(id.index)"
                    }
                let value: JSONTree
                switch item.kind {
                case .interface(let id):
                    value = .object([
                        (
                            "interface",
                            .object([
                                ("id", .number(id.index)), ("docs", documentation(item.documentation)),
                                ("stability", stability(item.stability)),
                                ("external_id", item.externalID.map { .string($0) }),
                            ])
                        )
                    ])
                case .function(let function): value = .object([("function", self.function(function))])
                case .type(let id): value = .object([("type", .number(id.index))])
                }
                return (name, value)
            })
    }

    private func interface(_ interface: Interface) -> JSONTree {
        .object([
            ("name", interface.name.map { .string($0) } ?? .null),
            ("types", .object(interface.types.map { ($0.key, .number($0.value.index)) })),
            ("functions", .object(interface.functions.map { ($0.key, function($0.value)) })),
            ("docs", documentation(interface.documentation)),
            ("stability", stability(interface.stability)),
            ("package", interface.package.map { .number($0.index) } ?? .null),
            ("clone_of", interface.cloneOf.map { .number($0.index) }),
        ])
    }

    private func function(_ function: FunctionDefinition) -> JSONTree {
        let parameters = function.parameters.map { parameter in
            JSONTree.object([("name", .string(parameter.name)), ("type", value(parameter.type))])
        }
        return .object([
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
        case .constructor(let id): return .object([("constructor", .number(id.index))])
        case .method: base = "method"
        case .static: base = "static"
        }
        let name = suffix.isEmpty ? prefix + base : "\(base)-\(suffix)"
        return .object([(name, function.owner.resource.map { .number($0.index) })])
    }

    private func type(_ type: TypeDefinition) -> JSONTree {
        let owner: JSONTree =
            switch type.owner {
            case .none: .null
            case .interface(let id): .object([("interface", .number(id.index))])
            case .world(let id): .object([("world", .number(id.index))])
            }
        return .object([
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
                JSONTree.object([("name", .string(label.name)), ("docs", documentation(label.documentation))])
            }
            return .object([(key, .array(items))])
        }
        switch kind {
        case .resource: return .string("resource")
        case .record(let fields):
            let items = fields.map { field in
                JSONTree.object([
                    ("name", .string(field.name)), ("type", value(field.type)),
                    ("docs", documentation(field.documentation)),
                ])
            }
            return .object([("record", .object([("fields", .array(items))]))])
        case .variant(let cases):
            let items = cases.map { item in
                JSONTree.object([
                    ("name", .string(item.name)), ("type", value(item.type)),
                    ("docs", documentation(item.documentation)),
                ])
            }
            return .object([("variant", .object([("cases", .array(items))]))])
        case .flags(let items): return .object([("flags", labels("flags", items))])
        case .enum(let items): return .object([("enum", labels("cases", items))])
        case .tuple(let elements):
            return .object([("tuple", .object([("types", .array(elements.map { value($0) }))]))])
        case .option(let type): return .object([("option", value(type))])
        case .result(let ok, let error):
            return .object([("result", .object([("ok", value(ok)), ("err", value(error))]))])
        case .list(let type): return .object([("list", value(type))])
        case .fixedLengthList(let type, let count):
            return .object([("fixed-length-list", .array([value(type), .number(Int(count))]))])
        case .map(let key, let item): return .object([("map", .array([value(key), value(item)]))])
        case .stream(let type): return .object([("stream", value(type))])
        case .future(let type): return .object([("future", value(type))])
        case .own(let id): return .object([("handle", .object([("own", .number(id.index))]))])
        case .borrow(let id): return .object([("handle", .object([("borrow", .number(id.index))]))])
        case .alias(let type): return .object([("type", value(type))])
        }
    }
}
