// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailWASI
import Synchronization

/// Takes the place of `wasi:cli/environment`: hands on what does not look like a secret. What it does not say, its other
/// functions, is as DovetailWASI does it.
struct FilteredEnvironment: WASI02.Provider, WASI02.Environment.Imports {
    let wasi: WASIContext

    func getEnvironment() throws -> [Tuple2<String, String>] {
        try WASI02.Host(wasi).getEnvironment().filter { !$0.v0.hasSuffix("_TOKEN") }
    }
}

/// A stream of our own for standard output: keeps lines until they are complete.
final class LineBuffer: HostOutputStream, Sendable {
    private let lines = Mutex<(done: [String], open: [UInt8])>(([], []))

    var done: [String] { lines.withLock { $0.done } }

    var readiness: Readiness { .ready }

    func checkWrite() throws(StreamError) -> Int { 4096 }

    func write(_ bytes: [UInt8]) throws(StreamError) {
        lines.withLock { lines in
            for byte in bytes {
                if byte == UInt8(ascii: "\n") {
                    lines.done.append(String(decoding: lines.open, as: UTF8.self))
                    lines.open = []
                } else {
                    lines.open.append(byte)
                }
            }
        }
    }
}

let engine = try Engine()
let component = try Component(engine: engine, path: "program.wasm")

// All of WASI as DovetailWASI does it, but for one interface.
var linker = Linker.wasi(engine: engine)
WASI02.Environment.define(in: &linker) { caller in FilteredEnvironment(wasi: try caller.wasi) }

let buffer = LineBuffer()
var configuration = WASIConfiguration(environment: [("USER", "ada"), ("API_TOKEN", "s3cret"), ("LANG", "en")])
configuration.standardOutput = .stream(buffer)
let store = Store(engine: engine)
try store.grantWASI(configuration)

try Program(component, in: store, linker: linker).run()
for (number, line) in buffer.done.enumerated() { print("\(number + 1): \(line)") }
