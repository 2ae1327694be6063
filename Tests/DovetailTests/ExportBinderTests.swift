// SPDX-License-Identifier: Apache-2.0

@_spi(Bindings) import Dovetail
import DovetailABI
import DovetailTestSupport
import Testing

/// Bindings that look for `add` with the types of their parameters.
private final class Wanted<Number: ComponentConvertible>: WorldBindings {
    let instance: Instance
    let add: BoundFunction<Tuple2Codec<Number.Codec, Number.Codec>, Number.Codec>

    static var world: WorldReference { WorldReference(name: "a:b/c", command: "make c", format: 1) }

    init(_ instance: Instance) throws {
        self.instance = instance
        var exports = ExportBinder(instance, of: Self.self)
        add = exports.function(
            "add", parameters: Tuple2Codec<Number.Codec, Number.Codec>.self, result: Number.Codec.self)
        try exports.finish()
    }
}

/// Bindings that break the promise to look for the same each time.
private final class Changing: WorldBindings {
    let instance: Instance
    let text: BoundFunction<String.Codec, String.Codec>?
    let add: BoundFunction<Pair, Int32.Codec>?
    typealias Pair = Tuple2Codec<Int32.Codec, Int32.Codec>

    static var world: WorldReference { WorldReference(name: "a:b/d", command: "make d", format: 1) }
    nonisolated(unsafe) static var step = 0

    init(_ instance: Instance) throws {
        self.instance = instance
        var exports = ExportBinder(instance, of: Self.self)
        Self.step += 1
        add =
            Self.step == 2
            ? nil : exports.function("add", parameters: Pair.self, result: Int32.Codec.self)
        text =
            Self.step == 2 ? exports.function("add", parameters: String.Codec.self, result: String.Codec.self) : nil
        try exports.finish()
    }
}

/// Bindings of another component.
private final class Elsewhere: WorldBindings {
    let instance: Instance

    static var world: WorldReference { WorldReference(name: "a:b/e", command: "make e", format: 1) }

    init(_ instance: Instance) throws {
        self.instance = instance
        var exports = ExportBinder(instance, of: Self.self)
        typealias Pair = Tuple2Codec<UInt64.Codec, UInt64.Codec>
        for name in ["add", "subtract", "multiply"] {
            _ = exports.function(name, parameters: Pair.self, result: UInt64.Codec.self)
        }
        try exports.finish()
    }
}

/// Bindings that another version of the library generated.
private final class Older: WorldBindings {
    let instance: Instance

    static var world: WorldReference { WorldReference(name: "a:b/f", command: "make f", format: 0) }

    init(_ instance: Instance) throws {
        self.instance = instance
        let exports = ExportBinder(instance, of: Self.self)
        try exports.finish()
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
        for (number, world) in worlds.enumerated() {
            #expect(try world.add.call((Int32(number), 1)) == Int32(number + 1))
        }
        #expect(Set(worlds.map { ObjectIdentifier($0.instance.store) }).count == 3)
    }

    @Test("is no excuse for other types")
    func types() throws {
        _ = try Wanted<Int32>(instance())
        for _ in 0..<2 {
            let error = #expect(throws: BindingError.self) { try Wanted<UInt64>(instance()) }
            #expect("\(try #require(error))".contains("export `add`: parameter `"))
        }
    }

    @Test("is told with everything that differs, not only the first")
    func allDifferences() throws {
        let error = #expect(throws: BindingError.self) { try Elsewhere(instance()) }
        let text = "\(try #require(error))"
        #expect(text.contains("export `add`: parameter `a`: expected u64, found s32"))
        #expect(text.contains("exports no function `subtract`"))
        #expect(text.contains("exports no function `multiply`"))
    }

    @Test("is compared again when the bindings look for something else")
    func changing() throws {
        _ = try Changing(instance())
        #expect(throws: BindingError.self) { try Changing(instance()) }
        #expect(try Changing(instance()).add?.call((1, 2)) == 3)
    }

    @Test("is not even looked at when the generated code has another format")
    func format() throws {
        let error = #expect(throws: BindingError.self) { try Older(instance()) }
        #expect(
            "\(try #require(error))" == "the bindings of `a:b/f` do not fit this version of Dovetail: "
                + "expected generated code of format 1, found format 0; regenerate with `make f`")
        #expect(throws: BindingError.self) {
            try ExportBinder.instantiate(
                component, in: Store(engine: engine), linker: Linker(engine: engine), world: Older.world)
        }
    }
}
