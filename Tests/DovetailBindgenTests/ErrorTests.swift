// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes
import DovetailWIT
import DovetailWITReader
import Testing

@Suite("What cannot be generated, and what to do about it")
struct BindgenErrorTests {
    private func worlds(_ names: [String?], _ text: String) throws -> (graph: PackageGraph, worlds: [WorldID]) {
        let resolution = try WIT.resolve(WITSource(text: text))
        let worlds = try names.map { try Bindgen.world($0, in: resolution.graph, root: resolution.root) }
        return (resolution.graph, worlds)
    }

    private func failure(_ world: String?, _ text: String) -> String? {
        #expect(throws: BindgenError.self) { try worlds([world], text) }?.message
    }

    private func failure(_ text: String, _ change: (inout BindgenOptions) -> Void) -> String? {
        var options = BindgenOptions()
        change(&options)
        return #expect(throws: BindgenError.self) {
            let (graph, worlds) = try worlds([nil], text)
            _ = try Bindgen.generate(worlds, of: graph, options: options)
        }?.message
    }

    @Test("a world that does not exist or is not named is told with those there are")
    func worlds() {
        #expect(
            failure(nil, "package a:b; interface i { f: func(); }")
                == "package `a:b` has no world; declare one, as `world plugin { export run: func(); }`")
        #expect(
            failure(nil, "package a:b; world x {} world y {}")
                == "package `a:b` has several worlds: `x`, `y`; name one")
        #expect(failure("z", "package a:b; world x {}") == "world `z` does not exist; there is `x`")
        let many = (0..<20).map { "world number\($0) {}" }.joined(separator: "\n")
        #expect(
            failure("nunber7", "package a:b; \(many)") == "world `nunber7` does not exist; did you mean `number7`?")
        #expect(failure("z", "package a:b; \(many)") == "world `z` does not exist; there are 20 others")
    }

    @Test("a world is found by all forms of its name", arguments: ["x", "a:b/x", "a:b/x@1.0.0"])
    func names(_ name: String) throws {
        let (graph, worlds) = try worlds([name], "package a:b@1.0.0; world x {} world y {}")
        #expect(graph[worlds[0]].name == "x")
    }

    @Test("a world that is there in several versions has to be named with one")
    func versions() {
        #expect(
            failure("c:d/x", "package a:b; package c:d@1.0.0 { world x {} } package c:d@2.0.0 { world x {} }")
                == "world `c:d/x` is there in several versions: `c:d/x@1.0.0`, `c:d/x@2.0.0`; name one")
    }

    @Test("an option that names nothing is an error, with what was probably meant")
    func optionNames() {
        let text = """
            package a:b;
            interface i { get: func(); }
            world w { import i; import log: func(); export run: func(); }
            """
        #expect(
            failure(text) { $0.with = ["a:b/c": "M.T"] }
                == "`--with` names `a:b/c`, which the world neither imports nor exports; did you mean `a:b/i`?")
        #expect(
            failure(text) { $0.interfaceNames = ["x:y/zzzzz": "Z"] }
                == "`--rename` names `x:y/zzzzz`, which the world neither imports nor exports")
        #expect(
            failure(text) { $0.excludedImports = ["lgo"] }
                == "`--skip-import` names `lgo`, which the world does not import; did you mean `log`?")
        #expect(
            failure(text) { $0.excludedExports = ["log"] }
                == "`--skip-export` names `log`, which the world does not export")
        #expect(
            failure(text) { $0.async = .named(["a:b/i#gett"]) }
                == "`--async` names `a:b/i#gett`, which the world neither imports nor exports as a function; "
                + "did you mean `a:b/i#get`?")
    }

    @Test("an option for one of several worlds may name nothing in the others")
    func optionForOneWorld() throws {
        let (graph, worlds) = try worlds(
            ["x", "y"], "package a:b; world x { import f: func(); } world y { export g: func(); }")
        var options = BindgenOptions()
        options.excludedImports = ["f"]
        options.async = .named(["g"])
        let files = try Bindgen.generateFiles(worlds, of: graph, options: options)
        #expect(files.map(\.name) == ["X.swift", "Y.swift"])
        #expect(!files[0].text.contains("func f"))
        #expect(files[1].text.contains("func g() async throws"))
    }

    @Test("a name that no Swift type can have is not taken", arguments: ["class", "two words", "1st", "", "_", "A.B"])
    func swiftNames(_ name: String) {
        let text = "package a:b; interface i { get: func(); } world w { import i; }"
        #expect(
            failure(text) { $0.typeName = name } == "expected the name of a Swift type for `--name`, found `\(name)`")
        #expect(
            failure(text) { $0.interfaceNames = ["a:b/i": name] }
                == "expected the name of a Swift type for `--rename`, found `\(name)`")
    }

    @Test("two worlds that would be one Swift type are not written over each other")
    func sameType() throws {
        let (graph, worlds) = try worlds(
            ["a:b/x", "c:d/x"], "package a:b; world x {} package c:d { world x {} }")
        let message =
            "worlds `a:b/x` and `c:d/x` would both be the Swift type `X`; generate them apart, with a `--name` for one of them"
        #expect(#expect(throws: BindgenError.self) { try Bindgen.generate(worlds, of: graph) }?.message == message)
        #expect(
            #expect(throws: BindgenError.self) { try Bindgen.generateFiles(worlds, of: graph) }?.message == message)
    }

    @Test("a type without names that is written with very many parts has to get some")
    func largeTypes() {
        let wide = "tuple<" + [String](repeating: "u8", count: 40).joined(separator: ",") + ">"
        let large = "tuple<" + [String](repeating: wide, count: 30).joined(separator: ",") + ">"
        let remedy = "is written with more than 1000 parts; give some of them names"
        #expect(
            failure("package a:b; interface i { f: func(x: \(large)); } world w { import i; }") { _ in }
                == "the type of `x` of `a:b/i#f` \(remedy)")
        #expect(
            failure("package a:b; world w { export f: func() -> list<\(large)>; }") { _ in }
                == "the type of the result of `f` \(remedy)")
        #expect(
            failure("package a:b; interface i { record r { x: \(large) } } world w { import i; }") { _ in }
                == "the type of `a:b/i#r` \(remedy)")
    }

    @Test("a world that is called as a type of Swift or Dovetail leaves it its name", arguments: ["result", "store"])
    func shadowingWorlds(_ name: String) throws {
        let (graph, worlds) = try worlds(
            [nil], "package a:b; world %\(name) { import f: func() -> option<result<u32, string>>; }")
        let text = try Bindgen.generate(worlds, of: graph)
        #expect(name == "store" || text.contains("Swift.Result<UInt32, ResultError<String>>"))
        #expect(name == "result" || text.contains("in store: Dovetail.Store"))
    }

    @Test("worlds of one file leave each other the names of types")
    func neighbours() throws {
        let (graph, worlds) = try worlds(
            ["x", "result"],
            "package a:b; world x { import f: func() -> option<result<u32, string>>; } world %result {}")
        #expect(try Bindgen.generate(worlds, of: graph).contains("Swift.Result<UInt32"))
    }
}
