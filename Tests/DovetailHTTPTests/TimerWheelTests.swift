// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import Testing

@Suite struct TimerWheelTests {
    private let second: UInt64 = 1_000_000_000

    private final class Owner {
        let name: Int
        private(set) lazy var entry = TimerWheel.Entry(self)
        init(_ name: Int) { self.name = name }
    }

    private func names(_ owners: [Owner]) -> [Int] { owners.map(\.name).sorted() }

    @Test func `an entry is found when its time has come, and not before`() {
        var wheel = TimerWheel<Owner>(now: 50 * second)
        let entries = (0..<40).map(Owner.init)
        for entry in entries { wheel.insert(entry.entry, at: 50 * second + UInt64(entry.name) * second) }
        #expect(wheel.count == 40 && names(wheel.all) == Array(0..<40))
        var found: [Int] = []
        for step in 0..<410 {
            let now = 50 * second + UInt64(step) * TimerWheel<Owner>.resolution
            for name in names(wheel.due(now)) {
                let due = 50 * second + UInt64(name) * second
                #expect(now >= due && now <= due + 2 * TimerWheel<Owner>.resolution)
                found.append(name)
            }
        }
        #expect(found == Array(0..<40) && wheel.count == 0)
    }

    @Test func `one that is far away is looked at in between, and one can be taken out or moved`() {
        var wheel = TimerWheel<Owner>(now: 0)
        let (far, gone, near) = (Owner(1), Owner(2), Owner(3))
        wheel.insert(far.entry, at: 1000 * second)
        wheel.insert(gone.entry, at: 5 * second)
        wheel.insert(near.entry, at: 40 * second)
        wheel.remove(gone.entry)
        wheel.remove(gone.entry)
        wheel.hasten(near.entry, to: 2 * second)
        wheel.hasten(near.entry, to: 30 * second)
        #expect(names(wheel.due(3 * second)) == [3])
        #expect(names(wheel.due(2000 * second)) == [1])
        #expect(wheel.count == 0)
    }

    @Test func `all of one slot can be put in again while they are looked at`() {
        var wheel = TimerWheel<Owner>(now: 0)
        let entries = (0..<5).map(Owner.init)
        for entry in entries { wheel.insert(entry.entry, at: second) }
        for turn in 2..<6 {
            let found = wheel.due(UInt64(turn) * second)
            #expect(names(found) == Array(0..<5))
            for entry in found { wheel.insert(entry.entry, at: UInt64(turn) * second + 1) }
        }
    }
}
