// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTestSupport
import DovetailTypes
import Testing

/// Random types and values through everything that moves them; the seed is the test's argument.
struct RandomRoundTripTests {
    static let encodings: [StringEncoding] = [.utf8, .utf16, .latin1OrUTF16]

    @Test("random values come back as they were lowered", arguments: 0..<20)
    func valuesComeBack(seed: Int) throws {
        for round in 0..<250 {
            var random = RandomValues(random: SeededGenerator(seed: seed * 1000 + round))
            let types = (0...random.random.below(5)).map { _ in random.type(depth: 4) }
            let arguments = types.map { random.value($0) }
            let function = FunctionType(
                parameters: types.enumerated().map { .init(name: "p\($0)", type: $1) }, result: types[0])
            let layout = try LayoutCache(random.types).function(function)
            let guest = FakeGuest(
                is64: random.random.oneIn(3), encoding: Self.encodings[random.random.below(3)])
            var cx = CanonicalContext(guest)
            let slots = Slots()
            var writer = slots.writer
            try layout.lowerParameters(arguments, &cx, into: &writer)
            let expected = layout.parametersAreIndirect() ? 1 : layout.flatParameters(guest.is64).count
            #expect(writer.position == slots.base + expected * 16)
            var reader = slots.reader
            let lifted = try layout.liftParameters(&cx, from: &reader)
            #expect(lifted == arguments, "seed \(seed), round \(round)")
            #expect(reader.position == slots.base + expected * 16)
        }
    }

    @Test("random values come through from one component to another", arguments: 0..<20)
    func valuesCrossComponents(seed: Int) throws {
        for round in 0..<250 {
            var random = RandomValues(random: SeededGenerator(seed: 1_000_000 + seed * 1000 + round))
            let types = (0...random.random.below(4)).map { _ in random.type(depth: 4) }
            let arguments = types.map { random.value($0) }
            let function = FunctionType(
                parameters: types.enumerated().map { .init(name: "p\($0)", type: $1) }, result: types[0])
            let layout = try LayoutCache(random.types).function(function)
            let one = FakeGuest(is64: random.random.oneIn(3), encoding: Self.encodings[random.random.below(3)])
            let sameInstance = random.random.oneIn(6)
            let other =
                sameInstance
                ? one : FakeGuest(is64: random.random.oneIn(3), encoding: Self.encodings[random.random.below(3)])
            var source = CanonicalContext(one)
            var slots = Slots()
            var writer = slots.writer
            try layout.lowerParameters(arguments, &source, into: &writer)
            var reader = slots.reader
            let moved = Slots()
            var destination = CanonicalContext(other)
            writer = moved.writer
            try layout.transferParameters(&source, from: &reader, to: layout, &destination, into: &writer)
            reader = moved.reader
            #expect(try layout.liftParameters(&destination, from: &reader) == arguments, "seed \(seed), round \(round)")

            // The result: the second component returns what the first one passed.
            destination.reload()
            let area = try destination.allocate(alignment: 8, size: 1024)
            slots = Slots([area])
            reader = slots.reader
            writer = Slots().writer
            let returned = Slots([area])
            if layout.resultIsIndirect() {
                try layout.lowerResult(
                    arguments[0], &destination, returnPointer: &reader, into: &writer)
            } else {
                writer = returned.writer
                try layout.lowerResult(arguments[0], &destination, returnPointer: &reader, into: &writer)
            }
            source.reload()
            let callerArea = try source.allocate(alignment: 8, size: 1024)
            if sameInstance { destination.reload() }
            var returnPointer = Slots([callerArea]).reader
            let callerSlots = Slots([callerArea])
            returnPointer = callerSlots.reader
            let results = Slots([callerArea])
            writer = results.writer
            reader = returned.reader
            try layout.transferResult(
                &destination, from: &reader, to: layout, &source, returnPointer: &returnPointer, into: &writer)
            reader = results.reader
            #expect(try layout.liftResult(&source, from: &reader) == arguments[0], "seed \(seed), round \(round)")
        }
    }

    @Test("lifting out of random memory gives a value or an error", arguments: 0..<20)
    func randomMemoryNeverCrashes(seed: Int) throws {
        for round in 0..<250 {
            var random = RandomValues(random: SeededGenerator(seed: 2_000_000 + seed * 1000 + round))
            let type = random.type(depth: 4)
            let layout = try LayoutCache(random.types).function(
                FunctionType(parameters: [.init(name: "p", type: type)], result: type))
            let guest = FakeGuest(
                is64: random.random.oneIn(3), encoding: Self.encodings[random.random.below(3)], memory: 4096)
            // Small numbers are more often pointers and lengths that lead somewhere.
            let small = random.random.oneIn(2)
            guest.put(
                (0..<4096).map { index in
                    small && index % 4 > 1 ? 0 : UInt8(random.random.below(small ? 16 : 256))
                }, at: 0)
            let words = (0..<64).map { _ in UInt64(random.random.below(small ? 4201 : Int.max)) }
            let slots = Slots(words)
            var cx = CanonicalContext(guest, copyBudget: 1 << 20)
            var reader = slots.reader
            _ = try? layout.liftParameters(&cx, from: &reader)
            reader = slots.reader
            _ = try? layout.liftResult(&cx, from: &reader)
            let other = FakeGuest(encoding: Self.encodings[random.random.below(3)])
            var destination = CanonicalContext(other)
            cx.copyBudget = 1 << 20
            reader = slots.reader
            var writer = Slots().writer
            let target = Slots()
            writer = target.writer
            _ = try? layout.transferParameters(&cx, from: &reader, to: layout, &destination, into: &writer)
        }
    }

    @Test("a value of another type is refused with the path to it", arguments: 0..<4)
    func wrongValuesAreRefused(seed: Int) throws {
        for round in 0..<250 {
            var random = RandomValues(random: SeededGenerator(seed: 3_000_000 + seed * 1000 + round))
            let type = random.type(depth: 3)
            let value = random.value(random.type(depth: 3))
            let layout = try LayoutCache(random.types).function(
                FunctionType(parameters: [.init(name: "p", type: type)], result: nil))
            let guest = FakeGuest()
            var cx = CanonicalContext(guest)
            let slots = Slots()
            var writer = slots.writer
            do {
                try layout.lowerParameters([value], &cx, into: &writer)
            } catch {
                #expect(error.code == .typeMismatch)
                #expect(error.description.hasPrefix("p"))
            }
        }
    }
}
