// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailSystem

/// `dovetail serve FILE`
package struct ServeCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Answer HTTP requests with a component.",
        discussion: """
            FILE is a component that exports `wasi:http/incoming-handler`, as those of the world `wasi:http/proxy` do: binary, text, or \
            compiled by `dovetail compile`. Each request is answered by an instance of its own, unless `--reuse` says otherwise. \
            A guest that traps, takes too long or too much memory hurts its own request only, and a line of the log tells why.

            SIGTERM and SIGINT end it: no new connections, and what is under way is finished. SIGHUP reads FILE again.
            """,
        examples: [
            .init("dovetail serve hello.wasm", "Answer at http://127.0.0.1:8080."),
            .init("dovetail serve --addr 0.0.0.0:80 --metrics-addr 127.0.0.1:9090 app.cwasm", "With metrics beside."),
            .init("dovetail serve --tls-cert cert.pem --tls-key key.pem app.wasm", "Speak TLS, and HTTP/2 with it."),
            .init("dovetail serve --reuse 1000 --timeout 5s --max-memory 128M app.wasm", "Reuse and limit instances."),
            .init("dovetail serve --allow-outbound api.example.com:443 app.wasm", "Let it send requests to one host."),
            .init("dovetail serve --watch app.wasm", "Read the file again whenever it changes."),
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
