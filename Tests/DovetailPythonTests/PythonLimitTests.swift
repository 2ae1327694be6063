// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import Testing

/// Components in Python that want more than their host grants them.
@Suite(.serialized, .enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonLimitTests {
    private static let component = Result {
        try AppBuild(
            files: [
                "app.py": """
                import wit_world
                kept = []
                class WitWorld(wit_world.WitWorld):
                    def run(self, code):
                        mine = []
                        exec(code)
                        return str(len(kept))
                """
            ], wit: "package a:b; world w { export run: func(code: string) -> string; }"
        ).build().component
    }

    /// The trap that code ends in, what it has written to standard error, and the trap of a call after it.
    private func outcome(
        _ code: String, _ change: (inout Store.Configuration) -> Void
    ) throws -> (trap: Trap?, errors: String, next: Trap?) {
        var limits = Store.Configuration()
        change(&limits)
        let errors = OutputCollector()
        let instance = try AppBuild.instance(
            of: try Self.component.get(), WASIConfiguration(standardError: .collected(errors)), limits: limits
        ) { _, _ in }
        let run = try instance.function("run")
        let trap = #expect(throws: Trap.self) { try run.call([.string(code)]) }
        return (trap, errors.text, #expect(throws: Trap.self) { try run.call([.string("")]) })
    }

    @Test(arguments: [
        ("while True: mine.append(bytes(1 << 20))", "MemoryError\n"),
        ("while True: kept.append(object())", "MemoryError\n"),
        ("kept.append(bytearray(1 << 30))", "MemoryError\n"),
        ("class Full(MemoryError): pass\nraise Full('no place')", "Full: no place\n"),
    ])
    func `where memory runs out the trap has the traceback of a MemoryError`(_ code: String, _ last: String) throws {
        let (trap, errors, next) = try outcome(code) { $0.maximumMemory = 64 << 20 }
        #expect(trap?.code == .unreachable)
        #expect(errors.hasPrefix("Traceback (most recent call last):\n") && errors.hasSuffix(last), "\(errors)")
        #expect(errors.contains("File \"/app/1/app.py\", line 6, in run\n"), "\(errors)")
        #expect(trap?.guestMessage == errors)
        #expect(next?.code == .cannotEnter)
    }

    @Test func `memory that was too much for a call is there for the next where the app catches that`() throws {
        var limits = Store.Configuration()
        limits.maximumMemory = 64 << 20
        let instance = try AppBuild.instance(of: try Self.component.get(), limits: limits) { _, _ in }
        let code = """
            try:
                while True: mine.append(bytes(1 << 20))
            except MemoryError:
                kept.append(len(mine))
                mine.clear()
            """
        for count in 1...3 {
            #expect(try instance.function("run").call([.string(code)]) == .string("\(count)"))
        }
    }

    @Test(arguments: ["while True: pass", "import time\ntime.sleep(60)", "kept = 9 ** 9 ** 9"])
    func `a call that does not end traps when its time is up`(_ code: String) throws {
        let (trap, errors, next) = try outcome(code) { $0.timeout = .milliseconds(200) }
        #expect(trap?.code == .timeout)
        #expect(trap?.message.hasPrefix("interrupted: the time limit was reached") == true)
        #expect(errors.isEmpty)
        #expect(next?.code == .cannotEnter)
    }
}
