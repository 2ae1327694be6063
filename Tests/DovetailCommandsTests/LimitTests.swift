// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

/// Every limit that a guest can run into names the option that lifts it, and the option does.
@Suite(.enabled(if: Tool.path != nil, "the tool was not built beside the tests"))
struct LimitTests {
    private static let echo = TestFiles.fixture("echo.wasm")
    private static let faults = TestFiles.fixture("faults.wasm")

    /// A core module as a program for preview 1.
    private func program(_ text: String, _ options: [String] = []) async throws -> BuiltProduct.Outcome {
        try await Tool.shell("\"$tool\" run \"$@\" -", options, input: "(module \(text))")
    }

    /// A component with one function, `f`, whose core module is `text`.
    private func component(_ text: String, _ options: [String] = []) async throws -> BuiltProduct.Outcome {
        let component = """
            (component (core module $m \(text)) (core instance $i (instantiate $m))
              (func (export "f") (canon lift (core func $i "f"))))
            """
        return try await Tool.shell("\"$tool\" run \"$@\" --invoke 'f()' -", options, input: component)
    }

    @Test("a limit on copies names its option") func copies() async throws {
        let call = "u8s([\((0..<2000).map { "\($0 % 256)" }.joined(separator: ", "))])"
        let refused = try await Tool.run(["run", "--hostcall-fuel", "1000", "--invoke", call, Self.echo])
        #expect(refused.code == 134 && refused.output.isEmpty, "\(refused)")
        #expect(refused.errors.hasSuffix("note: `--hostcall-fuel` lifts this limit\n"), "\(refused.errors)")
        #expect(try await Tool.run(["run", "--hostcall-fuel", "1M", "--invoke", call, Self.echo]).code == 0)
    }

    @Test("a limit on memory names its option") func memory() async throws {
        for outcome in [
            try await component("(memory 100) (func (export \"f\"))", ["--max-memory", "1M"]),
            try await program("(memory 100) (func (export \"_start\"))", ["--max-memory", "1M"]),
        ] {
            #expect(outcome.code == 134, "\(outcome)")
            #expect(outcome.errors.hasSuffix("note: `--max-memory` lifts this limit\n"), "\(outcome.errors)")
        }
        #expect(try await component("(memory 100) (func (export \"f\"))", ["--max-memory", "10M"]).code == 0)
    }

    @Test("a limit of time ends code that is not interrupted without one") func time() async throws {
        let loop = "(module (func (export \"_start\") (loop (br 0))))"
        let ended = try await Tool.shell("\"$tool\" run --timeout 50ms -", input: loop)
        #expect(ended.code == 134 && ended.errors.contains("ran for longer than 0.05 seconds"), "\(ended)")
        // What was compiled for a limit runs without one as well.
        let script =
            "\"$tool\" compile -o \"$1/p.cwasm\" - && \"$tool\" run \"$1/p.cwasm\" && \"$tool\" run --timeout 9s \"$1/p.cwasm\""
        let program = "(module (func (export \"_start\")))"
        let both = try await Tool.withFolder { try await Tool.shell(script, [$0], input: program) }
        #expect(both.code == 0, "\(both)")
    }

    @Test("a limit on tables names its option") func tables() async throws {
        let text = "(table 1000 funcref) (func (export \"f\") (export \"_start\"))"
        for outcome in [
            try await component(text, ["--max-table-elements", "10"]),
            try await program(text, ["--max-table-elements", "10"]),
        ] {
            #expect(outcome.code == 134, "\(outcome)")
            #expect(outcome.errors.hasSuffix("note: `--max-table-elements` lifts this limit\n"), "\(outcome.errors)")
        }
        #expect(try await component(text, ["--max-table-elements", "1000"]).code == 0)
        let large = "(table 20000000 funcref) (func (export \"f\"))"
        #expect(try await component(large).errors.hasSuffix("note: `--max-table-elements` lifts this limit\n"))
        #expect(try await component(large, ["--max-table-elements", "20000000"]).code == 0)
    }

    @Test("a limit on instances names its option") func instances() async throws {
        let outcome = try await Tool.run(["run", "--max-instances", "0", "--invoke", "divide(1, 1)", Self.faults])
        #expect(outcome.code == 134, "\(outcome)")
        #expect(outcome.errors.hasSuffix("note: `--max-instances` lifts this limit\n"), "\(outcome.errors)")
        #expect(try await Tool.run(["run", "--max-instances", "9", "--invoke", "divide(1, 1)", Self.faults]).code == 0)
    }

    @Test("a limit on the stack names its option") func stack() async throws {
        // 10 000 calls deep, each with a few values on the stack.
        let text = """
            (func $down (param i32 i64 i64) (result i64)
              (if (result i64) (local.get 0)
                (then (i64.add (local.get 1) (call $down (i32.sub (local.get 0) (i32.const 1)) (local.get 2) (local.get 1))))
                (else (local.get 2))))
            (func (export "f") (export "_start")
              (drop (call $down (i32.const 10000) (i64.const 1) (i64.const 2))))
            """
        for outcome in [
            try await component(text, ["--max-wasm-stack", "16k"]),
            try await program(text, ["--max-wasm-stack", "16k"]),
        ] {
            #expect(outcome.code == 134, "\(outcome)")
            #expect(outcome.errors.hasSuffix("note: `--max-wasm-stack` lifts this limit\n"), "\(outcome.errors)")
        }
        #expect(try await component(text, ["--max-wasm-stack", "4M"]).code == 0)
        #expect(try await program(text, ["--max-wasm-stack", "4M"]).code == 0)
    }

    @Test("a limit on handles names its option") func handles() async throws {
        let text = """
            (component
              (type $r (resource (rep i32)))
              (core func $new (canon resource.new $r))
              (core module $m (import "" "new" (func $new (param i32) (result i32)))
                (func (export "f") (local i32)
                  (loop (drop (call $new (i32.const 1)))
                    (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 100))))))
              (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
              (func (export "f") (canon lift (core func $i "f"))))
            """
        let script = "\"$tool\" run --max-resources \"$1\" --invoke 'f()' -"
        let refused = try await Tool.shell(script, ["50"], input: text)
        #expect(refused.code == 134, "\(refused)")
        #expect(refused.errors.hasSuffix("note: `--max-resources` lifts this limit\n"), "\(refused.errors)")
        #expect(try await Tool.shell(script, ["200"], input: text).code == 0)
    }

    @Test("a limit on random bytes names its option") func randomBytes() async throws {
        let text = """
            (component
              (import "wasi:random/random@0.2.0" (instance $random
                (export "get-random-bytes" (func (param "len" u64) (result (list u8))))))
              (core module $libc (memory (export "memory") 2)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024))
              (core instance $libc (instantiate $libc))
              (core func $get (canon lower (func $random "get-random-bytes")
                (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
              (core module $m (import "" "get" (func $get (param i64 i32)))
                (func (export "f") (call $get (i64.const 2000) (i32.const 0))))
              (core instance $i (instantiate $m (with "" (instance (export "get" (func $get))))))
              (func (export "f") (canon lift (core func $i "f"))))
            """
        let script = "\"$tool\" run --max-random-size \"$1\" --invoke 'f()' -"
        let refused = try await Tool.shell(script, ["1k"], input: text)
        #expect(refused.code == 134, "\(refused)")
        #expect(refused.errors.hasSuffix("note: `--max-random-size` lifts this limit\n"), "\(refused.errors)")
        #expect(try await Tool.shell(script, ["1M"], input: text).code == 0)
    }

    @Test(
        "wrong numbers are wrong usage",
        arguments: [
            ["--max-wasm-stack", "1k"], ["--max-wasm-stack", "5M"], ["--max-instances=-1"],
            ["--max-resources", "many"],
            ["--hostcall-fuel", "-"],
        ])
    func wrongNumbersAreWrongUsage(options: [String]) async throws {
        #expect(try await Tool.run(["run"] + options + [Self.echo]).code == 2)
    }

    @Test("whoever ends the guest the code is that of a trap") func whoeverEndsTheGuestTheCodeIsThatOfATrap()
        async throws
    {
        for text in [
            "(func (export \"_start\") unreachable)", "(func $s unreachable) (start $s)",
            "(memory 1) (data (i32.const 65536) \"x\") (func (export \"_start\"))",
            "(func (export \"_start\") (loop (br 0)))",
        ] {
            let outcome = try await program(text, ["--timeout", "100ms"])
            #expect(outcome.code == 134 && outcome.errors.hasPrefix("error: "), "\(text): \(outcome)")
        }
        for text in [
            "(func (export \"f\") unreachable)", "(func (export \"f\")) (func $s unreachable) (start $s)",
            "(memory 1) (data (i32.const 65536) \"x\") (func (export \"f\"))",
            "(func (export \"f\") (loop (br 0)))", "(func (export \"f\")) (func $s (loop (br 0))) (start $s)",
        ] {
            let outcome = try await component(text, ["--timeout", "100ms"])
            #expect(outcome.code == 134 && outcome.errors.hasPrefix("error: "), "\(text): \(outcome)")
        }
    }
}
