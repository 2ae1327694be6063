// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

// Bags of words, and counters of the host.

private typealias Counter = Resources.Host.Counter

extension Resources.Guest: Resources.Guest.Exports {
    final class Bag: BagResource {
        nonisolated(unsafe) static var alive: UInt32 = 0
        private let title: String
        private var words: [String] = []

        init(name: String) {
            title = name
            Self.alive += 1
        }

        deinit { Self.alive -= 1 }

        func put(word: String) throws(ResultError<String>) -> UInt32 {
            if word.isEmpty { throw ResultError("a word has letters") }
            words.append(word)
            return UInt32(words.count)
        }

        func name() -> String { title }

        static func merge(a: Bag, b: Bag) -> Bag {
            let all = Bag(name: a.title)
            all.words = a.words + b.words
            return all
        }

        static func total(bags: [Bag]) -> UInt32 { bags.reduce(0) { $0 + UInt32($1.words.count) } }
    }

    static func makePair(name: String) -> Pair { Pair(first: Bag(name: name), second: Bag(name: name)) }
    static func unpack(pair: Pair) -> [Bag] { [pair.first, pair.second] }
    static func maybe(yes: Bool) -> Bag? { yes ? Bag(name: "maybe") : nil }
    static func useCounter(counter: Resources.Host.Counter, n: UInt32) -> UInt32 { counter.add(n: n) }
    static func pass(counter: Resources.Host.Counter) -> Resources.Host.Counter { counter }
    static func alive() -> UInt32 { Bag.alive }

    static func play() -> UInt32 {
        guard let a = Resources.Host.find(name: "a"), let b = Resources.Host.find(name: "b") else { return 0 }
        let sum = Resources.Host.sum(counters: [a, b])
        let largest = Counter.max(a: a, b: b)
        let count = Resources.Host.returnAll(counters: [
            Resources.Host.Labeled(name: "a", counter: a), Resources.Host.Labeled(name: "b", counter: b),
        ])
        return sum + largest + count
    }
}
