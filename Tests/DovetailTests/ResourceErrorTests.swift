// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Synchronization
import Testing

@Suite("Handles that are used wrongly")
struct ResourceErrorTests {
    let engine: Engine

    init() throws { engine = try Engine() }

    private func handle(_ value: Value?) throws -> Resource {
        guard case .resource(let resource)? = value else { throw ABIError(code: .typeMismatch, message: "no handle") }
        return resource
    }

    private func expectUnusable(_ state: String, path: String = "self", _ body: () throws -> Void) {
        let error = #expect(throws: CallError.self) { try body() }
        #expect((error?.cause as? ABIError)?.code == .resourceNotUsable)
        #expect(error?.message == "\(path): resource `counter` cannot be used, it was \(state)")
    }

    // MARK: Resources of the guest

    @Test("a handle cannot be used after it was dropped or given away")
    func useAfterDrop() throws {
        let component = try Component(engine: engine, path: TestFiles.fixture("faults.wasm"))
        let store = Store(engine: engine)
        let instance = try Linker(engine: engine).instantiate(component, in: store)
        let make = try instance.function("[constructor]counter")
        let value = try instance.function("[method]counter.value")
        let take = try instance.function("[static]counter.take")

        let dropped = try handle(make.call(.u32(5)))
        #expect(try value.call(.resource(dropped)) == .u32(5))
        #expect(dropped.isAlive)
        try store.drop(dropped)
        #expect(!dropped.isAlive)
        expectUnusable("dropped") { try value.call(.resource(dropped)) }

        let moved = try handle(make.call(.u32(6)))
        #expect(try take.call(.resource(moved)) == .u32(6))
        expectUnusable("given away") { try value.call(.resource(moved)) }
        expectUnusable("given away", path: "counter") { try take.call(.resource(moved)) }

        // Mistakes of the host are no traps: the instance goes on, and both destructors ran.
        #expect(try instance.function("destroyed").call() == .u32(2))
        var last: Resource? = try handle(make.call(.u32(7)))
        #expect(last?.isOwned == true)
        last = nil
        #expect(try instance.function("destroyed").call() == .u32(3))
    }

    @Test("a handle of another instance is of another type")
    func otherInstance() throws {
        let component = try Component(engine: engine, path: TestFiles.fixture("faults.wasm"))
        let store = Store(engine: engine)
        let linker = Linker(engine: engine)
        let one = try linker.instantiate(component, in: store)
        let other = try linker.instantiate(component, in: store)
        let counter = try one.function("[constructor]counter").call(.u32(1))
        let error = #expect(throws: CallError.self) {
            try other.function("[method]counter.value").call([try #require(counter)])
        }
        #expect((error?.cause as? ABIError)?.code == .handleOfAnotherType)
        #expect(try one.function("[method]counter.value").call([try #require(counter)]) == .u32(1))
    }

    @Test("a handle that a guest makes up is a trap")
    func forged() throws {
        let component = try Component(engine: engine, path: TestFiles.fixture("faults.wasm"))
        let instance = try Linker(engine: engine).instantiate(component, in: Store(engine: engine))
        let trap = #expect(throws: Trap.self) { try instance.function("[static]counter.forged").call() }
        #expect(trap?.code == .canonicalABI && trap?.message.contains("unknown handle index 77") == true)
        #expect((trap?.cause as? ABIError)?.code == .unknownHandle)
    }

    // MARK: Resources of the host

    private final class Seen: Sendable {
        let dropped = Mutex<[UInt32]>([])
        let kept = Mutex<[Resource]>([])
    }

    private func borrower(_ type: ResourceType, _ seen: Seen, _ store: Store) throws -> Instance {
        let component = try Component(engine: engine, path: TestFiles.fixture("borrows.wasm"))
        var linker = Linker(engine: engine)
        linker.defineResource("token", type: type) { _, rep in seen.dropped.withLock { $0.append(rep) } }
        linker.define("callback") { _, arguments in
            if case .resource(let resource) = arguments[0] { seen.kept.withLock { $0.append(resource) } }
            return nil
        }
        return try linker.instantiate(component, in: store)
    }

    @Test("a borrowed handle has to be dropped before the call returns")
    func borrowKept() throws {
        let type = ResourceType(name: "token")
        let seen = Seen()
        let store = Store(engine: engine)
        let instance = try borrower(type, seen, store)
        let token = store.makeResource(type, rep: 42)
        let trap = #expect(throws: Trap.self) { try instance.function("keep").call(.resource(token)) }
        #expect(trap?.code == .canonicalABI && (trap?.cause as? ABIError)?.code == .borrowHandlesRemain)
        #expect(
            trap?.message.contains("borrow handles still remain at the end of the call: 1 were not dropped") == true)
        let later = #expect(throws: Trap.self) { try instance.function("use").call(.resource(token)) }
        #expect(later?.code == .cannotEnter)
        // The host's own handle is not affected.
        #expect(token.isAlive && token.rep == 42)
        try store.drop(token)
        #expect(seen.dropped.withLock { $0 } == [42])
    }

    @Test("a borrowed handle cannot be used by the host after the call, nor by the guest after dropping it")
    func borrowExpires() throws {
        let type = ResourceType(name: "token")
        let seen = Seen()
        let store = Store(engine: engine)
        let instance = try borrower(type, seen, store)
        let token = store.makeResource(type, rep: 1)
        try instance.function("use").call(.resource(token))
        let kept = try #require(seen.kept.withLock { $0.first })
        #expect(!kept.isOwned && !kept.isAlive && kept.rep == 1)
        let error = #expect(throws: CallError.self) { try instance.function("use").call(.resource(kept)) }
        #expect(
            error?.message
                == "token: resource `token` cannot be used, it was borrowed for a call that has ended")
        let owned = #expect(throws: CallError.self) { try instance.function("consume").call(.resource(kept)) }
        #expect(
            (owned?.cause as? ABIError)?.code == .notAnOwnHandle
                || (owned?.cause as? ABIError)?.code == .resourceNotUsable)
        let trap = #expect(throws: Trap.self) { try instance.function("use-after-drop").call(.resource(token)) }
        #expect(trap?.code == .canonicalABI && (trap?.cause as? ABIError)?.code == .unknownHandle)
    }

    @Test("an owned handle moves: to the guest, which drops it, or there and back")
    func moves() throws {
        let type = ResourceType(name: "token")
        let seen = Seen()
        let store = Store(engine: engine)
        let instance = try borrower(type, seen, store)
        let first = store.makeResource(type, rep: 1)
        try instance.function("consume").call(.resource(first))
        #expect(!first.isAlive && seen.dropped.withLock { $0 } == [1])
        #expect(throws: ABIError.self) { try store.drop(first) }
        let back = try handle(instance.function("hand-back").call(.resource(store.makeResource(type, rep: 2))))
        #expect(back.isOwned && back.isAlive && back.rep == 2)
        try store.drop(back)
        #expect(seen.dropped.withLock { $0 } == [1, 2])
    }
}
