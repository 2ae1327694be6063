// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

extension Counts: Counts.Exports {
    static func run() -> [String] {
        var lines: [String] = []
        do throws(ResultError<String>) {
            let a = Counts.Counters.Counter(name: "a")
            let b = Counts.Counters.Counter(name: "b")
            _ = try a.add(number: 40)
            _ = try b.add(number: 2)
            lines.append("total \(Counts.Counters.total(counters: [a, b])), alive \(Counts.Counters.alive())")
            let both = Counts.Counters.Counter.merge(a: a, b: b)
            lines.append("\(both.name()) \(Counts.Counters.total(counters: [both]))")
            _ = try both.add(number: .max)
        } catch {
            lines.append("error: \(error.payload)")
        }
        lines.append("alive \(Counts.Counters.alive())")
        return lines
    }
}
