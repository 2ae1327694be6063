// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailTestSupport
import DovetailTypes
import Foundation
import Testing

@Suite("A component of any interface can be called by its types alone")
struct InterfaceFuzzTests {
    private static let components: [String] = ["Tests/Fixtures", "Examples"].flatMap { folder in
        let names = FileManager.default.enumerator(atPath: "\(TestFiles.root)/\(folder)")?.compactMap { $0 as? String }
        return (names ?? []).filter { $0.hasSuffix(".wasm") && !$0.contains(".build") }.sorted().map {
            "\(folder)/\($0)"
        }
    }

    @Test("every export takes random arguments", arguments: components) func everyExportTakesRandomArguments(
        file: String
    ) throws {
        let engine = try Engine()
        guard let component = try? Component(engine: engine, path: "\(TestFiles.root)/\(file)") else { return }
        var fuzzer = ComponentFuzzer(component, random: SeededGenerator(seed: 11))
        try fuzzer.run(stores: 6, calls: 40)
        #expect(fuzzer.functions.isEmpty || fuzzer.isUnsatisfied || fuzzer.attempts > 0)
        if file.hasSuffix("echo.wasm") || file.hasSuffix("kv-store.wasm") { #expect(fuzzer.calls > 0) }
    }

    @Test("what is exported is known before anything is instantiated")
    func whatIsExportedIsKnownBeforeAnythingIsInstantiated() throws {
        let engine = try Engine()
        let component = try Component(engine: engine, path: TestFiles.example("kv-store/kv-store.wasm"))
        #expect(component.imports.map(\.name) == ["example:kv-store/store@0.1.0", "log"])
        guard case .instance(let store)? = component.imports.first?.type else {
            Issue.record("expected an instance")
            return
        }
        #expect(store.exports.map(\.name).contains("[method]connection.get"))
        guard case .resource(let connection)? = store.exports.first(where: { $0.name == "connection" })?.type,
            case .function(let get)? = store.exports.first(where: { $0.name == "[method]connection.get" })?.type,
            case .defined(let handle)? = get.parameters.first?.type
        else {
            Issue.record("expected a resource and its method")
            return
        }
        #expect(component.types[handle].kind == .borrow(connection))
        guard case .function(let replace)? = component.exports.first?.type else {
            Issue.record("expected a function")
            return
        }
        #expect(
            replace.parameters.map(\.name) == ["key", "value"] && replace.parameters.map(\.type) == [.string, .string])
        #expect(component.exports.map(\.name) == ["replace-value"])
    }
}

/// Calls the functions of a component with random arguments and answers its imports with random results. It knows nothing of the component
/// but what ``Component/imports`` and ``Component/exports`` say.
private struct ComponentFuzzer {
    let component: Component
    /// The full names and the types of all exported functions.
    let functions: [(name: String, type: FunctionType)]
    /// Whether the component imports what no host function can be.
    private(set) var isUnsatisfied = false
    /// How many calls were made.
    private(set) var attempts = 0
    /// How many of them returned.
    private(set) var calls = 0
    private var random: SeededGenerator
    /// The resources that the host defines.
    private var hostTypes: [TypeID: ResourceType] = [:]

    init(_ component: Component, random: SeededGenerator) {
        self.component = component
        self.random = random
        functions = Self.functions(component.exports, in: "")
    }

    private static func functions(_ externs: [ComponentExtern], in prefix: String) -> [(
        name: String, type: FunctionType
    )] {
        externs.flatMap { item -> [(name: String, type: FunctionType)] in
            switch item.type {
            case .function(let type): [(prefix + item.name, type)]
            case .instance(let type): functions(type.exports, in: prefix + item.name + "#")
            default: []
            }
        }
    }

    /// Makes an instance in each of so many stores, and calls random functions of it.
    mutating func run(stores: Int, calls: Int) throws {
        var linker = Linker(engine: component.engine)
        define(component.imports, in: nil, &linker)
        for _ in 0..<stores {
            var limits = Store.Configuration()
            limits.timeout = .milliseconds(500)
            limits.maximumMemory = 64 << 20
            let store = Store(engine: component.engine, configuration: limits)
            do {
                try call(linker.instantiate(component, in: store), calls)
            } catch is LinkError {
                isUnsatisfied = true
            } catch {
                // A start function may trap when what it imports answers at random.
            }
        }
    }

    private mutating func call(_ instance: Instance, _ count: Int) throws {
        var handles: [TypeID: [Resource]] = [:]
        guard !functions.isEmpty else { return }
        for _ in 0..<count {
            let (name, type) = functions[random.below(functions.count)]
            let made = hostTypes.mapValues { [instance.store.makeResource($0, rep: 1)] }
            var values = RandomValues(
                types: component.types, random: random, resources: handles.merging(made) { $0 + $1 })
            let arguments = type.parameters.map { values.value($0.type) }
            random = values.random
            attempts += 1
            do {
                let result = try instance.function(name).call(arguments)
                calls += 1
                if let result, let type = type.result { collect(result, type, &handles) }
            } catch is Trap {
                return
            } catch {
                // A handle that does not fit, or a function that has to wait.
            }
        }
    }

    /// Keeps the handles that a result is, or holds at its first level.
    private func collect(_ value: Value, _ type: ValueType, _ handles: inout [TypeID: [Resource]]) {
        guard case .defined(let id) = component.types.dealiased(type) else { return }
        switch (component.types[id].kind, value) {
        case (.own(let resource), .resource(let handle)):
            handles[component.types.resource(resource), default: []].append(handle)
        case (.option(let inner), .option(let value?)): collect(value, inner, &handles)
        case (.result(let inner?, _), .ok(let value?)): collect(value, inner, &handles)
        case (.tuple(let types), .tuple(let values)):
            for (type, value) in zip(types, values) { collect(value, type, &handles) }
        default: break
        }
    }

    /// Defines every import by its type.
    private mutating func define(_ externs: [ComponentExtern], in instance: String?, _ linker: inout Linker) {
        for item in externs {
            switch item.type {
            case .function(let type):
                let (types, seed, hostTypes) = (component.types, Int(truncatingIfNeeded: random.next()), hostTypes)
                linker.define(item.name, in: instance) { caller, _ in
                    let resources = hostTypes.mapValues { [caller.store.makeResource($0, rep: 1)] }
                    var values = RandomValues(
                        types: types, random: SeededGenerator(seed: seed), resources: resources)
                    return type.result.map { values.value($0) }
                }
            case .resource(let id):
                let type = ResourceType(name: item.name)
                hostTypes[component.types.resource(id)] = type
                linker.defineResource(item.name, in: instance, type: type)
            case .instance(let type):
                define(type.exports, in: instance.map { "\($0)#\(item.name)" } ?? item.name, &linker)
            case .type, .externType, .module, .component: break
            }
        }
    }
}
