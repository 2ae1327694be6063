// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem
import Testing

@Suite("Pages that instances write")
struct WrittenPagesTests {
    /// Four pages of WebAssembly, and data all over them.
    private static let text = """
        (component
          (core module $m
            (memory (export "memory") 4)
            (data (i32.const 0) "\(String(repeating: "data", count: 65_536))")
            (func (export "fill") (param $start i32) (param $value i32)
              (i32.store8 (local.get $start) (local.get $value)))
            (func (export "read") (param $start i32) (result i32) (i32.load8_u (local.get $start)))
            (func (export "grow") (drop (memory.grow (i32.const 1))) (i32.store8 (i32.const 262144) (i32.const 1))))
          (core instance $i (instantiate $m))
          (func (export "fill") (param "start" u32) (param "value" u8) (canon lift (core func $i "fill")))
          (func (export "read") (param "start" u32) (result u8) (canon lift (core func $i "read")))
          (func (export "grow") (canon lift (core func $i "grow"))))
        """

    private func prepared(_ allocation: Engine.Configuration.Allocation) throws -> InstancePre {
        var configuration = Engine.Configuration()
        configuration.allocation = allocation
        let engine = try Engine(configuration)
        return try Linker(engine: engine).prepare(Component(engine: engine, bytes: Array(Self.text.utf8)))
    }

    /// Has an instance write a byte on pages of the system, and gives it to a test.
    private func write(
        _ pages: [Int], _ prepared: InstancePre, then test: (Instance) throws -> Void = { _ in }
    ) throws {
        let store = Store(engine: prepared.component.engine)
        let instance = try prepared.instantiate(in: store)
        for page in pages {
            _ = try instance.function("fill").call(.u32(UInt32(page * AddressSpace.pageSize + 5)), .u8(7))
        }
        try test(instance)
    }

    /// Whether this system tells what was written.
    static let isKnown = {
        guard let start = try? AddressSpace.reserve(AddressSpace.pageSize) else { return false }
        defer { AddressSpace.release(start, AddressSpace.pageSize) }
        return AddressSpace.writtenPages(of: UnsafeRawBufferPointer(start: start, count: AddressSpace.pageSize)) != nil
    }()

    @Test(
        "are there from the beginning when two earlier instances wrote them, with what the file holds",
        .enabled(if: isKnown))
    func learns() throws {
        let prepared = try prepared(.pooling(maximumInstances: 4, maximumMemory: 1 << 20))
        #expect(prepared.knownWrites == nil)
        // The first is among those that stay in memory anyway.
        try write([1, 40, 50, 52, 60], prepared)
        #expect(prepared.knownWrites == nil)
        try write([1, 40, 50, 52, 61], prepared)
        let page = AddressSpace.pageSize
        #expect(prepared.knownWrites == [[40 * page..<41 * page, 50 * page..<53 * page]])
        for _ in 0..<2 { try write([], prepared) }
        // Enough is known: this one is not observed.
        try write([], prepared) { instance in
            let writes = try #require(instance.writes?.first)
            for page in [40, 50, 51, 52] { #expect(writes.contains { $0.contains(page * AddressSpace.pageSize) }) }
            #expect(!writes.contains { $0.contains(60 * AddressSpace.pageSize) })
            for page in [40, 50, 51, 52, 60, 61] {
                #expect(try instance.function("read").call(.u32(UInt32(page * AddressSpace.pageSize + 5))) == .u8(0x61))
            }
        }
    }

    @Test(
        "are known though the first instances wrote less, and forgotten when nobody writes them any more",
        .enabled(if: isKnown))
    func changes() throws {
        let prepared = try prepared(.pooling(maximumInstances: 4, maximumMemory: 1 << 20))
        let page = AddressSpace.pageSize
        for _ in 0..<2 { try write([40], prepared) }
        #expect(prepared.knownWrites == [[40 * page..<41 * page]])
        for _ in 0..<2 { try write([40, 50], prepared) }
        #expect(prepared.knownWrites == [[40 * page..<41 * page, 50 * page..<51 * page]])
        for _ in 0..<1024 { try write([60], prepared) }
        #expect(prepared.knownWrites == [[60 * page..<61 * page]])
    }

    @Test("of a memory that has grown are not asked for before it grows", .enabled(if: isKnown))
    func growth() throws {
        let prepared = try prepared(.pooling(maximumInstances: 4, maximumMemory: 1 << 20))
        for _ in 0..<2 { try write([50], prepared) { _ = try $0.function("grow").call() } }
        #expect(prepared.knownWrites?.first?.last?.lowerBound == 262_144)
        try write([51], prepared) { instance in
            _ = try instance.function("grow").call()
            #expect(try instance.function("read").call(.u32(262_144)) == .u8(1))
            #expect(try instance.function("read").call(.u32(262_145)) == .u8(0))
        }
    }

    @Test("of instances that trapped tell nothing", .enabled(if: isKnown))
    func traps() throws {
        let prepared = try prepared(.pooling(maximumInstances: 4, maximumMemory: 1 << 20))
        for _ in 0..<3 {
            try write([50], prepared) { instance in
                #expect(throws: Trap.self) { _ = try instance.function("read").call(.u32(.max)) }
            }
        }
        #expect(prepared.knownWrites == nil)
        for _ in 0..<2 { try write([50], prepared) }
        #expect(prepared.knownWrites == [[50 * AddressSpace.pageSize..<51 * AddressSpace.pageSize]])
    }

    @Test("are not looked for where memories are not mapped from the file")
    func others() throws {
        for allocation in [Engine.Configuration.Allocation.onDemand, .recycling(maximumIdle: 2)] {
            let prepared = try prepared(allocation)
            for _ in 0..<3 { try write([50], prepared) }
            #expect(prepared.knownWrites == nil)
        }
    }
}
