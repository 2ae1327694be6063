// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Testing

/// The host's counters.
final class ResourcesHost: Resources.Imports {
    final class Counter: Resources.Host.Counter {
        var value: UInt32
        let host: ResourcesHost

        init(_ value: UInt32, _ host: ResourcesHost) {
            self.value = value
            self.host = host
            host.alive += 1
        }

        deinit { host.alive -= 1 }

        func add(n: UInt32) -> UInt32 {
            value += n
            return value
        }
    }

    struct Foreign: Error {}

    var alive = 0

    private func value(_ counter: any Resources.Host.Counter) throws -> UInt32 {
        guard let counter = counter as? Counter else { throw Foreign() }
        return counter.value
    }

    func makeCounter(start: UInt32) -> any Resources.Host.Counter { Counter(start, self) }
    func counterMax(a: any Resources.Host.Counter, b: any Resources.Host.Counter) throws -> UInt32 {
        try max(value(a), value(b))
    }
    func find(name: String) -> (any Resources.Host.Counter)? {
        name.utf8.first.map { Counter(UInt32($0), self) }
    }
    func returnAll(counters: [Resources.Host.Labeled]) throws -> UInt32 {
        #expect(counters.map(\.name) == ["a", "b"])
        return UInt32(counters.count)
    }
    func sum(counters: [any Resources.Host.Counter]) throws -> UInt32 {
        try counters.reduce(0) { try $0 + value($1) }
    }
}

@Suite("Resources of the component and of the host")
struct ResourcesTests {
    private let host = ResourcesHost()
    typealias Bag = Resources.Guest.Bag

    private func guest(_ language: GuestLanguage) throws -> Resources.Guest {
        let (engine, component) = try language.component("resources")
        return try Resources(
            component, in: language.store(engine), imports: host, linker: language.linker(engine)
        ).guest
    }

    @Test("objects of the component: constructor, methods, close", arguments: GuestLanguage.availableWithPython)
    func bag(_ language: GuestLanguage) throws {
        let guest = try guest(language)
        let bag = try Bag(in: guest, name: "words")
        #expect(try bag.name() == "words")
        #expect(try bag.put(word: "one") == 1)
        #expect(try bag.put(word: "two") == 2)
        #expect(throws: ResultError("a word has letters")) { try bag.put(word: "") }
        #expect(try guest.alive() == 1)
        try bag.close()
        try bag.close()
        #expect(try guest.alive() == 0)
        #expect(throws: CallError.self) { try bag.name() }
    }

    @Test("the last reference destroys the resource", arguments: GuestLanguage.availableWithPython)
    func lifetime(_ language: GuestLanguage) throws {
        let guest = try guest(language)
        do {
            let bag = try Bag(in: guest, name: "short")
            #expect(try bag.put(word: "x") == 1)
            #expect(try guest.alive() == 1)
        }
        #expect(try guest.alive() == 0)
    }

    @Test("own moves, borrow lends", arguments: GuestLanguage.availableWithPython)
    func ownership(_ language: GuestLanguage) throws {
        let guest = try guest(language)
        let a = try Bag(in: guest, name: "a")
        let b = try Bag(in: guest, name: "b")
        _ = try a.put(word: "1")
        _ = try b.put(word: "1")
        let merged = try guest.bagMerge(a: a, b: b)
        #expect(throws: CallError.self) { try a.name() }
        #expect(try b.name() == "b")
        #expect(try merged.name() == "a")
        #expect(try guest.bagTotal(bags: [merged, b]) == 3)
        #expect(try guest.alive() == 2)
    }

    @Test("handles inside records, lists and options", arguments: GuestLanguage.availableWithPython)
    func nested(_ language: GuestLanguage) throws {
        let guest = try guest(language)
        let pair = try guest.makePair(name: "twin")
        #expect(try pair.second.name() == "twin")
        let bags = try guest.unpack(pair: pair)
        #expect(try bags.map { try $0.name() } == ["twin", "twin"])
        #expect(throws: (any Error).self) { try pair.first.name() }
        #expect(try guest.maybe(yes: false) == nil)
        #expect(try guest.maybe(yes: true)?.name() == "maybe")
    }

    @Test("resources of the host, lent and given", arguments: GuestLanguage.availableWithPython)
    func hostResources(_ language: GuestLanguage) throws {
        let guest = try guest(language)
        let counter = ResourcesHost.Counter(10, host)
        #expect(try guest.useCounter(counter: counter, n: 5) == 15)
        #expect(counter.value == 15)
        let back = try guest.pass(counter: counter)
        #expect(back === counter)
        #expect(try guest.play() == 97 + 98 + 98 + 2)
        #expect(host.alive == 1)
    }

    @Test("a resource of another instance is refused", arguments: GuestLanguage.available)
    func otherInstance(_ language: GuestLanguage) throws {
        let (engine, component) = try language.component("resources")
        let guest = try guest(language)
        let other = try Resources(component, in: Store(engine: engine), imports: host)
        let mine = try Bag(in: guest, name: "mine")
        let error = #expect(throws: CallError.self) { try other.guest.bagTotal(bags: [mine]) }
        #expect("\(try #require(error))".contains("of this instance"))
        #expect(try mine.name() == "mine")
    }

    @Test("objects keep their store", arguments: GuestLanguage.available)
    func keepsStore(_ language: GuestLanguage) throws {
        let (engine, component) = try language.component("resources")
        let bag: Bag
        do { bag = try Bag(in: Resources(component, in: Store(engine: engine), imports: host).guest, name: "left") }
        #expect(try bag.name() == "left")
    }

    @Test("nothing keeps the store when all is let go", arguments: GuestLanguage.available)
    func letsStoreGo(_ language: GuestLanguage) throws {
        let (engine, component) = try language.component("resources")
        weak var store: Store?
        do {
            let fresh = Store(engine: engine)
            store = fresh
            let world = try Resources(component, in: fresh, imports: host)
            _ = try Bag(in: world.guest, name: "x").put(word: "y")
        }
        #expect(store == nil)
    }
}
