// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DovetailHTTP

/// How many loops watch the connections that they share.
@Suite struct WatcherCountTests {
    /// A load over time, of which one window of a given number of watchers answers so much and sleeps so long.
    private struct Load {
        var count: WatcherCount
        var now: UInt64 = 1
        var answered = 0
        var asleep: UInt64 = 0
        var windows: [Int: Int] = [:]

        init(maximum: Int = 2) {
            count = WatcherCount(maximum: maximum)
            count.update(now: now, answered: 0, asleep: 0)
        }

        mutating func run(_ rounds: Int, _ window: (_ watchers: Int) -> (answered: Int, asleep: Double)) {
            windows = [:]
            for _ in 0..<rounds {
                let (more, part) = window(count.current)
                now += WatcherCount.window
                answered += more
                asleep += UInt64(part * Double(WatcherCount.window))
                windows[count.current, default: 0] += 1
                count.update(now: now, answered: answered, asleep: asleep)
            }
        }
    }

    @Test func `one loop that keeps up is enough`() {
        var load = Load()
        load.run(200) { _ in (2_000, 0.3) }
        #expect(load.windows == [1: 200])
    }

    @Test func `another loop takes part when the first has no time left, and stays if more is answered`() {
        var load = Load()
        load.run(10) { (2_000 * $0, 0) }
        #expect(load.count.current == 2)
        // It is tried now and then whether one would do.
        load.run(1_000) { (2_000 * $0, 0) }
        #expect(load.windows[2, default: 0] > 900 && load.windows[1, default: 0] > 5)
    }

    @Test func `another loop that brings nothing is tried ever more rarely`() {
        var load = Load()
        load.run(1_000) { _ in (2_000, 0) }
        #expect(load.windows[1, default: 0] > 900 && load.windows[2, default: 0] > 5)
    }

    @Test func `all loops watch where requests take long`() {
        var load = Load(maximum: 3)
        load.run(2) { _ in (10, 0) }
        #expect(load.count.current == 3)
        load.run(100) { _ in (10, 0.1) }
        #expect(load.windows == [3: 100])
    }

    @Test func `loops that sleep as much as one could work become fewer`() {
        var load = Load()
        load.run(20) { (2_000 * $0, 0) }
        load.run(20) { _ in (1_000, 0.8) }
        #expect(load.count.current == 1)
        load.run(20) { _ in (1_000, 0.8) }
        #expect(load.windows == [1: 20])
    }

    @Test func `of three loops as many watch as answer most`() {
        var load = Load(maximum: 3)
        load.run(1_000) { ([0, 2_000, 3_000, 2_800][$0], 0) }
        #expect(load.windows[2, default: 0] > 900)
    }

    @Test func `a load that comes back is looked at anew`() {
        var load = Load()
        load.run(100) { _ in (2_000, 0) }
        load.now += 60_000_000_000
        load.asleep += 60_000_000_000
        load.run(30) { (2_000 * $0, 0) }
        #expect(load.count.current == 2)
    }
}
