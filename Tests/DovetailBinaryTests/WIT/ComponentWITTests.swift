// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import Testing

/// The WIT of components that were put together by hand.
@Suite struct ComponentWITTests {
    private typealias Name = ExternName

    private func bytes(_ definitions: [Definition]) -> [UInt8] {
        ComponentEncoder.encode(
            ComponentBinary(
                definitions: definitions.map { Located($0, at: 0) }, customSections: [], range: 0..<0))
    }

    private func text(_ definitions: [Definition]) throws -> String {
        let decoded = try WITDecoder.decode(bytes(definitions))
        #expect(decoded.source == .component)
        return WITText.text(of: decoded.package, in: decoded.graph)
    }

    private func instance(_ declarations: [TypeDeclaration]) -> Definition {
        .type(.instance(declarations.map { Located($0, at: 0) }))
    }

    private func imported(_ name: String, _ type: ExternTypeReference) -> Definition {
        .import(ImportDefinition(name: Name(name: name), type: type))
    }

    private func exported(_ name: String, _ sort: Sort, _ index: UInt32) -> Definition {
        .export(ExportDefinition(name: Name(name: name), item: SortIndex(sort: sort, index: index)))
    }

    private func alias(_ name: String, ofInstance instance: UInt32, _ sort: Sort = .type) -> Definition {
        .alias(Alias(sort: sort, target: .export(instance: instance, name: name)))
    }

    private let resource = TypeDeclaration.export(
        ExportDeclaration(name: Name(name: "t"), type: .type(.subResource)))

    private func function(of index: UInt32) -> ComponentTypeDefinition {
        .function(
            FunctionTypeDefinition(
                isAsync: false, parameters: [LabeledType(label: "x", type: .index(index))], result: nil))
    }

    @Test("a type that has no name in the world gets one")
    func typesWithoutANameInTheWorldGetOne() throws {
        // The component says `f: func(x: own<t>)` with the `t` of an interface and gives it no name of its own.
        let found = try text([
            instance([resource]), imported("a:b/i", .instance(0)), alias("t", ofInstance: 0),
            .type(.value(.own(1))), .type(function(of: 2)), imported("f", .function(3)),
        ])
        #expect(
            found == """
                package root:component;

                world root {
                  import a:b/i;
                  use a:b/i.{t};
                  import f: func(x: t);
                }
                package a:b {
                  interface i {
                    resource t;
                  }
                }

                """)
    }

    @Test("a name that is taken is not given again")
    func aNameThatIsTakenIsLeftAlone() throws {
        let found = try text([
            instance([resource]), imported("a:b/i", .instance(0)), alias("t", ofInstance: 0),
            .type(.value(.own(1))), .type(function(of: 2)), imported("f", .function(3)), imported("T", .function(3)),
        ])
        #expect(found.contains("use a:b/i.{t as i-t};"))
        #expect(found.contains("import f: func(x: i-t);"))
    }

    @Test("instances of nested components show the types of their arguments")
    func instancesOfNestedComponentsShowWhatTheyWereGiven() throws {
        // A nested component takes a function and exports it from an instance, as encoders of components do.
        let inner = ComponentBinary(
            definitions: [
                .type(.value(.list(.primitive(.u8)))), .type(function(of: 0)), imported("import-func-f", .function(1)),
                exported("f", .function, 0),
            ].map { Located($0, at: 0) }, customSections: [], range: 0..<0)
        let found = try text([
            .type(.value(.list(.primitive(.u8)))), .type(function(of: 0)), imported("g", .function(1)),
            .component(inner),
            .instance(
                .instantiate(
                    component: 0,
                    arguments: [
                        InstantiateArgument(name: "import-func-f", item: SortIndex(sort: .function, index: 0))
                    ])),
            exported("a:b/i@1.0.0", .instance, 0),
        ])
        #expect(found.contains("export a:b/i@1.0.0;"))
        #expect(found.contains("f: func(x: list<u8>);"))
    }

    @Test("an interface that is imported and exported is one interface")
    func importedAndExportedVersionsAreOneInterface() throws {
        let found = try text([
            instance([resource]), imported("a:b/i", .instance(0)),
            instance([resource]), imported("a:b/i@2.0.0", .instance(1)),
            .type(.resource(ResourceTypeDefinition(representation: .i32, destructor: nil))),
            .instance(.exports([InlineExport(name: Name(name: "t"), item: SortIndex(sort: .type, index: 2))])),
            exported("a:b/i", .instance, 2),
        ])
        #expect(found.contains("import a:b/i;"))
        #expect(found.contains("import a:b/i@2.0.0;"))
        #expect(found.contains("export a:b/i;"))
        #expect(found.ranges(of: "resource t;").count == 2)
    }

    @Test("definitions that are neither imported nor exported are not part of the world")
    func definitionsBesideAnImplementationAreNoPartOfItsWorld() throws {
        let interface = TypeDeclaration.type(.instance([]))
        let export = TypeDeclaration.export(
            ExportDeclaration(name: Name(name: "a:b/i"), type: .instance(0)))
        let found = try text([
            instance([]), imported("a:b/i", .instance(0)),
            .type(.component([interface, export].map { Located($0, at: 0) })), exported("i", .type, 1),
        ])
        #expect(found.contains("import a:b/i;"))
        #expect(!found.contains("export"))
    }

    @Test("canonical versions get their suffix back")
    func canonicalVersionsAreCompleted() throws {
        func version(_ name: String, _ suffix: String?) throws -> Bool {
            let item = ImportDefinition(name: Name(name: name, versionSuffix: suffix), type: .instance(0))
            return try text([instance([]), .import(item)]).contains("import a:b/i@0.1.2;")
        }
        #expect(try version("a:b/i@0.1", ".2"))
        #expect(try version("a:b/i@0.1.2", nil))
    }

    @Test("a component that WIT cannot express is an error")
    func whatWITCannotSayIsAnError() throws {
        func code(_ definitions: [Definition]) -> BinaryError.Code? {
            do throws(BinaryError) {
                _ = try WITDecoder.decode(bytes(definitions))
                return nil
            } catch {
                return error.code
            }
        }
        // An imported instance, exported under another name.
        #expect(
            code([instance([resource]), imported("a:b/i", .instance(0)), exported("a:b/j", .instance, 0)]) == .notWIT)
        // The export of a type.
        #expect(code([.type(.value(.flags(["a"]))), exported("t", .type, 0)]) == .notWIT)
        // A type of an interface without a name.
        #expect(
            code([
                instance([resource]), imported("i", .instance(0)), alias("t", ofInstance: 0),
                .type(.value(.own(1))), .type(function(of: 2)), imported("f", .function(3)),
            ]) == .notWIT)
        // An instance inside of an instance.
        #expect(
            code([
                instance([
                    .type(.instance([])),
                    .export(ExportDeclaration(name: Name(name: "i"), type: .instance(0))),
                ]), imported("a:b/i", .instance(0)),
            ]) == .notWIT)
        // A method of a resource that is only another name of one.
        #expect(
            code([
                instance([resource]), imported("a:b/i", .instance(0)), alias("t", ofInstance: 0),
                imported("t", .type(.equal(1))), .type(.value(.own(2))),
                .type(
                    .function(FunctionTypeDefinition(isAsync: false, parameters: [], result: .index(3)))),
                imported("[constructor]t", .function(4)),
            ]) == .notWIT)
        // A function with the name of an interface.
        #expect(
            code([
                .type(.function(FunctionTypeDefinition(isAsync: false, parameters: [], result: nil))),
                imported("a:b/f", .function(0)),
            ]) == .notWIT)
    }

    @Test("an invalid component is refused unless validation is switched off")
    func anInvalidComponentIsRefusedUnlessAskedFor() throws {
        // Two imports of one name, by the rules of uniqueness.
        let type = ComponentTypeDefinition.function(
            FunctionTypeDefinition(isAsync: false, parameters: [], result: nil))
        let invalid = bytes([.type(type), imported("foo-bar", .function(0)), imported("foobar", .function(0))])
        #expect(throws: BinaryError.self) { try WITDecoder.decode(invalid) }
        #expect(throws: Never.self) { try WITDecoder.decode(invalid, validating: nil) }
    }
}
