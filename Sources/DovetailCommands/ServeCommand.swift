// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailSystem

/// `dovetail serve FILE`
package struct ServeCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Answer HTTP requests with a component.",
        discussion: """
            FILE is a component that exports `wasi:http/incoming-handler`, such as one of the world \
            `wasi:http/proxy`: binary, text, or compiled by `dovetail compile`. Each request gets a new instance, \
            unless `--reuse` says otherwise. A guest that traps or exceeds its time or memory fails only its own \
            request, and a line in the log says why.

            SIGTERM and SIGINT shut the server down: it accepts no more connections and finishes the requests in \
            progress. SIGHUP reloads FILE.
            """,
        examples: [
            .init("dovetail serve hello.wasm", "Serve at http://127.0.0.1:8080."),
            .init(
                "dovetail serve --addr 0.0.0.0:80 --metrics-addr 127.0.0.1:9090 app.cwasm",
                "With metrics at a second address."),
            .init("dovetail serve --tls-cert cert.pem --tls-key key.pem app.wasm", "Serve TLS, with HTTP/2."),
            .init("dovetail serve --reuse 1000 --timeout 5s --max-memory 128M app.wasm", "Reuse and limit instances."),
            .init("dovetail serve --allow-outbound api.example.com:443 app.wasm", "Allow requests to one host."),
            .init("dovetail serve --watch app.wasm", "Reload the file whenever it changes."),
        ])

    @OptionGroup var guest: GuestOptions
    @OptionGroup var options: ServeOptions

    @Flag(help: "Serve a file of native code that is not named `….cwasm`; only one that you trust.")
    var allowPrecompiled = false

    @Argument(help: "The component to serve.", completion: .file(extensions: ["wasm", "cwasm", "wat"]))
    var file: String

    package init() {}

    package func run() async throws {
        guard file != "-" else {
            throw ValidationError("expected a file, which can be read again, found standard input")
        }
        let source = ServedFile(path: file, allowsPrecompiled: allowPrecompiled, guest: guest, options: options)
        try await Service(source, options).run()
    }
}
