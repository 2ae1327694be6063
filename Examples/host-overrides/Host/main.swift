// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailWASI

/// Takes the place of `wasi:cli/environment`: hands on what does not look like a secret. What it does not say, its other
/// functions, is as DovetailWASI does it.
struct FilteredEnvironment: WASI02.Provider, WASI02.Environment.Imports {
    let wasi: WASIContext

    func getEnvironment() throws -> [(String, String)] {
        try WASI02.Host(wasi).getEnvironment().filter { !$0.0.hasSuffix("_TOKEN") }
    }
}

/// A stream of our own for standard output: keeps lines until they are complete. All other functions of streams follow from
/// these four.
final class LineBuffer: WASI02.Streams.OutputStream {
    private(set) var done: [String] = []
    private var open: [UInt8] = []

    func checkWrite() -> UInt64 { 4096 }

    func write(contents: [UInt8]) {
        for byte in contents {
            if byte == UInt8(ascii: "\n") {
                done.append(String(decoding: open, as: UTF8.self))
                open = []
            } else {
                open.append(byte)
            }
        }
    }

    func flush() {}

    func subscribe() -> any WASI02.Poll.Pollable { Pollable { .ready } }
}

/// Takes the place of `wasi:cli/stdout`.
struct BufferedOutput: WASI02.Stdout.Imports {
    let buffer: LineBuffer

    func getStdout() -> any WASI02.Streams.OutputStream { buffer }
}

let engine = try Engine()
let component = try Component(engine: engine, path: "program.wasm")

// All of WASI as DovetailWASI does it, but for two interfaces.
var linker = Linker.wasi(engine: engine)
WASI02.Environment.define(in: &linker) { caller in FilteredEnvironment(wasi: caller.wasi) }

let buffer = HostReference(BufferedOutput(buffer: LineBuffer()))
WASI02.Stdout.define(in: &linker) { _ in buffer.value }

let configuration = WASIConfiguration(environment: [("USER", "ada"), ("API_TOKEN", "s3cret"), ("LANG", "en")])
let store = try Store(engine: engine, wasi: configuration)

try Program(component, in: store, linker: linker).run()
for (number, line) in buffer.value.buffer.done.enumerated() { print("\(number + 1): \(line)") }
