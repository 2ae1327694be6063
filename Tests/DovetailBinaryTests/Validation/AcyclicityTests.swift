// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import Testing

/// Explainer.md, "External Visibility of Types": imported types cannot transitively refer to the external names of
/// exported types.
@Suite("Imports do not refer to exports")
struct AcyclicityTests {
    private static let refused = "not valid to be used as import"
    private static let record = type(.record([LabeledType(label: "a", type: .primitive(.u8))]))

    static let cyclic: [Sample] = [
        Sample("a resource", nil, [resource(), export("r", .type, 0), `import`("t", .type(.equal(1)))]),
        Sample("a resource that is not exported", nil, [resource(), `import`("t", .type(.equal(0)))]),
        Sample("a record", nil, [record, export("r", .type, 0), `import`("t", .type(.equal(1)))]),
        Sample(
            "a list of a record", nil,
            [record, export("r", .type, 0), type(.list(.index(1))), `import`("t", .type(.equal(2)))]),
        Sample(
            "a tuple", nil, [type(.tuple([.primitive(.u8)])), export("r", .type, 0), `import`("t", .type(.equal(1)))]),
        Sample(
            "an imported resource under the name of its export", nil,
            [`import`("r", .type(.subResource)), export("s", .type, 0), `import`("t", .type(.equal(1)))]),
        Sample(
            "an imported record under the name of its export", nil,
            [
                record, `import`("r", .type(.equal(0))), export("s", .type, 1), `import`("t", .type(.equal(2))),
            ]),
        Sample(
            "an instance with an exported record", nil,
            [
                record, export("r", .type, 0),
                instanceType(
                    .alias(Alias(sort: .type, target: .outer(count: 1, index: 1))),
                    declare(export: "t", .type(.equal(0)))),
                `import`("i", .instance(2)),
            ]),
        Sample(
            "an instance with an exported resource", nil,
            [
                resource(), export("r", .type, 0),
                instanceType(
                    .alias(Alias(sort: .type, target: .outer(count: 1, index: 1))),
                    declare(export: "t", .type(.equal(0)))),
                `import`("i", .instance(2)),
            ]),
        Sample(
            "in a component type", nil,
            [componentType(declare(export: "r", .type(.subResource)), declare(import: "t", .type(.equal(0))))]),
        Sample(
            "a component type with a resource of the component around it", nil,
            [
                resource(), export("r", .type, 0),
                componentType(
                    .alias(Alias(sort: .type, target: .outer(count: 1, index: 1))),
                    declare(import: "t", .type(.equal(0)))),
                `import`("c", .component(2)),
            ]),
    ]

    @Test("they are refused", arguments: cyclic)
    func refused(sample: Sample) throws {
        let verdict = try #require(sample.verdict, "it was accepted")
        #expect(verdict.contains(Self.refused), "\(verdict)")
    }

    static let acyclic: [Sample] = [
        Sample(
            "an instance imported and exported", nil,
            [
                instanceType(declare(export: "r", .type(.subResource))), `import`("i", .instance(0)),
                export("j", .instance, 0), alias(.type, 1, "r"), type(.own(1)), function([("x", .index(2))]),
                `import`("f", .function(3)),
            ]),
        Sample(
            "a record that is exported as well", nil,
            [record, export("r", .type, 0), `import`("t", .type(.equal(0)))]),
        Sample(
            "an import of an import", nil,
            [`import`("r", .type(.subResource)), `import`("t", .type(.equal(0))), export("s", .type, 0)]),
    ]

    @Test("imports may refer to imports and to types that happen to be exported, too", arguments: acyclic)
    func accepted(sample: Sample) { #expect(sample.verdict == nil) }
}
