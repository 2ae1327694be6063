// SPDX-License-Identifier: Apache-2.0

import BenchmarkHarness
import Dovetail
import DovetailWASI

/// Two components of the world `python` that the same app was made into, ours and that of componentize-py, called by the same bindings.
struct PythonCalls {
    private static let floor = "the component made by componentize-py"
    private static let rowCount = 1000

    /// A component that makes instances.
    private struct Guest {
        let engine: Engine
        let prepared: InstancePre

        init(_ path: String) throws {
            engine = try Engine()
            var linker = Linker(engine: engine)
            linker.addWASI()
            prepared = try linker.prepare(Component(engine: engine, path: path))
        }

        func instance() throws -> PythonWorld { try PythonWorld(prepared.instantiate(in: Store(engine: engine))) }
    }

    private let ours: Guest
    private let theirs: Guest

    init(_ files: (ours: String, theirs: String)) throws {
        ours = try Guest(files.ours)
        theirs = try Guest(files.theirs)
    }

    func benchmarks() throws -> [Benchmark] {
        let (mine, peers) = (try ours.instance(), try theirs.instance())
        let rows = (0..<UInt32(Self.rowCount)).map {
            PythonWorld.Row(id: $0, name: "a name of a row", score: Double($0) / 2, active: true)
        }
        return [
            row("python-start-and-call", ours, theirs) { guest in
                guard try guest.instance().repeat(n: 3) == "xxx" else {
                    throw BareError("`repeat` gave something else")
                }
            },
            row("python-records-1000-in", mine, peers) { world in
                guard try world.takeRows(rows: rows) == Self.rowCount else {
                    throw BareError("`take-rows` gave something else")
                }
            },
            row("python-records-1000-out", mine, peers) { world in
                guard try world.giveRows(count: UInt32(Self.rowCount)).count == Self.rowCount else {
                    throw BareError("`give-rows` gave something else")
                }
            },
        ]
    }

    private func row<Side>(
        _ name: String, _ ours: Side, _ theirs: Side, _ operation: @escaping (Side) throws -> Void
    ) -> Benchmark {
        Benchmark(name, floorSummary: Self.floor, countsAllocations: false) { operations in
            for _ in 0..<operations { try operation(ours) }
        } floor: { operations in
            for _ in 0..<operations { try operation(theirs) }
        }
    }
}
