// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailTestSupport

/// The imports of scripts marked `host-imports`.
enum ScriptHost {
    /// Global `g` of type i32 and value 100, function `f` that returns 101.
    private static let simpleModule: [UInt8] = [
        0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
        // A type: no parameters, an i32.
        0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f,
        // A function of it.
        0x03, 0x02, 0x01, 0x00,
        // A constant global.
        0x06, 0x07, 0x01, 0x7f, 0x00, 0x41, 0xe4, 0x00, 0x0b,
        // Exports `g` and `f`.
        0x07, 0x09, 0x02, 0x01, 0x67, 0x03, 0x00, 0x01, 0x66, 0x00, 0x00,
        // The function's body.
        0x0a, 0x07, 0x01, 0x05, 0x00, 0x41, 0xe5, 0x00, 0x0b,
    ]

    /// Defines all of it.
    static func define(in linker: inout Linker, engine: Engine) throws {
        linker.define("host-echo-u32") { _, arguments in try arguments.argument(0) }
        linker.define("host-return-two") { _, _ in .u32(2) }
        linker.define("return-three", in: "host") { _, _ in .u32(3) }
        linker.define("return-four", in: "host#nested") { _, _ in .u32(4) }
        linker.defineModule("simple-module", in: "host", try Module(engine: engine, bytes: simpleModule))
        linker.define("return-hi", in: "host") { _, _ in .string("hi") }
        linker.define("return-two-slowly", in: "host") { _, _ in
            await Task.yield()
            return .s32(2)
        }
        linker.define("echo-slowly", in: "host") { _, arguments in
            await Task.yield()
            return try arguments.argument(0)
        }
        linker.define("never-return", in: "host") { _, _ in try await never() }
        defineResources(in: &linker)
    }

    /// Defines the imports of all other scripts.
    static func defineControls(in linker: inout Linker) {
        linker.define("set-max-table-capacity", in: "wasmtime") { _, _ in nil }
        linker.define("gc", in: "wasmtime") { _, _ in nil }
    }

    private static func defineResources(in linker: inout Linker) {
        let resources = HostResources()
        let first = ResourceType(name: "resource1")
        let second = ResourceType(name: "resource2")
        for (name, type) in [("resource1", first), ("resource2", second), ("resource1-again", first)] {
            linker.defineResource(name, in: "host", type: type) { _, rep in resources.dropped(type, rep: rep) }
        }
        linker.define("[constructor]resource1", in: "host") { _, arguments in
            .resource(resources.make(first, rep: try arguments.argument(0).number()))
        }
        linker.define("[static]resource1.assert", in: "host") { _, arguments in
            let rep = try arguments.argument(0).handle().rep
            let expected = try arguments.argument(1).number()
            guard rep == expected else { throw CaseFailure("expected representation \(expected), found \(rep)") }
            return nil
        }
        linker.define("[static]resource1.last-drop", in: "host") { _, _ in .u32(resources.last(first)) }
        linker.define("[static]resource1.drops", in: "host") { _, _ in .u32(resources.count(first)) }
        linker.define("[method]resource1.simple", in: "host") { _, arguments in
            let rep = try arguments.argument(0).handle().rep
            let expected = try arguments.argument(1).number()
            guard rep == expected else { throw CaseFailure("expected representation \(expected), found \(rep)") }
            return nil
        }
        for name in ["[method]resource1.take-borrow", "[method]resource1.take-own"] {
            linker.define(name, in: "host") { _, arguments in
                _ = try arguments.argument(0).handle()
                _ = try arguments.argument(1).handle()
                return nil
            }
        }
        linker.define("[method]resource1.never-return", in: "host") { _, _ in try await never() }
    }

    private static func never() async throws -> Value? {
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}
