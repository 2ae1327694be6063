// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Testing

/// Bindings that look for `add` with the types of their parameters.
private final class Wanted<Number: ComponentConvertible>: WorldBindings {
    let instance: Instance
    let add: TypedFunction<Tuple2<Number, Number>, Number>

    static var world: WorldReference { WorldReference(name: "a:b/c", command: "make c") }

    init(_ instance: Instance) throws {
        self.instance = instance
        var exports = ExportBinder(instance, of: Self.self)
        add = try exports.function("add", parameters: Tuple2<Number, Number>.self, result: Number.self)
        exports.finish()
    }
}

/// Bindings that break the promise to look for the same each time.
private final class Changing: WorldBindings {
    let instance: Instance
    let text: TypedFunction<String, String>?
    let add: TypedFunction<Tuple2<Int32, Int32>, Int32>?

    static var world: WorldReference { WorldReference(name: "a:b/d", command: "make d") }
    nonisolated(unsafe) static var step = 0

    init(_ instance: Instance) throws {
        self.instance = instance
        var exports = ExportBinder(instance, of: Self.self)
        Self.step += 1
        add =
            Self.step == 2
            ? nil : try exports.function("add", parameters: Tuple2<Int32, Int32>.self, result: Int32.self)
        text = Self.step == 2 ? try exports.function("add", parameters: String.self, result: String.self) : nil
        exports.finish()
    }
}

@Suite("What bindings found in a component")
struct ExportBinderTests {
    let engine: Engine
    let component: Component

    init() throws {
        engine = try Engine()
        component = try Component(engine: engine, path: TestFiles.example("adder/adder.wasm"))
    }

    private func instance() throws -> Instance {
        try Linker(engine: engine).instantiate(component, in: Store(engine: engine))
    }

    @Test("serves all instances, whose functions stay their own")
    func instances() throws {
        let worlds = try (0..<3).map { _ in try Wanted<Int32>(instance()) }
        for (number, world) in worlds.enumerated() { #expect(try world.add(Int32(number), 1) == Int32(number + 1)) }
        #expect(Set(worlds.map { ObjectIdentifier($0.add.function.store) }).count == 3)
        #expect(worlds.allSatisfy { $0.add.function.name == "add" && $0.add.function.type.parameters.count == 2 })
    }

    @Test("is no excuse for other types")
    func types() throws {
        _ = try Wanted<Int32>(instance())
        for _ in 0..<2 {
            let error = #expect(throws: BindingError.self) { try Wanted<UInt64>(instance()) }
            #expect("\(try #require(error))".contains("export `add`: parameter `"))
        }
    }

    @Test("is compared again when the bindings look for something else")
    func changing() throws {
        _ = try Changing(instance())
        #expect(throws: BindingError.self) { try Changing(instance()) }
        #expect(try Changing(instance()).add?(1, 2) == 3)
    }
}
