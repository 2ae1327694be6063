// SPDX-License-Identifier: Apache-2.0

import BenchmarkHarness
import CBenchmarkSupport
import Dovetail
import DovetailWASI

/// The start of a component that carries CPython, compiled by an earlier one: a whole process, from its launch to its end,
/// which makes an engine, loads the component, grants WASI, makes an instance and calls a function once.
struct PythonStart {
    static let name = "python-second-start"
    /// The first argument of the process that is launched; the second is the component's path, empty for the floor.
    static let argument = "--answer"

    let path: String

    func benchmark() -> Benchmark {
        Benchmark(
            Self.name, floorSummary: "a process that only loads the engine", countsAllocations: false
        ) { operations in
            for _ in 0..<operations {
                guard try Self.launch(path) == "Hello, Dovetail!" else { throw BareError("no greeting came back") }
            }
        } floor: { operations in
            for _ in 0..<operations { _ = try Self.launch("") }
        }
    }

    /// What the launched process does.
    static func answer(_ path: String) throws {
        let engine = try Engine()
        guard !path.isEmpty else { return }
        let component = try Component(engine: engine, path: path)
        var linker = Linker(engine: engine)
        linker.addWASI()
        let store = Store(engine: engine)
        let instance = try linker.instantiate(component, in: store)
        let greet = try instance.function("greet").typed(as: ((String) -> String).self)
        print(try greet("Dovetail"), terminator: "")
    }

    /// Launches this program again and gives back what it prints.
    private static func launch(_ path: String) throws -> String {
        #if os(Linux)
            let program = "/proc/self/exe"
        #else
            let program = CommandLine.arguments[0]
        #endif
        let answer = program.withCString { program in
            argument.withCString { argument in
                path.withCString { path in
                    let arguments: [UnsafeMutablePointer<CChar>?] = [
                        UnsafeMutablePointer(mutating: program), UnsafeMutablePointer(mutating: argument),
                        UnsafeMutablePointer(mutating: path), nil,
                    ]
                    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer -> String? in
                        guard let base = buffer.baseAddress else { return nil }
                        let count = benchmark_run(program, arguments, base, buffer.count)
                        guard count >= 0 else { return nil }
                        return String(decoding: UnsafeRawBufferPointer(start: base, count: count), as: UTF8.self)
                    }
                }
            }
        }
        guard let answer else { throw BareError("the launched process failed, see its message above") }
        return answer
    }
}
