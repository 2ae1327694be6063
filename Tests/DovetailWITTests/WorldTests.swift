// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWIT
import DovetailWITReader
import Testing

struct WorldTests {
    // MARK: - Importize

    private func importized(_ text: String, _ world: String? = nil, as name: String? = nil) throws -> String {
        var (graph, root) = try Graphs.of(text)
        try graph.importize(try graph.world(world, in: root), as: name)
        #expect(try Graphs.isConsistent(graph, root: "a:b"))
        return Graphs.text(graph, root: "a:b")
    }

    @Test("exports become imports")
    func exportsBecomeImports() throws {
        let text = try importized(
            """
            package a:b;
            interface t { resource r; }
            interface u { use t.{r}; f: func(x: r); }
            interface other { }
            world w { import other; import g: func(); type s = u32; export u; export h: func() -> s; }
            """)
        #expect(
            text.hasSuffix(
                """
                world w-importized {
                  import t;
                  import u;

                  type s = u32;
                  import h: func() -> s;
                }

                """))
    }

    @Test("the new world gets the name that is given")
    func theNameCanBeGiven() throws {
        let text = try importized("package a:b; interface t { } world w { export t; }", as: "host")
        #expect(text.hasSuffix("world host {\n  import t;\n}\n"))
    }

    @Test(
        "a world that cannot be turned around is refused",
        arguments: [
            (
                "world w { type foo = u32; export foo: func() -> foo; }", nil,
                "world export `foo` conflicts with the import of the same name; rename one of them"
            ),
            (
                "interface t { } world w { }", "t",
                "package `a:b` has an interface or world `t` already; choose another name"
            ),
        ] as [(String, String?, String)])
    func importizeRefuses(_ text: String, _ name: String?, _ message: String) {
        #expect {
            try importized("package a:b; " + text, "w", as: name)
        } throws: { ($0 as? WITError)?.message == message }
    }

    @Test("imports become exports")
    func importsBecomeExports() throws {
        var (graph, root) = try Graphs.of(
            """
            package a:b;
            interface t { resource r; }
            interface u { use t.{r}; f: func(x: r); }
            world w { import u; import g: func(); type s = u32; export h: func() -> s; }
            """)
        let world = try graph.world("w", in: root)
        var one = graph
        try one.exportize(world, as: "one", only: ["u"])
        #expect(
            Graphs.text(one, root: "a:b").hasSuffix(
                "world one {\n  import t;\n\n  type s = u32;\n  import g: func();\n\n  export u;\n}\n"))
        try graph.exportize(world)
        #expect(
            Graphs.text(graph, root: "a:b").hasSuffix(
                "world w-exportized {\n  type s = u32;\n\n  export g: func();\n  export t;\n  export u;\n}\n"))
        #expect(try Graphs.isConsistent(graph, root: "a:b"))
        #expect {
            try one.exportize(world, as: "two", only: ["gg"])
        } throws: { ($0 as? WITError)?.message.hasPrefix("the world has no import `gg`; imports: `a:b/t`") == true }
    }

    @Test("exports get types of their own")
    func exportsGetTypesOfTheirOwn() throws {
        var (graph, root) = try Graphs.of(
            """
            package a:b;
            interface x { resource r; hi: func(v: list<r>) -> r; }
            interface z { n: func(); }
            world w { import x; export x; export z; export y: interface { use x.{r}; f: func(v: borrow<r>); } }
            """)
        let world = try graph.world("w", in: root)
        graph.makeTypesNominal(in: world)
        func interface(_ item: WorldItem?) -> InterfaceID? {
            if case .interface(let id)? = item?.kind { id } else { nil }
        }
        let imported = try #require(interface(graph[world].imports.values.first))
        let exports = graph[world].exports.values.compactMap(interface)
        #expect(exports.map { graph[$0].name } == ["x", "z", nil])
        #expect(exports.map { graph[$0].cloneOf == nil } == [false, true, false])
        let resources = exports.compactMap { graph[$0].types["r"].map { graph.types.resource($0) } }
        let original = try #require(graph[imported].types["r"])
        #expect(resources.count == 2 && resources[0] == resources[1] && resources[0] != original)
        #expect(graph[exports[0]].functions["hi"]?.result != graph[imported].functions["hi"]?.result)
        #expect(WorldMatcher.differences(of: world, in: graph, toTarget: world, in: graph) == [])
    }

    // MARK: - Names

    @Test("a world is found by every form of its name")
    func worldsByName() throws {
        let (graph, root) = try Graphs.of(
            """
            package a:b;
            world one { }
            world two { }
            package c:d@1.0.0 { world three { } }
            package e:f@1.0.0 { world four { } }
            package e:f@2.0.0 { world four { } }
            """)
        #expect(graph[try graph.world("two", in: root)].name == "two")
        #expect(graph[try graph.world("a:b/one", in: root)].name == "one")
        #expect(graph[try graph.world("c:d/three@1.0.0", in: root)].name == "three")
        #expect(graph[try graph.world("c:d/three", in: root)].name == "three")
        func message(_ name: String?) -> String? {
            do {
                _ = try graph.world(name, in: root)
                return nil
            } catch {
                return error.description
            }
        }
        #expect(message(nil) == "error: package `a:b` has several worlds; choose one of `one`, `two`")
        #expect(message("tow")?.hasSuffix("did you mean `two`?") == true)
        #expect(message("e:f/four")?.contains("there is no world `e:f/four`") == true)
    }

    // MARK: - Targets

    private func differences(
        _ component: String, _ target: String, versions: WorldMatcher.Versions = .exact
    ) throws -> [String] {
        let (one, oneRoot) = try Graphs.of("package x:c; " + component)
        let (other, otherRoot) = try Graphs.of("package x:t; " + target)
        return WorldMatcher.differences(
            of: try one.world("w", in: oneRoot), in: one, toTarget: try other.world("w", in: otherRoot), in: other,
            versions: versions
        ).map(\.description)
    }

    @Test("a component may import less and export more than its world")
    func aComponentMayImportLessAndExportMore() throws {
        let found = try differences(
            """
            package a:b { interface i { f: func(); } interface e { g: func(); } }
            world w { import a:b/i; export a:b/e; export more: func(); }
            """,
            """
            package a:b { interface i { f: func(); h: func(); } interface e { g: func(); } interface n { } }
            world w { import a:b/i; import a:b/n; import x: func(); export a:b/e; }
            """)
        #expect(found == [])
    }

    @Test("everything that differs is reported")
    func everythingThatDiffersIsTold() throws {
        let found = try differences(
            """
            package a:b {
              interface i { record r { x: u8, y: list<string> } f: func(a: r) -> u8; g: func(); gone: func(); e: async func(); }
              interface e { enum c { one, two } f: func(x: result<c, u8>); }
            }
            world w { import a:b/i; import log: func(); import lg: func(); export a:b/e; export v: func(); }
            """,
            """
            package a:b {
              interface i { record r { x: u8, y: list<u8> } f: func(a: r); g: func(x: u8); gona: func(); e: func(); }
              interface e { enum c { two, one } f: func(x: result<c, string>); }
            }
            world w { import a:b/i; import log: interface { } export a:b/e; export a: func(); export v: interface { } }
            """)
        #expect(
            found == [
                "import `a:b/i`, type `r`, field `y`, element: expected `string`, found `u8`",
                "import `a:b/i`, function `f`, parameter `a`: its type `r` differs",
                "import `a:b/i`, function `f`, result: expected `u8`, found none",
                "import `a:b/i`, function `g`: expected 0 parameters, found 1",
                "import `a:b/i`, function `gone`: it is missing in `a:b/i`; there is `gona`",
                "import `a:b/i`, function `e`: expected an async function, found one that is not",
                "import `log`: expected a function, found an interface",
                "import `lg`: the world `w` does not offer it; it has `log`",
                "export `a`: the component does not export it",
                "export `a:b/e`, type `c`: the cases are in another order",
                "export `a:b/e`, function `f`, parameter `x`, ok: its type `c` differs",
                "export `a:b/e`, function `f`, parameter `x`, error: expected `string`, found `u8`",
                "export `v`: expected an interface, found a function",
            ])
    }

    @Test("the names of types do not matter in worlds")
    func namesOfTypesDoNotMatterInWorlds() throws {
        let found = try differences(
            "world w { export f: func(x: list<tuple<u8, string>>); }",
            "world w { export f: func(x: list<tuple<u8, string>>); }")
        #expect(found == [])
    }

    static let resources = """
        package a:b {
          interface types { resource r; resource s; }
          interface i { use types.{r as q, s}; f: func(x: borrow<q>) -> s; }
        }
        """

    @Test("resources are the same under the same names")
    func resourcesAreTheSameUnderTheSameNames() throws {
        let world = "world w { import a:b/types; export a:b/i; }"
        #expect(try differences(Self.resources + world, Self.resources + world) == [])
        let both = "world w { import a:b/i; export a:b/types; export a:b/i; }"
        #expect(try differences(Self.resources + both, Self.resources + both) == [])
        let function = "world w { use a:b/types.{r}; export f: func(x: r); export a:b/types; }"
        #expect(try differences(Self.resources + function, Self.resources + function) == [])
    }

    @Test("another resource is not the same")
    func anotherResourceIsNotTheSame() throws {
        let other = Self.resources.replacing("-> s;", with: "-> q;")
        let world = "world w { import a:b/types; export a:b/i; }"
        #expect(
            try differences(Self.resources + world, other + world) == [
                "export `a:b/i`, function `f`, result: expected `own<q>`, found `own<s>`"
            ])
        // The component's own resource is not the one that it imports.
        let exports = "world w { export a:b/types; export a:b/i; }"
        #expect(
            try differences(Self.resources + exports, Self.resources + world).contains(
                "export `a:b/i`, type `q`: it is another resource"))
    }

    @Test("compatible versions match when that is asked for")
    func compatibleVersionsMatchWhenAsked() throws {
        let component = """
            package a:b@0.2.0 { interface i { f: func(); } }
            package a:b@0.2.3 { interface i { f: func(); g: func(); } }
            world w { import a:b/i@0.2.0; import a:b/i@0.2.3; }
            """
        let target = """
            package a:b@0.2.1 { interface i { f: func(); g: func(); } }
            world w { import a:b/i@0.2.1; }
            """
        #expect(try differences(component, target, versions: .compatible) == [])
        #expect(
            try differences(component, target) == [
                "import `a:b/i@0.2.0`: the world `w` does not offer it; it has `a:b/i@0.2.1`",
                "import `a:b/i@0.2.3`: the world `w` does not offer it; it has `a:b/i@0.2.1`",
            ])
        let newer = target.replacing("0.2.1", with: "0.3.0")
        #expect(try differences(component, newer, versions: .compatible).count == 2)
    }

    @Test("hostile types end the comparison with an error")
    func hostileTypesEndTheComparison() throws {
        // Each type has the one before twice: there are 2^60 ways through them.
        func doubling(_ leaf: String) -> String {
            "type t0 = \(leaf); "
                + (1...60).map { "record t\($0) { a: t\($0 - 1), b: t\($0 - 1) } " }.joined()
                + "export f: func(x: t60); "
        }
        let same = try differences("world w { \(doubling("u8")) }", "world w { \(doubling("u8")) }")
        #expect(same == [])
        let other = try differences("world w { \(doubling("u8")) }", "world w { \(doubling("u16")) }")
        #expect(other.count == 182)
        func deep(_ leaf: String) -> String {
            "type t0 = \(leaf); " + (1...5000).map { "type t\($0) = list<t\($0 - 1)>; " }.joined()
                + "export f: func(x: t5000); "
        }
        let deepest = try differences("world w { \(deep("u8")) }", "world w { \(deep("u16")) }")
        #expect(deepest.count == 1000)
    }

    // MARK: - Successors

    private func check(_ text: String, _ old: String = "prev", _ new: String = "new") throws -> [String] {
        let (graph, root) = try Graphs.of(text)
        return try graph.incompatibilities(
            of: try graph.world(new, in: root), in: graph, withPredecessor: try graph.world(old, in: root)
        ).map(\.description)
    }

    @Test("a successor may offer more and ask for less")
    func successorsMayOfferMoreAndAskForLess() throws {
        let text = """
            package a:b;
            interface i { }
            world prev { import a:a/a@1.0.0; export f: func(); export i; }
            world new { import a:a/a@1.0.1; import g: func(); }
            package a:a@1.0.0 { interface a { f: func(); } }
            package a:a@1.0.1 { interface a { f: func(); f2: func(); } }
            """
        #expect(try check(text) == [])
        #expect(
            try check(text, "new", "prev") == [
                "import `a:a/a@1.0.1`, function `f2`: it is missing in `a:a/a@1.0.0`",
                "import `g`: the world `prev` does not offer it",
                "export `f`: it is new: components of the old world do not export it",
                "export `a:b/i`: it is new: components of the old world do not export it",
            ])
    }

    @Test("packages are compared item by item")
    func packagesAreComparedItemByItem() throws {
        let (old, oldRoot) = try Graphs.of(
            """
            package a:b@0.2.0;
            interface types { resource r { m: func(); } record point { x: u8 } }
            interface i { use types.{r, point}; f: func(x: borrow<r>) -> point; }
            interface gone { }
            world w { import i; }
            """)
        func check(_ text: String) throws -> [String] {
            let (new, newRoot) = try Graphs.of(text)
            return try old.incompatibilities(ofPackage: newRoot, in: new, withPredecessor: oldRoot).map(\.description)
        }
        let more = """
            package a:b@0.3.0;
            interface types { resource r { m: func(); n: func(); } record point { x: u8 } }
            interface i { use types.{r, point}; f: func(x: borrow<r>) -> point; g: func(); }
            interface gone { }
            world w { import i; import log: func(); }
            """
        #expect(try check(more) == [])
        #expect(
            try check(more.replacing("x: u8", with: "x: u16").replacing("interface gone", with: "interface gonne")) == [
                "interface `gone`: it is missing; there is `gonne`",
                "interface `types`, type `point`, field `x`: expected `u8`, found `u16`",
                "interface `i`, type `point`, field `x`: expected `u8`, found `u16`",
                "interface `i`, function `f`, result: its type `point` differs",
                "world `w`, import `a:b/types@0.2.0`, type `point`, field `x`: expected `u8`, found `u16`",
                "world `w`, import `a:b/i@0.2.0`, type `point`, field `x`: expected `u8`, found `u16`",
                "world `w`, import `a:b/i@0.2.0`, function `f`, result: its type `point` differs",
            ])
        #expect(throws: WITError.self) { try check("package a:c; interface i { }") }
    }

    @Test("worlds of other packages are not compared")
    func worldsOfOtherPackagesAreNotCompared() {
        #expect {
            try check(
                "package x:y; package a:b { world prev { } } package c:d { world new { } }", "a:b/prev", "c:d/new")
        } throws: { error in
            (error as? WITError)?.message
                == "the old world is in package `a:b`, the new one in `c:d`; they must be versions of one package"
        }
    }
}
