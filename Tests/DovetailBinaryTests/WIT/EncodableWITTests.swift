// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import Testing

/// What is written is valid; what cannot be written is an error at its place.
@Suite struct EncodableWITTests {
    /// The error of encoding `text`, with its place.
    private func error(_ text: String) throws -> String {
        let resolution = try WIT.resolve(WITSource(text: text), features: .all)
        do {
            _ = try WITEncoder.encode(package: resolution.root, in: resolution.graph)
            return ""
        } catch {
            let item = try #require(error.item)
            return WITError(error.message, about: item, of: resolution.graph, at: resolution).description
        }
    }

    @Test("a type whose parts were used from elsewhere keeps its name beside resources of its own")
    func usedTypesBesideResources() throws {
        #expect(
            try error(
                """
                package a:b;
                interface one { resource r; record inner { x: r } }
                interface two { use one.{inner}; record outer { y: inner } }
                interface three { use two.{outer}; resource s; f: func(x: borrow<s>, y: outer); }
                """) == "")
    }

    @Test("an upper-case package is an error at its name")
    func anUpperCasePackageIsAnError() throws {
        #expect(
            try error("package A:B;\ninterface i { f: func(); }") == """
                error: package `A:B` cannot be encoded: in components the names of namespaces and packages are lower case
                     --> input.wit:1:9
                      |
                    1 | package A:B;
                      |         ^--
                """)
        let used = try error(
            "package a:b;\npackage x:Y { interface i { type t = u8; } }\ninterface j { use x:Y/i.{t}; }")
        #expect(used.contains("package `x:Y` cannot be encoded"))
        #expect(used.contains("input.wit:2:9"))
    }

    @Test("a stream of characters is an error at the function or type that has it")
    func aStreamOfCharactersIsAnError() throws {
        let function = try error("package a:b;\ninterface i {\n  g: func();\n  f: func(x: stream<char>);\n}")
        #expect(function.contains("input.wit:4:3"))
        #expect(function.contains("note: in function `f` of interface `a:b/i`"))
        let type = try error("package a:b;\ninterface i {\n  record r {\n    x: stream<char>,\n  }\n}")
        #expect(type.contains("input.wit:3:10"))
        let world = try error("package a:b;\nworld w {\n  import f: func(x: stream<char>);\n}")
        #expect(world.contains("input.wit:3:10"))
        let inline = try error(
            "package a:b;\nworld w {\n  import k: interface {\n    f: func(x: stream<char>);\n  }\n}")
        #expect(inline.contains("input.wit:4:5"))
    }

    @Test("names that differ in hyphens or case only are an error at the second")
    func namesThatDifferInHyphensOrCase() throws {
        let found = try error("package a:b;\ninterface foo-bar { f: func(); }\ninterface foobar { f: func(); }")
        #expect(found.contains("input.wit:3:11"))
        #expect(try error("package a:b;\nworld foo-bar {}\nworld foobar {}").contains("input.wit:3:7"))
    }

    @Test(
        "sizes past the limits are errors at the type or function",
        arguments: [
            "type t = list<u64, 4294967295>;", "enum t { \(Self.labels(10_001)) }",
            "record t { \(Self.fields(10_001)) }",
            "variant t { \(Self.labels(10_001)) }", "f: func(\(Self.fields(1_001)));",
            "type t = tuple<\(Array(repeating: "u8", count: 10_001).joined(separator: ","))>;",
            "type t = \(String(repeating: "list<", count: 99))u8\(String(repeating: ">", count: 99)); type s = list<list<t>>;",
        ])
    func sizesPastTheLimitsAreErrorsAt(_ item: String) throws {
        let found = try error("package a:b;\ninterface i {\n\(item)\n}")
        #expect(found.contains("input.wit:3:"))
    }

    private static func labels(_ count: Int) -> String { (0..<count).map { "n\($0)" }.joined(separator: ", ") }
    private static func fields(_ count: Int) -> String { (0..<count).map { "n\($0): u8" }.joined(separator: ", ") }

    @Test("types whose size multiplies are an error")
    func typesWhoseSizeMultipliesAreAnError() throws {
        func tuple(_ type: String) -> String { "tuple<\(Array(repeating: type, count: 100).joined(separator: ", "))>" }
        let text = "type a = \(tuple("u8")); type b = \(tuple("a")); type c = \(tuple("b")); type d = \(tuple("c"));"
        #expect(try error("package a:b;\ninterface i {\n\(text)\n}").contains("input.wit:3:"))
    }

    @Test("random packages are written as valid components that read back as themselves")
    func randomPackagesAreWrittenAsValidComponents() throws {
        var encoded = 0
        for number in 0..<150 {
            let text = RandomWIT.text(seed: 1, case: number)
            guard let resolution = try? WIT.resolve(WITSource(text: text), features: .all) else { continue }
            let bytes = try WITEncoder.encode(package: resolution.root, in: resolution.graph)
            _ = try ComponentValidator.validate(try ComponentDecoder.decode(bytes), bytes: bytes, features: .all)
            let decoded = try WITDecoder.decode(bytes)
            #expect(
                WITPrinter.text(of: decoded.package, in: decoded.graph)
                    == WITPrinter.text(of: resolution.root, in: resolution.graph), "case \(number):\n\(text)")
            encoded += 1
        }
        #expect(encoded > 90)
    }

    @Test(
        "large packages are read, printed, encoded, decoded, merged and compared",
        arguments: LargeWIT.allCases.filter(\.isRight))
    func largePackagesAreReadPrintedEncodedDecoded(_ kind: LargeWIT) throws {
        let count = kind == .parameters ? 900 : 1_500
        let resolution = try WIT.resolve(WITSource(text: kind.text(count)))
        let graph = resolution.graph
        let bytes = try WITEncoder.encode(package: resolution.root, in: graph)
        let decoded = try WITDecoder.decode(bytes)
        #expect(
            WITPrinter.text(of: decoded.package, in: decoded.graph) == WITPrinter.text(of: resolution.root, in: graph))
        var merged = graph
        try merged.merge(graph)
        #expect(merged.interfaces.count == graph.interfaces.count)
        #expect(
            try graph.incompatibilities(ofPackage: resolution.root, in: graph, withPredecessor: resolution.root) == [])
    }
}
