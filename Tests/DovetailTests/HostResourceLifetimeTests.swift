// SPDX-License-Identifier: Apache-2.0

@_spi(Bindings) import Dovetail
import DovetailABI
import DovetailTestSupport
import Synchronization
import Testing

/// How many objects are gone.
private final class Counter: Sendable {
    private let state = Mutex<UInt32>(0)
    var count: UInt32 { state.withLock { $0 } }
    func add() { state.withLock { $0 += 1 } }
}

private protocol Thing: AnyObject {}

private final class CountedThing: Thing {
    private let counter: Counter
    init(_ counter: Counter) { self.counter = counter }
    deinit { counter.add() }
}

private final class Takes: WorldBindings {
    let instance: Instance
    let take: BoundFunction<HostOwnCodec<any Thing>, UInt32.Codec>

    static var world: WorldReference { WorldReference(name: "a:b/c", command: "make c", format: 1) }

    init(_ instance: Instance) throws {
        self.instance = instance
        var exports = ExportBinder(instance, of: Self.self)
        take = exports.function("take", parameters: HostOwnCodec<any Thing>.self, result: UInt32.Codec.self)
        try exports.finish()
    }
}

@Suite("How long objects of the host live")
struct HostResourceLifetimeTests {
    @Test("one that is given away may go when the component drops it, not only when the call ends")
    func givenAway() throws {
        let engine = try Engine()
        let counter = Counter()
        var linker = Linker(engine: engine)
        linker.defineHostResource("thing", in: "host", (any Thing).self)
        linker.define("gone", in: "host") { _ in counter.count }
        let component = try Component(engine: engine, path: TestFiles.fixture("takes-thing.wasm"))
        let instance = try linker.instantiate(component, in: Store(engine: engine))
        let take = try Takes(instance).take
        let first = try take.call(giving: CountedThing(counter))
        #expect(first == 1)
        let kept = CountedThing(counter)
        let second = try take.call(giving: kept)
        #expect(second == 1)
        withExtendedLifetime(kept) {}
    }
}
