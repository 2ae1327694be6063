// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// A component written as a list of definitions, and what the validator says of it.
struct Sample: Sendable, CustomStringConvertible {
    var name: String
    var definitions: [Definition]
    var features: ComponentFeatures
    /// The whole message, `nil` for a valid component.
    var expected: String?

    init(
        _ name: String, features: ComponentFeatures = .all, _ expected: String?, _ definitions: [Definition]
    ) {
        self.name = name
        self.definitions = definitions
        self.features = features
        self.expected = expected
    }

    var description: String { name }

    /// What the validator says: the n-th definition lies at offset 16 n, core modules are those of ``Core``.
    var verdict: String? {
        let component = ComponentBinary(
            definitions: definitions.enumerated().map { Located($1, at: 16 * $0) }, customSections: [], range: 0..<4096)
        do throws(BinaryError) {
            _ = try ComponentValidator.validate(component, bytes: Core.bytes, features: features)
            return nil
        } catch {
            return error.description
        }
    }
}

/// Core modules for samples; their functions have no bodies, which are not the validator's concern.
enum Core {
    private static let preamble: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

    /// Exports `memory`, `realloc`, `f: []`, `g: [i32] -> [i32]`, `h: [i32 i32] -> [i32]`, `callback: [i32 i32 i32] -> [i32]`,
    /// `drop: [i32]`, `table` of functions, `memory64`.
    static let libc: [UInt8] =
        preamble
        + section(
            1,
            [
                [0x60, 0, 0], [0x60, 1, 0x7f, 1, 0x7f], [0x60, 2, 0x7f, 0x7f, 1, 0x7f],
                [0x60, 3, 0x7f, 0x7f, 0x7f, 1, 0x7f], [0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 1, 0x7f],
                [0x60, 1, 0x7f, 0],
            ])
        + section(3, [[0], [1], [2], [3], [4], [5]])
        + section(4, [[0x70, 0, 0]])
        + section(5, [[0, 1], [4, 1]])
        + section(
            7,
            [
                name("f") + [0, 0], name("g") + [0, 1], name("h") + [0, 2], name("callback") + [0, 3],
                name("realloc") + [0, 4], name("drop") + [0, 5], name("memory") + [2, 0], name("memory64") + [2, 1],
                name("table") + [1, 0],
            ])

    /// Imports the function `f: []` from `env`, and from `é` in two spellings that Unicode calls equivalent.
    static let needy: [UInt8] =
        preamble + section(1, [[0x60, 0, 0]])
        + section(
            2,
            [
                name("env") + name("f") + [0, 0], name("\u{e9}") + name("f") + [0, 0],
                name("e\u{301}") + name("f") + [0, 0],
            ])

    static let bytes = libc + needy
    static let libcModule = Definition.coreModule(0..<libc.count)
    static let needyModule = Definition.coreModule(libc.count..<bytes.count)

    static func name(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + text.utf8 }

    static func section(_ id: UInt8, _ items: [[UInt8]]) -> [UInt8] {
        let payload = [UInt8(items.count)] + items.joined()
        return [id, UInt8(payload.count)] + payload
    }
}

// A short notation of definitions.

func type(_ type: DefinedValueType) -> Definition { .type(.value(type)) }

func function(
    _ parameters: [(String, ValueTypeReference)] = [], _ result: ValueTypeReference? = nil, async: Bool = false
) -> Definition {
    .type(functionType(parameters, result, async: async))
}

func functionType(
    _ parameters: [(String, ValueTypeReference)] = [], _ result: ValueTypeReference? = nil, async: Bool = false
) -> ComponentTypeDefinition {
    .function(
        FunctionTypeDefinition(
            isAsync: async, parameters: parameters.map { LabeledType(label: $0.0, type: $0.1) }, result: result))
}

func resource(destructor: UInt32? = nil) -> Definition {
    .type(.resource(ResourceTypeDefinition(representation: .i32, destructor: destructor)))
}

func instanceType(_ declarations: TypeDeclaration...) -> Definition {
    .type(.instance(declarations.enumerated().map { Located($1, at: 0x1000 + $0) }))
}

func componentType(_ declarations: TypeDeclaration...) -> Definition {
    .type(.component(declarations.enumerated().map { Located($1, at: 0x1000 + $0) }))
}

func `import`(
    _ name: String, _ type: ExternTypeReference, implements: String? = nil, suffix: String? = nil,
    externalID: String? = nil
) -> Definition {
    .import(
        ImportDefinition(
            name: ExternName(name: name, implements: implements, versionSuffix: suffix, externalID: externalID),
            type: type))
}

func export(_ name: String, _ sort: Sort, _ index: UInt32, as type: ExternTypeReference? = nil) -> Definition {
    .export(
        ExportDefinition(name: ExternName(name: name), item: SortIndex(sort: sort, index: index), type: type))
}

func declare(export name: String, _ type: ExternTypeReference) -> TypeDeclaration {
    .export(ExportDeclaration(name: ExternName(name: name), type: type))
}

func declare(import name: String, _ type: ExternTypeReference) -> TypeDeclaration {
    .import(ImportDeclaration(name: ExternName(name: name), type: type))
}

func component(_ definitions: Definition...) -> Definition {
    .component(
        ComponentBinary(
            definitions: definitions.enumerated().map { Located($1, at: 0x2000 + $0) }, customSections: [],
            range: 0x2000..<0x3000))
}

func instantiate(_ component: UInt32, _ arguments: [(String, Sort, UInt32)] = []) -> Definition {
    .instance(
        .instantiate(
            component: component,
            arguments: arguments.map { InstantiateArgument(name: $0.0, item: SortIndex(sort: $0.1, index: $0.2)) }))
}

func bundle(_ exports: (String, Sort, UInt32)...) -> Definition {
    .instance(
        .exports(
            exports.map { InlineExport(name: ExternName(name: $0.0), item: SortIndex(sort: $0.1, index: $0.2)) }))
}

func coreInstantiate(_ module: UInt32, _ arguments: [(String, UInt32)] = []) -> Definition {
    .coreInstance(
        .instantiate(
            module: module, arguments: arguments.map { CoreInstantiateArgument(name: $0.0, instance: $0.1) }))
}

func alias(_ sort: Sort, _ instance: UInt32, _ name: String) -> Definition {
    .alias(Alias(sort: sort, target: .export(instance: instance, name: name)))
}

func coreAlias(_ sort: CoreSort, _ instance: UInt32, _ name: String) -> Definition {
    .alias(Alias(sort: .core(sort), target: .coreExport(instance: instance, name: name)))
}

func outer(_ sort: Sort, _ count: UInt32, _ index: UInt32) -> Definition {
    .alias(Alias(sort: sort, target: .outer(count: count, index: index)))
}

func lift(_ function: UInt32, _ type: UInt32, _ options: CanonicalOptions = CanonicalOptions()) -> Definition {
    .canonical(.lift(coreFunction: function, options: options, type: type))
}

func lower(_ function: UInt32, _ options: CanonicalOptions = CanonicalOptions()) -> Definition {
    .canonical(.lower(function: function, options: options))
}

func builtin(_ builtin: CanonicalBuiltin) -> Definition { .canonical(.builtin(builtin)) }

/// The module with memory and functions, instantiated, and its exports as core functions 0 (`f`), 1 (`g`), 2 (`h`),
/// 3 (`callback`), 4 (`realloc`), 5 (`drop`), core memories 0 and 1 (of `i64`), core table 0.
let libc: [Definition] = [
    Core.libcModule, coreInstantiate(0), coreAlias(.function, 0, "f"), coreAlias(.function, 0, "g"),
    coreAlias(.function, 0, "h"),
    coreAlias(.function, 0, "callback"), coreAlias(.function, 0, "realloc"), coreAlias(.function, 0, "drop"),
    coreAlias(.memory, 0, "memory"), coreAlias(.memory, 0, "memory64"), coreAlias(.table, 0, "table"),
]
