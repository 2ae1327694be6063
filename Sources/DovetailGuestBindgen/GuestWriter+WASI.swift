// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes

/// What the runtime takes from WASI, where the world imports it: where `print` goes, the seed of hashing, and sleep.
extension GuestWriter {
    /// The Swift name of an imported core function, whatever version of the interface the world has.
    private func core(_ interface: String, _ function: String) -> String? {
        for namespace in guest.model.namespaces where namespace.direction == .imported {
            guard let extern = namespace.externName, extern.prefix(while: { $0 != "@" }) == interface else { continue }
            if let name = guest.coreImports["\(extern)#\(function)"] { return name }
        }
        return nil
    }

    /// Whether `print` goes anywhere.
    var prints: Bool { output != nil }

    private var output: (open: String, write: String)? {
        guard let open = core("wasi:cli/stdout", "get-stdout"),
            let write = core("wasi:io/streams", "[method]output-stream.blocking-write-and-flush")
        else { return nil }
        return (open, write)
    }

    /// The functions that the runtime calls.
    func connections() -> [SwiftDeclaration] {
        let root = GuestScope(guest: guest, scope: .world)
        var result: [SwiftDeclaration] = []
        if let output {
            let call = SwiftExpression.type(root.library("StandardOutput")).calling(
                "write",
                [
                    SwiftArgument(.name("bytes")), SwiftArgument(.name("count")), SwiftArgument(.name(output.open)),
                    SwiftArgument(.name(output.write)),
                ])
            let parameters = [
                SwiftParameter(.none, "bytes", root.library("UnsafeRawPointer")),
                SwiftParameter(.none, "count", root.library("Int")),
            ]
            result.append(
                connection("dovetail_write", "Where `print` goes.", parameters, nil, [.expression(call)]))
        }
        if let random = core("wasi:random/random", "get-random-u64") {
            result.append(
                connection(
                    "dovetail_seed", "The seed of hashing.", [], root.library("Int64"),
                    [.return(.call(.name(random), []))]))
        }
        if let wait = core("wasi:clocks/monotonic-clock", "[async-lower]wait-for") {
            result.append(
                connection(
                    "dovetail_sleep_begin", "How a task sleeps.",
                    [SwiftParameter(.none, "nanoseconds", root.library("Int64"))], root.library("Int32"),
                    [.return(.call(.name(wait), [SwiftArgument(.name("nanoseconds"))]))]))
        }
        return result
    }

    private func connection(
        _ symbol: String, _ documentation: String, _ parameters: [SwiftParameter], _ result: SwiftType?,
        _ body: [SwiftStatement]
    ) -> SwiftDeclaration {
        let function = SwiftFunction(
            name: guest.global(guest.names.world, symbol), parameters: parameters, result: result, body: body)
        return SwiftDeclaration(
            .function(function), documentation: [documentation],
            attributes: ["@_cdecl(\(SwiftExpression.string(symbol).text))"])
    }
}
