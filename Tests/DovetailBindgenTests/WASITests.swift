// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import Foundation
import Testing

/// Worlds beside the WIT of WASI that DovetailWASI is generated from.
private enum WASIWorld {
    /// A package of HTTP, of which DovetailWASI has no types, and one that is none of its business.
    private static let others = """
        package wasi:http@0.2.12 {
            interface types {
                use wasi:io/streams@0.2.12.{input-stream};
                resource fields { constructor(); entries: func() -> list<tuple<string, list<u8>>>; }
                resource request { headers: func() -> fields; body: func() -> input-stream; }
            }
            interface outgoing-handler { use types.{request}; handle: func(request: request); }
            interface incoming-handler { use types.{request}; handle: func(request: request); }
            world imports { import types; import outgoing-handler; }
        }
        package wasi:keyvalue@0.2.0-draft {
            interface store { get: func(key: string) -> option<string>; }
        }
        package wasi:cli@0.2.0-rc-2023 {
            interface environment { get-arguments: func() -> list<string>; }
        }
        package wasi:io@0.3.0 {
            interface streams { resource input-stream { read: func() -> u8; } }
        }
        """

    private static let wasi: String = {
        let folder = TestFiles.root + "/Sources/DovetailWASI/wit"
        let deps = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/deps").sorted()) ?? []
        return (deps.map { "deps/" + $0 } + ["world.wit"]).map { file in
            nested(folder + "/" + file)
        }.joined() + others
    }()

    /// The content of a file as a package inside another file.
    private static func nested(_ path: String) -> String {
        var lines = ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(
            separator: "\n", omittingEmptySubsequences: false)
        guard let head = lines.firstIndex(where: { $0.hasPrefix("package ") }) else { return "" }
        lines[head] = Substring(lines[head].replacingOccurrences(of: ";", with: " {"))
        return lines.joined(separator: "\n") + "\n}\n"
    }

    /// The bindings of a world with this content, and further items of its package.
    static func generate(
        _ world: String, beside items: String = "", _ change: (inout BindgenOptions) -> Void = { _ in }
    ) throws -> String {
        let text = "package test:plugin;\n\(items)\nworld plugin {\n\(world)\n}\n\(wasi)"
        let resolution = try WIT.resolve(WITSource(text: text))
        var options = BindgenOptions()
        change(&options)
        let id = try Bindgen.world("plugin", in: resolution.graph, root: resolution.root)
        return try Bindgen.generate([id], of: resolution.graph, options: options)
    }

    static func lines(_ text: String) -> Int { text.split(separator: "\n", omittingEmptySubsequences: false).count }
}

@Suite("WASI in generated bindings")
struct WASITests {
    @Test(
        "adds a few lines to a world, whatever of it the world imports",
        arguments: [
            "export run: func(name: string) -> string;",
            "import log: func(text: string); export calc: interface { add: func(a: u32, b: u32) -> u32; }",
            "export wasi:cli/run@0.2.12;",
        ])
    func length(_ own: String) throws {
        let plain = WASIWorld.lines(try WASIWorld.generate(own))
        for wasi in ["include dovetail:wasi/wasi02;", "import wasi:cli/environment@0.2.12;"] {
            let bindings = try WASIWorld.generate(wasi + own)
            #expect(WASIWorld.lines(bindings) <= plain + 2, "\(bindings)")
            #expect(bindings.contains("linker ?? .wasi(engine: component.engine)"))
            #expect(bindings.contains("\nimport DovetailWASI\n"))
        }
        let withHTTP = try WASIWorld.generate(
            "include dovetail:wasi/wasi02; include wasi:http/imports@0.2.12;" + own)
        #expect(WASIWorld.lines(withHTTP) <= plain + 2, "\(withHTTP)")
    }

    @Test("keeps the names that the world's own interfaces have without it")
    func names() throws {
        let own = "import types: interface { f: func(); } import streams: interface { record error { code: u8 } }"
        let text = try WASIWorld.generate("include dovetail:wasi/wasi02; " + own)
        #expect(text.contains("typealias Imports = Types.Imports\n"))
        #expect(text.contains("    enum Types {\n"))
        #expect(text.contains("    enum Streams {\n"))
        #expect(text.contains("struct Error: ComponentConvertible, Hashable, Sendable {"))
    }

    @Test("gives its types to the interfaces of the world, and only those are looked at")
    func types() throws {
        let text = try WASIWorld.generate(
            "include dovetail:wasi/wasi02; import sinks; export drain: func(source: borrow<input-stream>);\n"
                + "use wasi:io/streams@0.2.12.{input-stream};",
            beside: """
                interface sinks {
                    use wasi:io/streams@0.2.12.{output-stream};
                    use wasi:filesystem/types@0.2.12.{descriptor, error-code};
                    open: func(name: string) -> result<output-stream, error-code>;
                    all: func() -> list<descriptor>;
                }
                """
        ) { $0.access = .public }
        #expect(text.contains("public import DovetailWASI\n"))
        #expect(text.contains("public typealias OutputStream = WASI02.Streams.OutputStream\n"))
        #expect(text.contains("public typealias Descriptor = WASI02.FilesystemTypes.Descriptor\n"))
        #expect(text.contains("public typealias InputStream = WASI02.Streams.InputStream\n"))
        #expect(!text.contains("protocol OutputStream"))
        #expect(!text.contains("protocol Descriptor"))
        #expect(text.contains("public typealias Imports = Sinks.Imports\n"))
    }

    @Test("is named by its module where a type of the world has its name")
    func shadowed() throws {
        let text = try WASIWorld.generate(
            "import sinks;",
            beside: """
                interface sinks {
                    use wasi:io/streams@0.2.12.{output-stream};
                    record WASI02 { code: u8 }
                    open: func(code: WASI02) -> output-stream;
                }
                """)
        #expect(text.contains("typealias OutputStream = DovetailWASI.WASI02.Streams.OutputStream\n"))
    }

    @Test("is generated where an interface needs types that DovetailWASI has not, and then for the host to implement")
    func needed() throws {
        let text = try WASIWorld.generate(
            "include dovetail:wasi/wasi02; include wasi:http/imports@0.2.12; export wasi:http/incoming-handler@0.2.12;")
        #expect(text.contains("typealias Imports = Types.Imports & OutgoingHandler.Imports\n"))
        #expect(text.contains("protocol Request: AnyObject {"))
        #expect(text.contains("typealias InputStream = WASI02.Streams.InputStream\n"))
        #expect(text.contains("Types.define(in: &linker, host)\n"))
        #expect(!text.contains("protocol InputStream"))
        #expect(!text.contains("enum Environment"))
    }

    @Test("is generated in versions whose types are others, where they are needed")
    func versions() throws {
        let unused = try WASIWorld.generate("import wasi:cli/environment@0.2.0-rc-2023; import wasi:io/streams@0.3.0;")
        #expect(!unused.contains("enum Environment"))
        #expect(!unused.contains("typealias Imports"))
        let used = try WASIWorld.generate(
            "import wasi:io/streams@0.2.12; use wasi:io/streams@0.3.0.{input-stream}; "
                + "import f: func(s: borrow<input-stream>);")
        #expect(used.contains("protocol InputStream: AnyObject {\n            func read() throws -> UInt8\n"))
        #expect(!used.contains("WASI02"))
    }

    @Test("of packages that DovetailWASI does not serve is asked of the host")
    func otherPackages() throws {
        let text = try WASIWorld.generate("import wasi:keyvalue/store@0.2.0-draft;")
        #expect(text.contains("typealias Imports = Store.Imports\n"))
        #expect(!text.contains("DovetailWASI\n"))
    }

    @Test("is generated whole on request")
    func onRequest() throws {
        let text = try WASIWorld.generate("include dovetail:wasi/wasi02;") { $0.takesWASI = false }
        #expect(text.contains("Environment.Imports"))
        #expect(text.contains("protocol OutputStream: AnyObject {"))
        #expect(!text.contains("import DovetailWASI"))
        #expect(text.contains("linker ?? .init(engine: component.engine)"))
    }

    @Test("does not have to be there for bindings that are only interfaces")
    func interfacesOnly() throws {
        let text = try WASIWorld.generate("include dovetail:wasi/wasi02; import log: func(text: string);") {
            $0.interfacesOnly = true
        }
        #expect(!text.contains("WASI"))
    }

    @Test("has the names and types that DovetailWASI is generated with")
    func provision() throws {
        let resolution = try WIT.resolve(try WITLoader.load(TestFiles.root + "/Sources/DovetailWASI/wit"))
        let graph = resolution.graph
        let world = graph[try Bindgen.world(nil, in: graph, root: resolution.root)]
        let generated = try String(
            contentsOfFile: TestFiles.root + "/Sources/DovetailWASI/Generated/WASI02.swift", encoding: .utf8)
        var expected: [String: Set<String>] = [:]
        for case .interface(let id) in world.imports.keys {
            let name = try #require(graph.qualifiedName(of: id)?.split(separator: "@").first.map(String.init))
            expected[name] = Set(graph[id].types.keys)
            let type = try #require(WASIProvision.swiftName(of: name).split(separator: ".").last)
            #expect(generated.contains("    public enum \(type) {\n"))
        }
        #expect(WASIProvision.types == expected)
    }
}
