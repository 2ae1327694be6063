// SPDX-License-Identifier: Apache-2.0

extension ProjectTemplate {
    /// The files of a project in Swift.
    var swiftFiles: [(path: String, text: String)] {
        [
            ("Package.swift", manifest), ("README.md", readme), (".gitignore", ".build/\n*.wasm\n"),
            ("Sources/\(type)/\(type).swift", code),
        ]
    }

    private var manifest: String {
        """
        // swift-tools-version: 6.2
        import PackageDescription

        let package = Package(name: "\(name)", targets: [.executableTarget(name: "\(type)")])

        """
    }

    private var readme: String {
        """
        # \(name)

        A WebAssembly component in Swift. `wit/world.wit` says what it imports and exports, `Sources/\(type)/\(type).swift` does it.

        Build and run it:

        ```sh
        \(build)
        \(run)
        ```

        The first command brings `\(bindingsFolder)` up to date when the world has changed. `swift build --swift-sdk dovetail-guest`
        builds the package, too, once `dovetail sdk install` was run; `dovetail componentize -d wit` makes a component of what it
        writes.

        """
    }

    private var code: String {
        switch kind {
        case .command:
            """
            import DovetailGuest

            extension \(type).Run: \(type).Run.Exports {
                static func run() throws(Empty) {
                    let names = Program.arguments.dropFirst()
                    if names.isEmpty { print("Hello, world!") }
                    for name in names { print("Hello, \\(name)!") }
                }
            }

            """
        case .library:
            """
            import DovetailGuest

            extension \(type): \(type).Exports {
                static func greet(name: String) -> String { "Hello, \\(name)!" }
            }

            """
        case .http:
            """
            import DovetailGuest

            extension \(type).IncomingHandler: \(type).IncomingHandler.Exports {
                static func handle(request: \(type).Types.IncomingRequest, responseOut: \(type).Types.ResponseOutparam) {
                    HTTP.respond(request, responseOut) { request in
                        HTTPResponse("Hello from \\(request.path)\\n")
                    }
                }
            }

            """
        }
    }
}
