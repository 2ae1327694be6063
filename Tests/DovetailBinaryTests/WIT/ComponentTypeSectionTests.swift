// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import Testing

/// The `component-type` sections of core modules.
@Suite struct ComponentTypeSectionTests {
    private static let text = """
        package a:b;
        interface i { type t = u32; f: func() -> t; }
        world one { import i; use i.{t}; import x: func() -> t; export a: interface { g: func(); } }
        world two { import i; import x: func() -> u32; export a: interface { g: func(); } export y: func(); }
        world other { import x: func(); }
        """

    private func embed(_ worlds: [String], _ text: String = text) throws -> [UInt8] {
        let resolved = try WITSamples.resolve(text)
        var module = CoreModuleSections.emptyModule
        for name in worlds {
            let world = try resolved.graph.world(name, in: resolved.root)
            module = try ComponentTypeSection.embed(world, of: resolved.graph, in: module)
        }
        return module
    }

    @Test(
        "the section keeps the world, the string encoding and the producers",
        arguments: [StringEncoding.utf8, .utf16, .latin1OrUTF16])
    func keepsWorldEncodingAndProducers(_ encoding: StringEncoding) throws {
        let resolved = try WITSamples.resolve(Self.text)
        let world = try resolved.graph.world("one", in: resolved.root)
        let producers = ProducersSection(processedBy: "tool", version: "1.0")
        let module = try ComponentTypeSection.embed(
            world, of: resolved.graph, in: CoreModuleSections.emptyModule, stringEncoding: encoding,
            producers: producers)
        let sections = try module.withUnsafeBytes { try ComponentTypeSection.sections(ofCoreModule: $0) }
        let section = try #require(sections.first)
        #expect(sections.count == 1)
        #expect(section.stringEncoding == encoding)
        #expect(section.producers == producers)
        #expect(section.wit.graph[section.world].name == "one")
        #expect(try module.suffix(section.encoded().count) == section.encoded()[...])
    }

    @Test("the only world of a module is the module's")
    func oneWorldIsTheModules() throws {
        let decoded = try WITDecoder.decode(try embed(["one"]))
        #expect(decoded.source == .coreModule)
        #expect(
            WITText.text(of: decoded.package, in: decoded.graph) == """
                package root:root;

                world root {
                  import a:b/i;
                  use a:b/i.{t};
                  import x: func() -> t;

                  export a: interface {
                    g: func();
                  }
                }
                package a:b {
                  interface i {
                    type t = u32;

                    f: func() -> t;
                  }
                  world one {
                    import i;
                    use i.{t};
                    import x: func() -> t;

                    export a: interface {
                      g: func();
                    }
                  }
                }

                """)
    }

    @Test("the worlds of several sections are merged")
    func severalWorldsComeTogether() throws {
        let text = """
            package a:b;
            interface i { type t = u32; f: func() -> t; }
            world one { use i.{t}; import x: func(v: t); export a: interface { g: func(); } }
            world two { use i.{t}; import x: func(v: t); export a: interface { g: func(); } export y: func(); }
            """
        let decoded = try WITDecoder.decode(try embed(["one", "two", "one"], text))
        let root = try #require(decoded.world)
        #expect(decoded.graph[root].imports.keys.map(decoded.graph.externName) == ["a:b/i", "t", "x"])
        #expect(decoded.graph[root].exports.keys.map(decoded.graph.externName) == ["y", "a"])
        let again = try WITSamples.resolve(WITText.text(of: decoded.package, in: decoded.graph))
        #expect(WITText.sortedText(of: again.graph) == WITText.sortedText(of: decoded.graph))
    }

    @Test("worlds that contradict each other are refused")
    func worldsThatContradictEachOtherAreRefused() throws {
        let module = try embed(["one", "other"])
        #expect(throws: BinaryError.self) { try WITDecoder.decode(module) }
    }

    @Test("an export that changes an earlier one is refused")
    func anExportThatChangesAnEarlierOneIsRefused() throws {
        let text = """
            package a:b;
            interface i { type t = u32; }
            interface j { use i.{t}; }
            world one { export j; }
            world two { export i; export j; }
            """
        let module = try embed(["one", "two"], text)
        #expect(throws: BinaryError.self) { try WITDecoder.decode(module) }
    }

    @Test("a module without the section has no WIT")
    func aModuleWithoutTheSectionHasNoWIT() throws {
        do {
            _ = try WITDecoder.decode(CoreModuleSections.emptyModule)
            Issue.record("expected an error")
        } catch {
            #expect(error.code == .coreModule)
        }
    }

    @Test("an error tells the offset in the file, not in the section")
    func errorsTellThePlaceInTheFile() throws {
        // The payload begins behind the preamble, code, size, and the name with its length.
        let module = try CoreModuleSections.adding(
            "component-type:x", payload: [0, 1, 2], to: CoreModuleSections.emptyModule)
        do {
            _ = try WITDecoder.decode(module)
            Issue.record("expected an error")
        } catch {
            #expect(error.where.offset == 27)
            #expect(error.where.path == ["section `component-type:x`"])
        }
    }

    @Test("sections can be removed from a module")
    func sectionsAreTakenOutAgain() throws {
        let before = try CoreModuleSections.adding("x", payload: [1, 2, 3], to: CoreModuleSections.emptyModule)
        let module = try CoreModuleSections.adding(
            "component-type:long", payload: [UInt8](repeating: 7, count: 300), to: before)
        let after = try CoreModuleSections.adding("y", payload: [], to: module)
        let expected = try CoreModuleSections.adding("y", payload: [], to: before)
        #expect(try CoreModuleSections.removing(from: after) { $0.hasPrefix("component-type") } == expected)
        #expect(try CoreModuleSections.removing(from: after) { _ in true } == CoreModuleSections.emptyModule)
        #expect(throws: BinaryError.self) { try CoreModuleSections.adding("x", payload: [], to: [0, 1]) }
    }
}
