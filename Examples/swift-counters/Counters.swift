// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

extension Counting.Counters: Counting.Counters.Exports {
    final class Counter: CounterResource {
        nonisolated(unsafe) static var alive: UInt32 = 0
        private let title: String
        private(set) var value: UInt32 = 0

        init(name: String) {
            title = name
            Self.alive += 1
        }

        deinit { Self.alive -= 1 }

        func name() -> String { title }

        func add(number: UInt32) throws(ResultError<String>) -> UInt32 {
            let (sum, overflow) = value.addingReportingOverflow(number)
            if overflow { throw ResultError("\(title) is full") }
            value = sum
            return sum
        }

        static func merge(a: Counter, b: Counter) -> Counter {
            let both = Counter(name: a.title + "+" + b.title)
            both.value = a.value &+ b.value
            return both
        }
    }

    static func total(counters: [Counter]) -> UInt64 { counters.reduce(0) { $0 + UInt64($1.value) } }
    static func alive() -> UInt32 { Counter.alive }
}
