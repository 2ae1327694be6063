// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWIT
import DovetailWITReader
import Testing

struct MergeTests {
    private func merge(_ into: String, _ from: String) throws -> PackageGraph {
        var graph = try Graphs.of(into).graph
        try graph.merge(try Graphs.of(from).graph)
        return graph
    }

    private func conflict(_ into: String, _ from: String) -> String? {
        do {
            _ = try merge(into, from)
            return nil
        } catch {
            return (error as? WITError)?.message ?? "\(error)"
        }
    }

    @Test("packages of other names stand side by side")
    func packagesOfOtherNamesStandSideBySide() throws {
        let graph = try merge("package a:b; interface i { f: func(); }", "package c:d; interface j { g: func(); }")
        #expect(graph.packages.map(\.name.description) == ["a:b", "c:d"])
        #expect(try Graphs.isConsistent(graph, root: "a:b"))
    }

    @Test("another version is another package")
    func versionsAreOtherPackages() throws {
        let graph = try merge("package a:b@1.0.0; interface i { }", "package a:b@1.1.0; interface i { }")
        #expect(graph.packages.count == 2)
    }

    @Test("interfaces of one name are united")
    func interfacesAreUnited() throws {
        let graph = try merge(
            "package a:b; interface i { type t = u8; f: func(x: t); } world w { import i; }",
            """
            package a:b;
            interface i { type t = u8; record r { x: list<t> } f: func(x: t); g: func() -> r; resource s { m: func(); } }
            interface j { use i.{r, s}; h: func(x: borrow<s>) -> r; }
            """)
        #expect(
            Graphs.text(graph, root: "a:b") == """
                package a:b;

                interface i {
                  type t = u8;

                  record r {
                    x: list<t>,
                  }

                  resource s {
                    m: func();
                  }

                  f: func(x: t);

                  g: func() -> r;
                }

                interface j {
                  use i.{r, s};

                  h: func(x: borrow<s>) -> r;
                }

                world w {
                  import i;
                }

                """)
        #expect(try Graphs.isConsistent(graph, root: "a:b"))
    }

    @Test("a new definition stands behind those it needs")
    func whatIsNewStandsBehindWhatItNeeds() throws {
        // The package of `into` comes to depend on one that only `from` has.
        let from = """
            package x:y;
            package a:b { interface i { use c:d/j.{t}; } }
            package c:d { interface j { type t = u8; } }
            """
        let graph = try merge("package a:b; interface i { }", from)
        #expect(graph.packages.map(\.name.description).firstIndex(of: "c:d") == 0)
        #expect(try Graphs.isConsistent(graph, root: "a:b"))
    }

    @Test("feature gates and comments are filled in where they are missing")
    func gatesAndCommentsAreFilledIn() throws {
        let graph = try merge(
            "package a:b@1.0.0; interface i { f: func(); }",
            "package a:b@1.0.0; /// Text.\n@since(version = 1.0.0) interface i { @unstable(feature = x) f: func(); }")
        #expect(graph.interfaces[0].documentation == "Text.")
        #expect(graph.interfaces[0].stability == .stable(since: SemanticVersion(1, 0, 0), deprecated: nil))
        #expect(graph.interfaces[0].functions["f"]?.stability == .unstable(feature: "x", deprecated: nil))
    }

    @Test(
        "definitions that contradict each other are refused",
        arguments: [
            (
                "interface i { type t = u8; }", "interface i { type t = u16; }",
                "cannot merge interface `a:b/i`: type `t` is not the same"
            ),
            (
                "interface i { f: func(); }", "interface i { f: async func(); }",
                "cannot merge interface `a:b/i`: function `f` is async on one side only"
            ),
            (
                "interface i { f: func(a: u8); }", "interface i { f: func(b: u8); }",
                "cannot merge interface `a:b/i`: function `f` has other parameters"
            ),
            (
                "interface i { f: func(a: list<u8>); }", "interface i { f: func(a: list<s8>); }",
                "cannot merge interface `a:b/i`: parameter `a` of function `f` has another type"
            ),
            (
                "interface i { f: func() -> u8; }", "interface i { f: func(); }",
                "cannot merge interface `a:b/i`: function `f` has another result"
            ),
            (
                "interface i { @unstable(feature = x) f: func(); }",
                "interface i { @unstable(feature = y) f: func(); }",
                "cannot merge interface `a:b/i`: `f` has other feature gates"
            ),
            (
                "interface i { }", "world i { }",
                "cannot merge package `a:b`: `i` is a world and an interface"
            ),
            (
                "interface i { } world w { import i; }", "world w { }",
                "cannot merge world `a:b/w`: it has 0 imports on one side, 1 on the other"
            ),
            (
                "world w { export f: func(); }", "world w { export g: func(); }",
                "cannot merge world `a:b/w`: export `g` is only on one side"
            ),
            (
                "world w { import x: func(); }", "world w { import x: interface { } }",
                "cannot merge world `a:b/w`: import `x` is of another kind"
            ),
            (
                #"world w { @external-id("e\u{301}") import x: func(); }"#,
                #"world w { @external-id("\u{e9}") import x: func(); }"#,
                "cannot merge world `a:b/w`: function `x` has another `@external-id`"
            ),
        ])
    func contradictions(_ into: String, _ from: String, _ message: String) {
        let head = "package a:b; "
        #expect(conflict(head + into, head + from) == message)
    }

    @Test("packages that would depend on each other are refused")
    func packagesMustNotDependOnEachOther() {
        let into = "package a:b; package c:d { interface j { type t = u8; } } interface i { use c:d/j.{t}; }"
        let from = "package c:d; package a:b { interface k { type s = u8; } } interface l { use a:b/k.{s}; }"
        #expect(conflict(into, from) == "`c:d` and `a:b` would depend on each other")
    }

    // MARK: - Versions of imports

    @Test("only the newest of compatible versions stays, and its users follow")
    func theNewestVersionStaysAndItsUsersFollow() throws {
        var (graph, root) = try Graphs.of(
            """
            package foo:bar;
            world a { import a:b/bar@0.1.0; import a:b/foo@0.1.1; }
            world b { import a:b/bar@0.1.0; }
            package a:b@0.1.0 { interface foo { type t = u32; } interface bar { use foo.{t}; } }
            package a:b@0.1.1 { interface foo { type t = u32; } interface bar { use foo.{t}; } }
            """)
        _ = root
        try graph.mergeImportVersions(of: try graph.world("a", in: root))
        let found = Graphs.text(graph, root: "foo:bar")
        #expect(found.contains("world a {\n  import a:b/foo@0.1.1;\n  import a:b/bar@0.1.0;\n}"))
        #expect(
            found.contains("world b {\n  import a:b/foo@0.1.0;\n  import a:b/foo@0.1.1;\n  import a:b/bar@0.1.0;\n}"))
        #expect(found.contains("use a:b/foo@0.1.1.{t};"))
        #expect(try Graphs.isConsistent(graph, root: "foo:bar"))
    }

    @Test("the newest version may take resources from the newest version of another interface")
    func theNewestVersionMayTakeResources() throws {
        var (graph, root) = try Graphs.of(
            """
            package t:t;
            world w { import a:b/users@0.1.0; import a:b/users@0.1.1; import c:d/mine; }
            package a:b@0.1.0 { interface errors { resource e; } interface users { use errors.{e}; f: func() -> e; } }
            package a:b@0.1.1 { interface errors { resource e; } interface users { use errors.{e}; f: func() -> e; } }
            package c:d { interface base { resource r; } interface mine { use base.{r}; g: func(r: r); } }
            """)
        try graph.mergeImportVersions(of: try graph.world(nil, in: root))
        #expect(
            Graphs.text(graph, root: "t:t").contains(
                """
                world w {
                  import a:b/errors@0.1.1;
                  import a:b/users@0.1.1;
                  import c:d/base;
                  import c:d/mine;
                }
                """))
    }

    @Test("an interface of which there is one version takes resources from the newest version of another")
    func whatStaysTakesResources() throws {
        var (graph, root) = try Graphs.of(
            """
            package t:t;
            world w { import a:b/streams@0.1.0; import a:b/stdin@0.1.0; import a:b/streams@0.1.1; }
            package a:b@0.1.0 {
              interface streams { resource input; }
              interface stdin { use streams.{input}; get: func() -> input; }
            }
            package a:b@0.1.1 { interface streams { resource input; f: func(i: borrow<input>); } }
            """)
        try graph.mergeImportVersions(of: try graph.world(nil, in: root))
        let found = Graphs.text(graph, root: "t:t")
        #expect(found.contains("world w {\n  import a:b/streams@0.1.1;\n  import a:b/stdin@0.1.0;\n}"), "\(found)")
        #expect(found.contains("use a:b/streams@0.1.1.{input};"))
    }

    @Test("imports under other names stay")
    func importsUnderOtherNamesStay() throws {
        var (graph, root) = try Graphs.of(
            """
            package test:pkg;
            world foo { import a:b/c@0.1.0; import a:b/c@0.1.1; import mine: a:b/c@0.1.0; export out: a:b/c@0.1.0; }
            package a:b@0.1.0 { interface c { f: func(); } }
            package a:b@0.1.1 { interface c { f: func(); g: func(); } }
            """)
        try graph.mergeImportVersions(of: try graph.world(nil, in: root))
        #expect(
            Graphs.text(graph, root: "test:pkg").contains(
                """
                world foo {
                  import a:b/c@0.1.1;
                  import mine: a:b/c@0.1.0;

                  export out: a:b/c@0.1.0;
                }
                """))
    }

    @Test("a version that lacks something does not replace another")
    func aVersionThatLacksSomethingReplacesNothing() throws {
        var (graph, root) = try Graphs.of(
            """
            package test:pkg;
            world foo { import a:b/c@0.1.0; import a:b/c@0.1.1; }
            package a:b@0.1.0 { interface c { f: func(); } }
            package a:b@0.1.1 { interface c { g: func(); } }
            """)
        let world = try graph.world(nil, in: root)
        #expect {
            try graph.mergeImportVersions(of: world)
        } throws: { error in
            (error as? WITError)?.message
                == "cannot replace import `a:b/c@0.1.0` by `a:b/c@0.1.1`: function `f`: it is missing in `a:b/c@0.1.1`"
        }
    }
}
