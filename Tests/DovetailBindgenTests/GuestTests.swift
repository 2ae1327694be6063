// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTestSupport
import DovetailWIT
import Foundation
import Testing

/// WIT whose bindings for guests are committed in `Guests/swift/Generated`.
enum GuestReference: String, CaseIterable {
    case adder, kvStore, types, resources, app, names, structures, versions

    private static let folder = "\(TestFiles.root)/Tests/DovetailBindgenTests/Guests/swift"

    /// The WIT.
    private var path: String {
        let tests = "\(TestFiles.root)/Tests/DovetailBindgenTests"
        return switch self {
        case .adder: TestFiles.example("adder/wit")
        case .kvStore: TestFiles.example("kv-store/wit")
        case .app: TestFiles.example("python-app/wit")
        case .types, .resources: "\(tests)/Guests/\(rawValue)/wit"
        case .versions: "\(tests)/Corpus/versions"
        case .names, .structures: "\(tests)/Corpus/\(rawValue).wit"
        }
    }

    /// Where the bindings are.
    var bindings: String { "\(Self.folder)/Generated/\(rawValue).swift" }
    /// Where the component's own code is.
    var code: String { "\(Self.folder)/\(rawValue.capitalized)Guest.swift" }

    func generate(_ change: (inout BindgenOptions) -> Void = { _ in }) throws -> String {
        let resolution = try WIT.resolve(try WITLoader.load(path))
        let world = try Bindgen.world(nil, in: resolution.graph, root: resolution.root)
        var options = BindgenOptions()
        options.output = .swiftGuest
        options.takesWASI = false
        options.command = "BLESS=1 swift test --filter DovetailBindgenTests"
        change(&options)
        return try Bindgen.generate([world], of: resolution.graph, options: options)
    }
}

@Suite("Reference output for guests")
struct GuestReferenceTests {
    @Test("is what the generator writes", arguments: GuestReference.allCases)
    func same(_ reference: GuestReference) throws {
        let text = try reference.generate()
        let url = URL(fileURLWithPath: reference.bindings)
        if ProcessInfo.processInfo.environment["BLESS"] != nil { try Data(text.utf8).write(to: url) }
        let found = try String(decoding: Data(contentsOf: url), as: UTF8.self)
        #expect(found == text, "run the tests with BLESS=1 and look at the difference")
        #expect(try reference.generate() == text)
    }

    @Test("ends with types to fill in where that is asked for")
    func stubs() throws {
        let text = try GuestReference.resources.generate { $0.stubs = true }
        #expect(text.contains("extension Resources.Guest: Resources.Guest.Exports {\n"))
        #expect(text.contains("    final class Bag: BagResource {\n"))
        #expect(try !GuestReference.resources.generate().contains("final class Bag"))
    }

    @Test("is refused for what guests in Swift cannot have")
    func streams() throws {
        let source = "package a:b;\nworld w { export f: func(x: list<stream<u8>>); }\n"
        let graph = try WIT.resolve(WITSource(text: source))
        let world = try Bindgen.world(nil, in: graph.graph, root: graph.root)
        var options = BindgenOptions()
        options.output = .swiftGuest
        let error = #expect(throws: BindgenError.self) {
            try Bindgen.generate([world], of: graph.graph, options: options)
        }
        #expect(
            error?.message
                == "type `f` cannot be generated: guests in Swift have no streams, futures or error contexts yet")
    }
}

@Suite("Guests in Swift", .enabled(if: GuestCompiler.shared != nil, "needs a toolchain with Embedded Swift for wasm32"))
struct GuestTests {
    @Test("compile without a warning, with types to fill in", arguments: GuestReference.allCases)
    func stubs(_ reference: GuestReference) throws {
        let compiler = try #require(GuestCompiler.shared)
        try ScratchFolder.with { folder in
            let file = try folder.write(reference.generate { $0.stubs = true }.utf8, to: "Stubs.swift")
            let module = try compiler.coreModule([file])
            #expect(module.starts(with: [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]))
        }
    }

    @Test("compile with what their authors wrote", arguments: [GuestReference.types, .resources])
    func code(_ reference: GuestReference) throws {
        let module = try #require(GuestCompiler.shared).coreModule([reference.bindings, reference.code])
        #expect(module.count < 64 << 10)
    }
}
