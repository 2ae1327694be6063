// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import Testing

@Suite("The text of a component's imports and exports")
struct ComponentTextTests {
    private func text(_ definitions: [Definition]) throws -> ComponentText {
        let binary = ComponentBinary(
            definitions: definitions.enumerated().map { Located($1, at: 16 * $0) }, customSections: [], range: 0..<4096)
        return ComponentText(try ComponentValidator.validate(binary, bytes: Core.bytes, features: .all))
    }

    private func size(_ text: ComponentText) -> Int {
        (text.imports + text.exports).flatMap(\.lines).reduce(text.types.reduce(0) { $0 + $1.count }) { $0 + $1.count }
    }

    @Test("an import of a component is shown with what it takes and gives")
    func importedComponent() throws {
        let text = try text([
            function([("a", .primitive(.u32))]),
            componentType(
                .alias(Alias(sort: .type, target: .outer(count: 1, index: 0))), declare(import: "f", .function(0)),
                declare(export: "r", .type(.subResource))),
            `import`("c", .component(1)),
        ])
        #expect(text.imports.map(\.kind) == ["component"])
        #expect(
            text.imports.first?.lines == [
                "c: component {", "  import f: func(a: u32);", "  export resource r;", "}",
            ])
    }

    @Test("a type has the name under which it is exported")
    func names() throws {
        let text = try text([
            type(.enum(["a", "b"])), `import`("color", .type(.equal(0))), `import`("again", .type(.equal(1))),
            function([("c", .index(1)), ("d", .index(2))]), `import`("f", .function(3)),
        ])
        #expect(
            text.imports.flatMap(\.lines) == [
                "enum color { a, b }", "type again = color;", "f: func(c: color, d: again);",
            ])
    }

    @Test("a large type is written once, however deep and often it is used")
    func largeTypes() throws {
        var definitions = [type(.tuple(Array(repeating: .primitive(.u8), count: 70)))]
        for index in 0..<2 {
            definitions.append(type(.tuple(Array(repeating: .index(UInt32(index)), count: 20))))
        }
        definitions.append(function([("x", .index(2))]))
        for index in 0..<20 { definitions.append(`import`("f\(index)", .function(3))) }
        let text = try text(definitions)
        #expect(text.types.count == 3)
        #expect(text.types[1].hasPrefix("type $2 = tuple<$1, $1, "))
        #expect(text.imports.first?.lines == ["f0: func(x: $3);"])
        #expect(text.imports.last?.lines == ["f19: func as `f0`;"])
        #expect(size(text) < 10_000)
    }

    @Test("the text of interfaces without resources grows with their depth only")
    func sharedInstances() throws {
        func size(depth: Int) throws -> Int {
            var definitions = [
                function([("x", .primitive(.u8))]),
                instanceType(
                    .alias(Alias(sort: .type, target: .outer(count: 1, index: 0))), declare(export: "f", .function(0))),
            ]
            for level in 0..<depth {
                definitions.append(
                    instanceType(
                        .alias(Alias(sort: .type, target: .outer(count: 1, index: UInt32(level + 1)))),
                        declare(export: "a", .instance(0)), declare(export: "b", .instance(0))))
            }
            definitions.append(`import`("i", .instance(UInt32(depth + 1))))
            return self.size(try text(definitions))
        }
        #expect(try size(depth: 16) < 2 * size(depth: 8))
    }

    @Test("5 000 exports of one large function take 5 000 lines")
    func manyExports() throws {
        let parameters = (0..<100).map { ("p\($0)", ValueTypeReference.primitive(.u32)) }
        var definitions = [function(parameters), `import`("f", .function(0))]
        for index in 0..<5_000 { definitions.append(export("e\(index)", .function, 0)) }
        let text = try text(definitions)
        #expect(text.exports.count == 5_000)
        #expect(size(text) < 5_000 * 30 + 100 * 20)
    }
}
