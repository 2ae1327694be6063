// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Testing

@Suite("Calls that fail say where and why")
struct CallErrorTests {
    let engine: Engine
    let component: Component

    init() throws {
        engine = try Engine()
        component = try Component(engine: engine, path: TestFiles.fixture("faults.wasm"))
    }

    private func instance(_ change: (inout Store.Configuration) -> Void = { _ in }) throws -> Instance {
        var configuration = Store.Configuration()
        change(&configuration)
        return try Linker(engine: engine).instantiate(
            component, in: Store(engine: engine, configuration: configuration))
    }

    private func order(_ items: [Value]) -> Value {
        .record([.init(name: "id", value: .string("a")), .init(name: "items", value: .list(items))])
    }

    private func item(price: Value, kind: Value = .enum("small"), name: String = "name") -> Value {
        .record([
            .init(name: name, value: .string("x")), .init(name: "price", value: price),
            .init(name: "kind", value: kind),
        ])
    }

    @Test("the wrong number of arguments")
    func argumentCount() throws {
        let divide = try instance().function("divide")
        for arguments in [[], [.s32(1)], [.s32(1), .s32(2), .s32(3)]] as [[Value]] {
            let error = #expect(throws: CallError.self) { try divide.call(arguments) }
            #expect(error?.function == "divide" && error?.code == .argument)
            #expect(
                error?.description == "cannot call `divide`: expected 2 arguments, found \(arguments.count)")
        }
        // Nothing has run, so the instance is as good as before.
        #expect(try divide.call(.s32(7), .s32(2)) == .s32(3))
    }

    @Test("arguments of another type, with the path into the value")
    func argumentTypes() throws {
        let instance = try instance()
        let divide = try instance.function("divide")
        let place = try instance.function("place-order")
        func failure(_ function: Function, _ arguments: Value...) -> String? {
            let error = #expect(throws: CallError.self) { try function.call(arguments) }
            #expect((error?.cause as? ABIError)?.code == .typeMismatch)
            return error?.message
        }
        #expect(failure(divide, .s32(1), .string("2")) == "b: expected s32, found string")
        #expect(failure(place, .u32(1)) == "order: expected record, found u32")
        let good = item(price: .option(.u32(1)))
        #expect(
            failure(place, order([good, good, item(price: .option(.string("1")))]))
                == "order.items[2].price.some: expected u32, found string")
        #expect(failure(place, order([item(price: .u32(1))])) == "order.items[0].price: expected option, found u32")
        #expect(
            failure(place, order([good, item(price: .option(nil), kind: .enum("medium"))]))
                == "order.items[1].kind: enum has no case `medium`, expected one of `small`, `large`")
        #expect(
            failure(place, order([item(price: .option(nil), name: "nmae")]))
                == "order.items[0]: field `name` is missing")
        #expect(failure(place, .record([.init(name: "id", value: .string(""))])) == "order: field `items` is missing")
        #expect(try place.call(order([good, good])) == .u32(2))
    }

    @Test("Swift types that do not stand for the function's")
    func typedMismatch() throws {
        let divide = try instance().function("divide")
        let error = #expect(throws: CallError.self) {
            try divide.typed(as: ((Int32, UInt32) -> Int32).self)
        }
        #expect(error?.description == "`divide`: parameter `b`: expected u32, found s32")
    }

    @Test("a trap carries the stack, and the instance is closed afterwards")
    func trap() throws {
        let instance = try instance()
        let divide = try instance.function("divide")
        let trap = #expect(throws: Trap.self) { try divide.call(.s32(7), .s32(0)) }
        #expect(trap?.code == .arithmetic && trap?.message == "integer divide by zero")
        #expect(trap?.backtrace.map(\.function) == ["quotient", "divide"])
        #expect(trap?.backtrace.allSatisfy { $0.module == "guest" && ($0.moduleOffset ?? 0) > 0 } == true)
        #expect(trap?.description.hasPrefix("integer divide by zero\nwasm backtrace:\n  0: 0x") == true)
        #expect(trap?.description.contains(" - guest!quotient\n") == true)
        for name in ["divide", "grow"] {
            let later = #expect(throws: Trap.self) {
                let function = try instance.function(name)
                try function.call(Array(repeating: name == "grow" ? .u32(0) : .s32(1), count: name == "grow" ? 1 : 2))
            }
            #expect(later?.code == .cannotEnter)
            #expect(
                later?.message == "cannot enter component instance: it trapped earlier (integer divide by zero)")
        }
    }

    @Test("other instances in the store stay usable after a trap")
    func trapElsewhere() throws {
        let store = Store(engine: engine)
        let linker = Linker(engine: engine)
        let broken = try linker.instantiate(component, in: store)
        let whole = try linker.instantiate(component, in: store)
        #expect(throws: Trap.self) { try broken.function("divide").call(.s32(1), .s32(0)) }
        #expect(try whole.function("divide").call(.s32(8), .s32(2)) == .s32(4))
    }

    @Test("a guest that never returns is stopped")
    func timeout() throws {
        let instance = try instance { $0.timeout = .milliseconds(20) }
        let trap = #expect(throws: Trap.self) { try instance.function("spin").call() }
        #expect(trap?.code == .timeout && trap?.message == "interrupted: the time limit was reached")
        #expect(trap?.backtrace.isEmpty == false)
    }

    @Test("a guest that recurses forever is stopped")
    func stackOverflow() throws {
        let trap = #expect(throws: Trap.self) { try instance().function("dive").call(.u32(1)) }
        #expect(trap?.code == .stackOverflow && trap?.message == "call stack exhausted")
        #expect(trap?.backtrace.last?.function == "dive")
        #expect(trap?.description.contains("0x-1") == false)
    }

    @Test("memory grows to the limit and no further")
    func memoryLimit() throws {
        let grow = try instance { $0.maximumMemory = 4 * 65536 }.function("grow")
        #expect(try grow.call(.u32(3)) == .s32(1))
        #expect(try grow.call(.u32(1)) == .s32(-1))
        #expect(try grow.call(.u32(0)) == .s32(4))
        let error = #expect(throws: Trap.self) { try instance { $0.maximumMemory = 1000 } }
        #expect(error?.message.contains("memory") == true)
    }

    @Test("a store holds so many instances and no more")
    func instanceLimit() throws {
        var configuration = Store.Configuration()
        configuration.maximumInstances = 5
        let store = Store(engine: engine, configuration: configuration)
        let linker = Linker(engine: engine)
        // Two core instances each.
        for _ in 0..<2 { _ = try linker.instantiate(component, in: store) }
        #expect(throws: Trap.self) { try linker.instantiate(component, in: store) }
    }
}
