// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import Foundation
import Testing

/// WIT whose bindings are committed in `Generated` and compiled with the tests.
enum Reference: String, CaseIterable {
    case adder, kvStore, asyncKvStore, app, types, resources, names, async, structures, versions, sinks, family
    case caller, callee

    /// The WIT.
    var path: String {
        let tests = "\(TestFiles.root)/Tests/DovetailBindgenTests"
        return switch self {
        case .adder: TestFiles.example("adder/wit")
        case .kvStore, .asyncKvStore: TestFiles.example("kv-store/wit")
        case .app: TestFiles.example("python-app/wit")
        case .types, .resources: "\(tests)/Guests/\(rawValue)/wit"
        case .versions: "\(tests)/Corpus/versions"
        case .names, .async, .structures, .sinks, .family: "\(tests)/Corpus/\(rawValue).wit"
        case .caller, .callee: "\(tests)/Corpus/tasks"
        }
    }

    /// The world's name where the WIT has several.
    var worldName: String? { self == .caller || self == .callee ? rawValue : nil }

    /// The file's name and content.
    func generate(_ change: (inout BindgenOptions) -> Void = { _ in }) throws -> (name: String, text: String) {
        let resolution = try WIT.resolve(try WITLoader.load(path))
        let world = try Bindgen.world(worldName, in: resolution.graph, root: resolution.root)
        var options = BindgenOptions()
        options.typeName = worldName.map { "Task\($0.capitalized)" }
        options.command = "BLESS=1 swift test --filter DovetailBindgenTests"
        if self == .asyncKvStore {
            options.typeName = "AsyncKvStore"
            options.async = .all
        }
        change(&options)
        let text = try Bindgen.generate([world], of: resolution.graph, options: options)
        return (options.typeName.map { "\($0).swift" } ?? Bindgen.fileName(of: world, in: resolution.graph), text)
    }
}

@Suite("Reference output")
struct ReferenceTests {
    @Test("is what the generator writes", arguments: Reference.allCases)
    func same(_ reference: Reference) throws {
        let (name, text) = try reference.generate()
        let path = "\(TestFiles.root)/Tests/DovetailBindgenTests/Generated/\(name)"
        if ProcessInfo.processInfo.environment["BLESS"] != nil {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }
        let found = try String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        #expect(found == text, "run the tests with BLESS=1 and look at the difference")
    }

    @Test("does not change from run to run", arguments: Reference.allCases)
    func stable(_ reference: Reference) throws {
        let first = try reference.generate().text
        #expect(try reference.generate().text == first)
    }

    @Test("has no line of more than 120 columns that could be broken", arguments: Reference.allCases)
    func width(_ reference: Reference) throws {
        for line in try reference.generate().text.split(separator: "\n") where line.count > 120 {
            #expect(line.contains("//") || line.contains("<"), "\(line)")
        }
    }

    @Test("is open to other modules where that is asked for")
    func access() throws {
        let text = try Reference.types.generate { $0.access = .public }.text
        #expect(text.contains("public import Dovetail\n"))
        #expect(text.contains("public struct Item: ComponentConvertible, Hashable, Sendable {"))
        #expect(text.contains("@inlinable\n"))
    }

    @Test("leaves out what is not wanted and takes types from elsewhere")
    func options() throws {
        let text = try Reference.kvStore.generate { options in
            options.with = ["example:kv-store/store": "Shared.Store"]
            options.imports = ["Shared"]
            options.excludedImports = ["log"]
        }.text
        #expect(text.contains("import Shared\n"))
        #expect(text.contains("typealias Imports = Shared.Store.Imports"))
        #expect(text.contains("Shared.Store.define(in: &linker, host)"))
        #expect(!text.contains("func log"))
        #expect(!text.contains("protocol Connection"))
    }

    @Test("writes the interfaces alone, for others to take from")
    func interfacesOnly() throws {
        let text = try Reference.kvStore.generate { options in
            options.interfacesOnly = true
            options.access = .public
        }.text
        #expect(text.contains("public enum KvStore {"))
        #expect(text.contains("public protocol Connection: AnyObject {"))
        #expect(text.contains("public static func define<Host: Imports>("))
        #expect(!text.contains("Component,"))
        #expect(!text.contains("let instance"))
    }

    @Test("calls interfaces as it is told")
    func rename() throws {
        let text = try Reference.kvStore.generate { $0.interfaceNames = ["example:kv-store/store": "Shelf"] }.text
        #expect(text.contains("enum Shelf {"))
        #expect(text.contains("Shelf.define(in: &linker"))
        #expect(!text.contains("Store.define"))
        let error = #expect(throws: BindgenError.self) {
            try Reference.kvStore.generate { $0.interfaceNames = ["a:b/c": "D"] }
        }
        #expect(error?.message == "`--rename` names `a:b/c`, which the world neither imports nor exports")
    }

    @Test("makes functions async by name")
    func async() throws {
        let text = try Reference.kvStore.generate { options in
            options.async = .named(["replace-value", "example:kv-store/store#[method]connection.get"])
        }.text
        #expect(text.contains("nonisolated(nonsending) func replaceValue(key: String, value: String) async throws"))
        #expect(text.contains("nonisolated(nonsending) func get(key: String) async throws -> String?"))
        #expect(text.contains("func set(key: String, value: String) throws\n"))
    }

    @Test("conforms to what is asked for")
    func conformances() throws {
        let text = try Reference.types.generate { $0.conformances = ["Codable"] }.text
        #expect(text.contains("struct Item: ComponentConvertible, Hashable, Sendable, Codable {"))
    }
}
