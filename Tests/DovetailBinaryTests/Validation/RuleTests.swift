// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import Testing

private let u8 = ValueTypeReference.primitive(.u8)
private let u32 = ValueTypeReference.primitive(.u32)
private let string = ValueTypeReference.primitive(.string)
private let memory = CanonicalOptions(memory: 0)

/// Every family of validation rules on components that need no test data, with offset and path of the message.
struct RuleTests {
    @Test(
        "a component that breaks a rule of structure is refused in the rule's words",
        arguments: indexSpaces + aliases + types + matching + generativity)
    func structure(_ sample: Sample) { #expect(sample.verdict == sample.expected) }

    @Test("a component that breaks a rule of naming is refused in the rule's words", arguments: names + attributes)
    func naming(_ sample: Sample) { #expect(sample.verdict == sample.expected) }

    @Test(
        "a component that breaks a rule of canonical definitions is refused in the rule's words",
        arguments: options + builtins + gates)
    func canonical(_ sample: Sample) { #expect(sample.verdict == sample.expected) }

    @Test("a component that exceeds a limit is refused in the limit's words", arguments: limits)
    func limit(_ sample: Sample) { #expect(sample.verdict == sample.expected) }

    // MARK: - Index spaces

    static let indexSpaces: [Sample] = [
        Sample("empty", nil, []),
        Sample(
            "type index", "unknown type 3, only 0 are defined (at offset 0x0, in type 0)",
            [function([("a", .index(3))])]),
        Sample(
            "import of a type index", "unknown type 0, only 0 are defined (at offset 0x0, in import `a`)",
            [`import`("a", .function(0))]),
        Sample(
            "export of a function index", "unknown function 0, only 0 are defined (at offset 0x0, in export `a`)",
            [export("a", .function, 0)]),
        Sample(
            "component index", "unknown component 2, only 0 are defined (at offset 0x0, in instance 0)",
            [instantiate(2)]),
        Sample(
            "instance index",
            "unknown instance 1, only 0 are defined (at offset 0x0, in alias of export `a` of instance 1)",
            [alias(.function, 1, "a")]),
        Sample(
            "core module index", "unknown core module 0, only 0 are defined (at offset 0x0, in core instance 0)",
            [coreInstantiate(0)]),
        Sample(
            "core function index", "unknown core function 7, only 0 are defined (at offset 0x10, in function 0)",
            [function(), lift(7, 0)]),
        Sample(
            "memory index", "unknown core memory 9, only 2 are defined (at offset 0xc0, in function 0)",
            libc + [function([("a", string)]), lift(2, 0, CanonicalOptions(memory: 9))]),
        Sample(
            "resource index", "type index 0 is not a resource type (at offset 0x10, in core function 0)",
            [function(), builtin(.resourceDrop(0))]),
        Sample(
            "index in a nested component",
            "unknown type 0, only 0 are defined (at offset 0x2000, in component 1, component 0, export `a`)",
            [component(), component(component(export("a", .type, 0)))]),
        Sample(
            "not a function type", "type index 0 is not a function type (at offset 0x10, in import `a`)",
            [type(.list(u8)), `import`("a", .function(0))]),
        Sample(
            "not an instance type", "type index 0 is not an instance type (at offset 0x10, in import `a`)",
            [type(.list(u8)), `import`("a", .instance(0))]),
        Sample(
            "not a component type", "type index 0 is not a component type (at offset 0x10, in import `a`)",
            [type(.list(u8)), `import`("a", .component(0))]),
        Sample(
            "not a defined type", "type index 0 is not a defined type (at offset 0x10, in type 1)",
            [function(), type(.list(.index(0)))]),
        Sample(
            "a core function cannot be exported",
            "a core function cannot be imported or exported by a component (at offset 0xb0, in export `a`)",
            libc + [export("a", .core(.function), 0)]),
    ]

    // MARK: - Aliases

    static let aliases: [Sample] = [
        Sample(
            "export that is not there",
            "missing export: instance 0 has no export named `a` (at offset 0x10, in alias of export `a` of instance 0)",
            [bundle(), alias(.function, 0, "a")]),
        Sample(
            "export of another sort",
            "expected export `a` of instance 0 to be a function, found a type; it is not a function (at offset 0x20, in alias of export `a` of instance 0)",
            [function(), bundle(("a", .type, 0)), alias(.function, 0, "a")]),
        Sample(
            "core export that is not there",
            "missing export: core instance 0 has no export named `ff` (at offset 0xb0, in alias of export `ff` of core instance 0)",
            libc + [coreAlias(.function, 0, "ff")]),
        Sample(
            "core export of another sort",
            "expected export `memory` of core instance 0 to be a core table, found a core memory (at offset 0xb0, in alias of export `memory` of core instance 0)",
            libc + [coreAlias(.table, 0, "memory")]),
        Sample("outer type", nil, [type(.list(u8)), component(outer(.type, 1, 0))]),
        Sample(
            "outer count", "invalid outer alias count of 1 (at offset 0x0, in outer alias of type 0)",
            [outer(.type, 1, 0)]),
        Sample(
            "outer function",
            "a function cannot be aliased from an outer scope (at offset 0x2000, in component 0, outer alias of function 0)",
            [component(outer(.function, 1, 0))]),
        Sample(
            "outer resource",
            "outer alias transitively refers to resources not defined in the current component (at offset 0x2000, in component 0, outer alias of type 0)",
            [resource(), component(outer(.type, 1, 0))]),
        Sample(
            "function alias in a type",
            "aliases in a component or instance type may only refer to types or instances (at offset 0x1000, in type 1, outer alias of function 0)",
            [
                function(), instanceType(.alias(Alias(sort: .function, target: .outer(count: 1, index: 0)))),
            ]),
        Sample(
            "names are compared by bytes",
            "missing export: instance 0 has no export named `e\u{301}` (at offset 0x10, in alias of export `e\u{301}` of instance 0)",
            [bundle(), alias(.function, 0, "e\u{301}")]),
    ]

    // MARK: - Types

    static let types: [Sample] = [
        Sample(
            "empty record", "record type must have at least one member (at offset 0x0, in type 0)", [type(.record([]))]),
        Sample(
            "empty variant", "variant type must have at least one member (at offset 0x0, in type 0)",
            [type(.variant([]))]),
        Sample("empty enum", "enum type must have at least one member (at offset 0x0, in type 0)", [type(.enum([]))]),
        Sample(
            "empty flags", "flags type must have at least one member (at offset 0x0, in type 0)", [type(.flags([]))]),
        Sample(
            "empty tuple", "tuple type must have at least one member (at offset 0x0, in type 0)", [type(.tuple([]))]),
        Sample(
            "33 flags", "cannot have more than 32 flags (at offset 0x0, in type 0)",
            [type(.flags((0..<33).map { "f\($0)" }))]),
        Sample("32 flags", nil, [type(.flags((0..<32).map { "f\($0)" }))]),
        Sample(
            "field twice", "record field name `AB` conflicts with previous `a-b` (at offset 0x0, in type 0)",
            [type(.record([.init(label: "a-b", type: u8), .init(label: "AB", type: u8)]))]),
        Sample(
            "field not kebab", "record field name `aB` is not in kebab case (at offset 0x0, in type 0)",
            [type(.record([.init(label: "aB", type: u8)]))]),
        Sample(
            "case twice", "variant case name `A` conflicts with previous `a` (at offset 0x0, in type 0)",
            [type(.variant([.init(label: "a", type: nil), .init(label: "A", type: u8)]))]),
        Sample(
            "parameter twice", "function parameter name `x` conflicts with previous `x` (at offset 0x0, in type 0)",
            [function([("x", u8), ("x", u8)])]),
        Sample(
            "no element of a fixed-length list",
            "lists of fixed length must have more than zero elements (at offset 0x0, in type 0)",
            [type(.fixedLengthList(u8, 0))]),
        Sample(
            "value of 2^28 bytes",
            "bytes of a value in memory: it exceeds the maximum byte size: more than the 268435455 that are accepted (at offset 0x0, in type 0)",
            [type(.fixedLengthList(u8, 1 << 28))]),
        Sample("value below 2^28 bytes", nil, [type(.fixedLengthList(u8, (1 << 28) - 1))]),
        Sample(
            "map key", "a map's key must be a bool, an integer, a char or a string (at offset 0x0, in type 0)",
            [type(.map(.primitive(.f32), u8))]),
        Sample(
            "stream of char",
            "`stream<char>` is not valid at this time, use `stream<u8>` instead (at offset 0x0, in type 0)",
            [type(.stream(.primitive(.char)))]),
        Sample(
            "borrow in a result", "function result cannot contain a `borrow` type (at offset 0x20, in type 2)",
            [
                resource(), type(.borrow(0)), function([], .index(1)),
            ]),
        Sample(
            "borrow in a stream", "`stream` payload cannot contain a `borrow` type (at offset 0x20, in type 2)",
            [resource(), type(.borrow(0)), type(.stream(.index(1)))]),
        Sample(
            "borrow in a future", "`future` payload cannot contain a `borrow` type (at offset 0x30, in type 3)",
            [resource(), type(.borrow(0)), type(.list(.index(1))), type(.future(.index(2)))]),
        Sample(
            "own of no resource", "type index 0 is not a resource type (at offset 0x10, in type 1)",
            [type(.list(u8)), type(.own(0))]),
        Sample(
            "resource in a type",
            "resources can only be defined within a concrete component (at offset 0x1000, in type 0, type 0)",
            [
                instanceType(.type(.resource(.init(representation: .i32, destructor: nil))))
            ]),
        Sample(
            "resource of i64", features: .supported.subtracting(.memory64),
            "a resource represented by `i64` requires the feature `cm64`, which is switched off (at offset 0x0, in type 0)",
            [
                .type(.resource(.init(representation: .i64, destructor: nil)))
            ]),
        Sample(
            "resource of f32", "resources can only be represented by `i32` (at offset 0x0, in type 0)",
            [.type(.resource(.init(representation: .f32, destructor: nil)))]),
        Sample("destructor", nil, libc + [resource(destructor: 5)]),
        Sample(
            "signature of a destructor",
            "wrong signature for a destructor; expected `(func (param i32))` (at offset 0xb0, in type 0)",
            libc + [resource(destructor: 1)]),
        Sample(
            "type without a name",
            "function not valid to be used as import: a type in it has no name (at offset 0x20, in import `f`)",
            [
                type(.record([.init(label: "a", type: u8)])), function([("a", .index(0))]), `import`("f", .function(1)),
            ]),
        Sample(
            "type with a name", nil,
            [
                type(.record([.init(label: "a", type: u8)])), `import`("r", .type(.equal(0))),
                function([("a", .index(1))]),
                `import`("f", .function(2)),
            ]),
        Sample(
            "type that an export names, in an import",
            "function not valid to be used as import: a type in it has no name (at offset 0x30, in import `f`)",
            [
                type(.record([.init(label: "a", type: u8)])), export("r", .type, 0), function([("a", .index(1))]),
                `import`("f", .function(2)),
            ]),
    ]

    // MARK: - Matching

    static let matching: [Sample] = [
        Sample(
            "argument is missing", "missing import named `f` (at offset 0x10, in instance 0)",
            [
                component(function(), `import`("f", .function(0))), instantiate(0),
            ]),
        Sample(
            "argument of another sort", "expected function, found instance (at offset 0x20, in instance 1, import `f`)",
            [
                component(function(), `import`("f", .function(0))), bundle(), instantiate(0, [("f", .instance, 0)]),
            ]),
        Sample(
            "argument twice",
            "instantiation argument `f` conflicts with previous argument `f` (at offset 0x20, in instance 1)",
            [
                component(), bundle(), instantiate(0, [("f", .instance, 0), ("f", .instance, 0)]),
            ]),
        Sample(
            "parameter of another type",
            "expected u8, found u32 (at offset 0x30, in instance 0, import `f`, parameter `a`)",
            [
                component(function([("a", u8)]), `import`("f", .function(0))), function([("a", u32)]),
                `import`("g", .function(0)), instantiate(0, [("f", .function, 0)]),
            ]),
        Sample(
            "parameter of another name",
            "expected parameter `foo-bar`, found `foobar` (at offset 0x30, in instance 0, import `f`)",
            [
                component(function([("foo-bar", u8)]), `import`("f", .function(0))), function([("foobar", u8)]),
                `import`("g", .function(0)), instantiate(0, [("f", .function, 0)]),
            ]),
        Sample(
            "result is missing",
            "expected a type of the result, found none (at offset 0x30, in instance 0, import `f`)",
            [
                component(function([], u8), `import`("f", .function(0))), function(), `import`("g", .function(0)),
                instantiate(0, [("f", .function, 0)]),
            ]),
        Sample(
            "async",
            "expected an async function, found one that is not async (at offset 0x30, in instance 0, import `f`)",
            [
                component(function([], u8, async: true), `import`("f", .function(0))), function([], u8),
                `import`("g", .function(0)), instantiate(0, [("f", .function, 0)]),
            ]),
        Sample(
            "export of an argument", "missing expected export `x` (at offset 0x40, in instance 3, import `i`)",
            [
                component(
                    instanceType(.type(functionType()), declare(export: "x", .function(0))), `import`("i", .instance(0))
                ),
                bundle(), bundle(), bundle(), instantiate(0, [("i", .instance, 0)]),
            ]),
        Sample(
            "export of an argument of another type",
            "expected a type of the result, found none (at offset 0x40, in instance 1, import `i`, export `x`)",
            [
                component(
                    instanceType(.type(functionType([], u8)), declare(export: "x", .function(0))),
                    `import`("i", .instance(0))),
                function(), `import`("f", .function(0)), bundle(("x", .function, 0)),
                instantiate(0, [("i", .instance, 0)]),
            ]),
        Sample(
            "more exports than wanted", nil,
            [
                component(instanceType(), `import`("i", .instance(0))), function(), `import`("f", .function(0)),
                bundle(("x", .function, 0)), instantiate(0, [("i", .instance, 0)]),
            ]),
        Sample(
            "cases in another order", "labels of the enum differ (at offset 0x20, in instance 0, import `e`)",
            [
                component(
                    type(.enum(["a", "b"])), `import`("e", .type(.equal(0)))), type(.enum(["b", "a"])),
                instantiate(0, [("e", .type, 0)]),
            ]),
        Sample(
            "ascribed type",
            "ascribed type of export is not compatible: expected 0 parameters, found 1 (at offset 0x30, in export `g`)",
            [
                function([("a", u8)]), `import`("f", .function(0)), function(),
                export("g", .function, 0, as: .function(1)),
            ]),
        Sample(
            "core import is missing",
            "missing module instantiation argument `env` (at offset 0x10, in core instance 0)",
            [Core.needyModule, coreInstantiate(0)]),
        Sample(
            "core argument without the export",
            "missing import: instantiation argument `env` does not export an item named `f` (at offset 0x20, in core instance 1)",
            [
                Core.needyModule, .coreInstance(.exports([])), coreInstantiate(0, [("env", 0)]),
            ]),
        Sample(
            "core function of another type",
            "expected (func), found (func (param i32) (result i32)) (at offset 0xd0, in core instance 2, export `f` of module instantiation argument `env`)",
            libc + [
                Core.needyModule,
                .coreInstance(.exports([.init(name: "f", item: .init(sort: .function, index: 1))])),
                coreInstantiate(1, [("env", 1), ("\u{e9}", 1), ("e\u{301}", 1)]),
            ]),
        Sample(
            "core names are compared by bytes", nil,
            libc + [
                Core.needyModule,
                .coreInstance(.exports([.init(name: "f", item: .init(sort: .function, index: 0))])),
                coreInstantiate(1, [("env", 1), ("\u{e9}", 1), ("e\u{301}", 1)]),
            ]),
        Sample(
            "one spelling is not the other",
            "missing module instantiation argument `e\u{301}` (at offset 0xd0, in core instance 2)",
            libc + [
                Core.needyModule,
                .coreInstance(.exports([.init(name: "f", item: .init(sort: .function, index: 0))])),
                coreInstantiate(1, [("env", 1), ("\u{e9}", 1)]),
            ]),
        Sample(
            "core argument twice",
            "duplicate module instantiation argument named `a` (at offset 0xb0, in core instance 1)",
            libc + [coreInstantiate(0, [("a", 0), ("a", 0)])]),
    ]

    // MARK: - Resources

    static let makesResource = component(resource(), export("r", .type, 0))
    static let takesTwo = component(
        `import`("a", .type(.subResource)), `import`("b", .type(.equal(0))))

    static let generativity: [Sample] = [
        Sample(
            "one resource under two names", nil,
            [
                makesResource, takesTwo, instantiate(0), alias(.type, 0, "r"),
                instantiate(1, [("a", .type, 0), ("b", .type, 0)]),
            ]),
        Sample(
            "every instance has its own resource",
            "resource types are not the same (at offset 0x60, in instance 2, import `b`)",
            [
                makesResource, takesTwo, instantiate(0), instantiate(0), alias(.type, 0, "r"), alias(.type, 1, "r"),
                instantiate(1, [("a", .type, 0), ("b", .type, 1)]),
            ]),
        Sample(
            "a resource is not one of the same shape",
            "resource types are not the same (at offset 0x30, in instance 0, import `b`)",
            [
                resource(), resource(), takesTwo, instantiate(0, [("a", .type, 0), ("b", .type, 1)]),
            ]),
        Sample(
            "an imported resource has no representation here",
            "type index 0 is not a local resource (at offset 0x10, in core function 0)",
            [
                `import`("r", .type(.subResource)), builtin(.resourceNew(0)),
            ]),
        Sample("an own resource has one", nil, [resource(), builtin(.resourceNew(0)), builtin(.resourceRep(0))]),
        Sample(
            "a resource of a nested instance has none",
            "type index 0 is not a local resource (at offset 0x30, in core function 0)",
            [
                makesResource, instantiate(0), alias(.type, 0, "r"), builtin(.resourceRep(0)),
            ]),
    ]

    // MARK: - Limits

    static let limits: [Sample] = [
        Sample(
            "101 levels of a type", "types nest more than 100 deep (at offset 0x630, in type 99)",
            [type(.list(u8))] + (0..<100).map { type(.list(.index($0))) }),
        Sample("100 levels of a type", nil, [type(.list(u8))] + (0..<98).map { type(.list(.index($0))) }),
        Sample(
            "a type that doubles",
            "effective size of a type: more than the 1000000 that are accepted (at offset 0x120, in type 18)",
            [type(.tuple([u8, u8]))]
                + (0..<40).map { type(.tuple([.index($0), .index($0)])) }),
        Sample(
            "1001 components",
            "modules and components: more than the 1000 that are accepted (at offset 0x3e80, in component 1000)",
            (0..<1001).map { _ in component() }),
        Sample(
            "4097 instances", "instances: more than the 4096 that are accepted (at offset 0x10000, in instance 4096)",
            (0..<4097).map { _ in bundle() }),
        Sample(
            "one large type in many imports",
            "parts of types to check: more than the 20000000 that are accepted (at offset 0x380, in import `t38`)",
            [type(.tuple([u8, u8]))]
                + (0..<17).map { type(.tuple([.index($0), .index($0)])) }
                + (0..<2_000).map { `import`("t\($0)", .type(.equal(17))) }),
        Sample(
            "one large type in many results",
            "parts of types to check: more than the 20000000 that are accepted (at offset 0x430, in core function 44)",
            libc + [type(.tuple([u8, u8]))]
                + (0..<17).map { type(.tuple([.index($0), .index($0)])) }
                + (0..<2_000).map { _ in builtin(.taskReturn(result: .index(17), options: memory)) }),
    ]
}
