// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBindgen
import DovetailGuestBindgen
import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import DovetailWITReader
import Foundation
import Testing

/// WIT whose bindings for guests are committed in `Guests/swift/Generated`.
enum GuestReference: String, CaseIterable {
    case adder, kvStore, types, resources, app, names, structures, versions, family, async, caller, callee

    /// Those with a component in Swift beside them.
    static let withCode: [GuestReference] = [
        .types, .resources, .names, .structures, .versions, .family, .caller, .callee,
    ]

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
        case .names, .structures, .family, .async: "\(tests)/Corpus/\(rawValue).wit"
        case .caller, .callee: "\(tests)/Corpus/tasks"
        }
    }

    /// Where the bindings are.
    var bindings: String { "\(Self.folder)/Generated/\(rawValue).swift" }
    /// Where the component's own code is.
    var code: String { "\(Self.folder)/\(rawValue.capitalized)Guest.swift" }

    /// The world.
    func world() throws -> (PackageGraph, WorldID) {
        let resolution = try WIT.resolve(try WITLoader.load(path))
        return (resolution.graph, try Bindgen.world(worldName, in: resolution.graph, root: resolution.root))
    }

    /// Where the WIT has several worlds.
    private var worldName: String? { self == .caller || self == .callee ? rawValue : nil }

    func generate(_ change: (inout BindgenOptions) -> Void = { _ in }) throws -> String {
        let (graph, world) = try world()
        var options = BindgenOptions()
        options.takesWASI = false
        options.command = "BLESS=1 swift test --filter DovetailBindgenTests"
        change(&options)
        return try GuestBindgen.generate([world], of: graph, options: options)
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

    @Test("are small")
    func sizes() throws {
        let stub = "Swift.fatalError(\"not written yet\")"
        let adder = try GuestReference.adder.generate { $0.stubs = true }.replacing(stub, with: "a &+ b")
        try ScratchFolder.with { folder in
            let file = try folder.write(adder.utf8, to: "Adder.swift")
            let bare = try SwiftGuests.build(.adder, [file], allocates: false).count
            let whole = try SwiftGuests.build(.adder, [file]).count
            let reference = GuestReference.types
            let types = try SwiftGuests.component(.types).count
            let ascii = try SwiftGuests.build(
                .types, [reference.bindings, reference.code], hasUnicode: false
            ).count
            let resources = try SwiftGuests.component(.resources).count
            print(
                "sizes: adder \(bare), with cabi_realloc \(whole), types \(types) (\(ascii) without Unicode), resources \(resources)"
            )
            #expect(bare <= 1 << 10)
            #expect(whole <= 3 << 10)
            #expect(types <= 115 << 10)
            #expect(ascii <= 48 << 10)
            #expect(resources <= 32 << 10)
        }
    }
}

/// How often the tests of leaks call; a million times when `DOVETAIL_STRESS` is set.
private let rounds = ProcessInfo.processInfo.environment["DOVETAIL_STRESS"] == nil ? 6000 : 1_000_000

@Suite("Memory of guests in Swift", .enabled(if: GuestCompiler.shared != nil, "needs Embedded Swift for wasm32"))
struct GuestMemoryTests {
    /// Far less than what the rounds would leave behind.
    private var limited: Store.Configuration {
        var configuration = Store.Configuration()
        configuration.maximumMemory = 1 << 20
        configuration.maximumHandles = 64
        return configuration
    }

    @Test("does not grow by strings, lists, records and variants, in arguments and results")
    func values() throws {
        let (engine, component) = try GuestLanguage.swift.component("types")
        let store = Store(engine: engine, configuration: limited)
        let values = try Types(component, in: store, imports: Echo()).exportedValues
        let text = String(repeating: "text ", count: 30)
        let orders = [Echo.order, Echo.order]
        for _ in 0..<rounds {
            #expect(try values.echoText(v: text).utf8.count == text.utf8.count)
            #expect(try values.echoBytes(v: [1, 2, 3]).count == 3)
            #expect(try values.echoOrders(v: orders).count == 2)
            #expect(try values.echoOutcomes(v: [.failure(ResultError(text))]).count == 1)
            #expect(throws: Values.Failure.notFound(text)) { try values.find(key: text) }
        }
    }

    @Test("does not grow by resources, and no handle is left behind")
    func resources() throws {
        let (engine, component) = try GuestLanguage.swift.component("resources")
        let host = ResourcesHost()
        let store = Store(engine: engine, configuration: limited)
        let guest = try Resources(component, in: store, imports: host).guest
        for _ in 0..<rounds {
            let bag = try Resources.Guest.Bag(in: guest, name: "a bag with a name that is long")
            _ = try bag.put(word: "a word that is longer than a small string")
            let pair = try guest.makePair(name: "twin")
            let merged = try guest.bagMerge(a: pair.first, b: bag)
            #expect(try guest.bagTotal(bags: [merged, bag, pair.second]) == 2)
            #expect(try guest.play() == 97 + 98 + 98 + 2)
            #expect(try guest.useCounter(counter: ResourcesHost.Counter(1, host), n: 1) == 2)
            _ = try guest.pass(counter: ResourcesHost.Counter(1, host))
        }
        #expect(try guest.alive() == 0)
        #expect(host.alive == 0)
    }
}
