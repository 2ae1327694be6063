// SPDX-License-Identifier: Apache-2.0

import Dovetail
import Testing

@Suite("What host code keeps with a store")
struct StoreDataTests {
    private struct Name: Equatable { var text: String }

    private final class Log {}

    @Test("one value of each type: set, replaced, taken away")
    func values() throws {
        let store = Store(engine: try Engine())
        #expect(store.data[Name.self] == nil)
        let log = Log()
        store.data[Name.self] = Name(text: "first")
        store.data[Log.self] = log
        store.data[Int.self] = 7
        store.data[Name.self] = Name(text: "second")
        #expect(store.data[Name.self] == Name(text: "second"))
        #expect(store.data[Log.self] === log)
        #expect(store.data[Int?.self] == nil)
        store.data[Name.self]?.text += "!"
        #expect(store.data[Name.self] == Name(text: "second!"))
        var copy = store.data
        copy[Int.self] = nil
        #expect(copy[Int.self] == nil)
        #expect(store.data[Int.self] == 7)
    }

    @Test("a value goes with its store")
    func lifetime() throws {
        weak var log: Log?
        do {
            let store = Store(engine: try Engine())
            let kept = Log()
            store.data[Log.self] = kept
            log = kept
        }
        #expect(log == nil)
    }

    @Test("a way to a store leads nowhere once the store has gone")
    func link() throws {
        func link() throws -> StoreLink {
            let store = Store(engine: try Engine())
            #expect(store.link.store === store)
            #expect(store.link === store.link)
            return store.link
        }
        #expect(try link().store == nil)
    }
}
