// SPDX-License-Identifier: Apache-2.0

/// How many of the loops that share connections watch them: as many as answer the most requests.
///
/// One loop that keeps up with all requests answers each at the least cost. When it has no time left, another one is tried, and kept if more requests
/// are answered in the same time; that need not be so where the processors are busy otherwise, with the clients for instance. Since that changes, it is
/// tried again, ever more rarely while nothing comes of it. Where requests take long, all loops watch.
struct WatcherCount {
    /// Nanoseconds over which requests are counted.
    static let window: UInt64 = 50_000_000
    /// Nanoseconds between two trials, at least and at most.
    private static let pauses: (shortest: UInt64, longest: UInt64) = (200_000_000, 6_400_000_000)
    /// Nanoseconds from which on a request takes long.
    private static let long: UInt64 = 500_000

    private enum Phase {
        case steady
        /// Another number was set, which the requests of the first window do not show yet.
        case settling(from: Int, rate: Double)
        case trying(from: Int, rate: Double)
    }

    private let maximum: Int
    private(set) var current = 1
    private var phase = Phase.steady
    private var start: (now: UInt64, answered: Int, asleep: UInt64)?
    private var pause = pauses.shortest
    private var nextTrial: UInt64 = 0
    private var wasRaised = false

    init(maximum: Int) { self.maximum = maximum }

    /// Takes into account what has happened.
    ///
    /// - Parameters:
    ///   - now: the monotonic clock, in nanoseconds.
    ///   - answered: how many requests all loops have answered so far.
    ///   - asleep: how long the first loop has slept so far, in nanoseconds.
    mutating func update(now: UInt64, answered: @autoclosure () -> Int, asleep: UInt64) {
        guard let start else { return self.start = (now, answered(), asleep) }
        let time = now &- start.now
        guard time >= Self.window else { return }
        let total = answered()
        let count = total &- start.answered
        let busy = time &- min(time, asleep &- start.asleep)
        self.start = (now, total, asleep)
        if busy * UInt64(current) > Self.long * UInt64(max(1, count)) {
            (current, phase) = (maximum, .steady)
            return
        }
        let rate = Double(count) / Double(time)
        switch phase {
        case .steady: go(on: now, rate, load: Double(busy) / Double(time))
        case .settling(let from, let before): phase = .trying(from: from, rate: before)
        case .trying(let from, let before):
            // Fewer loops are better where they answer as much.
            if rate > before * (current > from ? 1.05 : 0.97) {
                pause = Self.pauses.shortest
            } else {
                current = from
                pause = min(2 * pause, Self.pauses.longest)
            }
            nextTrial = now + pause
            phase = .steady
        }
    }

    private mutating func go(on now: UInt64, _ rate: Double, load: Double) {
        if load < 0.5 { (pause, nextTrial) = (Self.pauses.shortest, now) }
        if load < 0.9 {
            // Together they sleep as much as one of them could work.
            if current > 1, load * Double(current) < 0.8 * Double(current - 1) { current -= 1 }
        } else if now >= nextTrial, maximum > 1 {
            phase = .settling(from: current, rate: rate)
            wasRaised = current == 1 || (current < maximum && !wasRaised)
            current += wasRaised ? 1 : -1
        }
    }
}
