// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailComponentize
import DovetailTypes
import DovetailWIT
import Testing

/// Core modules and WIT into components.
@Suite struct ComponentizerTests {
    /// A world with everything in it.
    static let kitchen = """
        package test:kitchen@1.2.3;

        interface types {
          record point { x: s32, y: f64, label: string }
          variant shape { circle(f32), polygon(list<point>), none }
          flags access { read, write }
          resource canvas {
            constructor(size: u32);
            draw: func(shape: shape) -> result<u32, string>;
            open: static func(name: string) -> canvas;
          }
        }
        interface uses {
          use types.{point, canvas};
          move: func(points: list<point>, by: point) -> list<point>;
          take: func(canvas: canvas) -> option<borrowed>;
          type borrowed = u64;
          many: func(a: string, b: string, c: string, d: string, e: string, f: string, g: string, h: string, i: u8)
            -> tuple<u8, u8>;
        }
        world everything {
          import types;
          import uses;
          import log: func(text: string);
          export types;
          export uses;
          export run: func(arguments: list<string>) -> string;
        }
        world asynchronous {
          import fetch: async func(url: string) -> stream<u8>;
          export serve: async func(requests: stream<string>) -> future<result<string, u32>>;
        }
        """

    static func dummy(_ world: String, _ names: DummyModule.Names, of text: String = kitchen) throws -> [UInt8] {
        let wit = try WIT.resolve(WITSource(text: text))
        let id = try wit.graph.world(world, in: wit.root)
        let module = try DummyModule.module(for: id, of: wit.graph, names: names)
        return try ComponentTypeSection.embed(id, of: wit.graph, in: module)
    }

    /// The world of a component is the one that went in.
    private func check(_ bytes: [UInt8], _ world: String) throws {
        let component = try Componentizer.component(of: bytes)
        let found = try WITDecoder.decode(component)
        let wit = try WIT.resolve(WITSource(text: Self.kitchen))
        let wanted = try wit.graph.world(world, in: wit.root)
        let id = try #require(found.world)
        #expect(
            found.graph[id].imports.keys.map { found.graph.externName(of: $0) }.sorted()
                == wit.graph[wanted].imports.keys.map { wit.graph.externName(of: $0) }.sorted())
        #expect(
            found.graph[id].exports.keys.map { found.graph.externName(of: $0) }.sorted()
                == wit.graph[wanted].exports.keys.map { wit.graph.externName(of: $0) }.sorted())
        #expect(
            WorldMatcher.differences(of: id, in: found.graph, toTarget: wanted, in: wit.graph).isEmpty)
    }

    @Test(
        "a module with all imports and exports of a world becomes a component of that world",
        arguments: [DummyModule.Names.legacy, .current, .legacyCallback, .legacyStackful])
    func aDummyBecomesAComponent(_ names: DummyModule.Names) throws {
        try check(try Self.dummy("everything", names), "everything")
        try check(try Self.dummy("asynchronous", names), "asynchronous")
    }

    @Test(
        "an interface under several names has resources of its own under each",
        arguments: [DummyModule.Names.legacy, .current, .legacyCallback, .legacyStackful])
    func oneInterfaceUnderSeveralNames(_ names: DummyModule.Names) throws {
        let text = """
            package a:b;
            interface store {
              resource bucket { constructor(name: string); get: func(key: string) -> option<list<u8>>; }
              open: func(name: string) -> result<bucket, string>;
            }
            interface user { use store.{bucket}; take: func(b: bucket); }
            world w {
              import hot: store; import store; import cold: store; import user;
              export backup: store; export store; export third: store; export user;
            }
            """
        let component = try Componentizer.component(of: try Self.dummy("w", names, of: text))
        let found = try WITDecoder.decode(component)
        let wit = try WIT.resolve(WITSource(text: text))
        #expect(
            WorldMatcher.differences(
                of: try #require(found.world), in: found.graph, toTarget: try wit.graph.world("w", in: wit.root),
                in: wit.graph
            ).isEmpty)
        // Every destructor is called through a function of its own.
        let destructors = try ComponentDecoder.decode(component).definitions.compactMap { definition -> UInt32? in
            if case .type(.resource(let resource)) = definition.value { resource.destructor } else { nil }
        }
        #expect(Set(destructors).count == 3)
    }

    @Test("calls through typed references make a component of the same world")
    func typedReferences() throws {
        var options = Componentizer.Options()
        options.usesReturnCallReference = true
        let component = try Componentizer.component(of: try Self.dummy("everything", .legacy), options: options)
        #expect(try WITDecoder.decode(component).world != nil)
    }

    @Test("imports that the module does not use are left out")
    func unusedImportsAreLeftOut() throws {
        let text = """
            package a:b;
            interface i { f: func(); g: func(); }
            interface j { h: func(); }
            world w { import i; import j; import k: func(); }
            """
        let other = try WIT.resolve(WITSource(text: text))
        let world = try other.graph.world("w", in: other.root)
        var module = CoreModuleBinary()
        let type = module.typeIndex(CoreFunctionType(parameters: [], results: []))
        module.imports = [
            CoreModuleImport(module: "a:b/i", name: "g", type: .function(typeIndex: type, isExact: false))
        ]
        let bytes = try ComponentTypeSection.embed(world, of: other.graph, in: module.encoded())
        let found = try WITDecoder.decode(try Componentizer.component(of: bytes))
        #expect(found.graph[try #require(found.world)].imports.keys.map { found.graph.externName(of: $0) } == ["a:b/i"])
        #expect(found.graph.interfaces.flatMap { $0.functions.keys } == ["g"])
    }

    @Test("a module without a world is a component without imports and exports")
    func noWorld() throws {
        let component = try Componentizer.component(of: CoreModuleSections.emptyModule)
        #expect(ComponentDecoder.kind(of: component) == .component)
    }

    @Test("legacy names are refused where they are not wanted, current ones never")
    func legacyNamesAreRefused() throws {
        var options = Componentizer.Options()
        options.rejectsLegacyNames = true
        _ = try Componentizer.component(of: try Self.dummy("everything", .current), options: options)
        let legacy = try Self.dummy("everything", .legacy)
        let error = #expect(throws: ComponentizeError.self) {
            try Componentizer.component(of: legacy, options: options)
        }
        #expect(
            error?.message == "`test:kitchen/types@1.2.3` is a legacy name; expected one that begins with `cm32p2`")
    }

    @Test("names of interfaces can say which versions are compatible, and are read back as what they were")
    func canonicalNames() throws {
        var options = Componentizer.Options()
        options.emitsCanonicalNames = true
        let text = """
            package a:b@0.2.3;
            interface i { f: func(); }
            world w { import i; import other: i; import c:d/j@1.0.0-rc.1; import c:d/k@2.1.0; export i; }
            package c:d@1.0.0-rc.1 { interface j { f: func(); } }
            package c:d@2.1.0 { interface k { f: func(); } }
            """
        let component = try Componentizer.component(of: try Self.dummy("w", .legacy, of: text), options: options)
        let binary = try ComponentDecoder.decode(component)
        let names = binary.definitions.compactMap { definition -> ExternName? in
            switch definition.value {
            case .import(let item): item.name
            case .export(let item): item.name
            default: nil
            }
        }
        #expect(
            names.map { "\($0.implements ?? $0.name) \($0.versionSuffix ?? "")" } == [
                "a:b/i@0.2 .3", "a:b/i@0.2 .3", "c:d/j@1.0.0-rc.1 ", "c:d/k@2 .1.0", "a:b/i@0.2 .3",
            ])
        let found = try WITDecoder.decode(component)
        let world = found.graph[try #require(found.world)]
        #expect(world.exports.keys.map { found.graph.externName(of: $0) } == ["a:b/i@0.2.3"])
        #expect(world.imports.keys.map { found.graph.externName(of: $0) }.contains("c:d/k@2.1.0"))
    }

    @Test("two versions cannot have one canonical name")
    func oneCanonicalName() throws {
        var options = Componentizer.Options()
        options.emitsCanonicalNames = true
        let text = """
            package a:b;
            world w { export a:b/c@0.1.0; export a:b/c@0.1.1; }
            package a:b@0.1.0 { interface c { f: func(); } }
            package a:b@0.1.1 { interface c { f: func(); } }
            """
        let module = try Self.dummy("w", .legacy, of: text)
        let error = #expect(throws: ComponentizeError.self) {
            try Componentizer.component(of: module, options: options)
        }
        #expect(
            error?.message
                == "exports `a:b/c@0.1.0` and `a:b/c@0.1.1` both have the canonical name `a:b/c@0.1`; expected one of them, or whole names"
        )
    }

    @Test("what is no core module is refused")
    func otherFilesAreRefused() throws {
        let component = try Componentizer.component(of: CoreModuleSections.emptyModule)
        let error = #expect(throws: ComponentizeError.self) { try Componentizer.component(of: component) }
        #expect(error?.code == .input)
        #expect(throws: ComponentizeError.self) { try Componentizer.component(of: [1, 2, 3]) }
    }
}
