// SPDX-License-Identifier: Apache-2.0

/// A project to begin with.
package struct ProjectTemplate: Sendable {
    /// What the component is for.
    package enum Kind: Sendable {
        /// A program for the command line.
        case command
        /// Functions for others to call.
        case library
        /// A handler of HTTP requests.
        case http
    }

    /// What the component is for.
    package let kind: Kind
    /// The name of the project and of its world.
    package let name: String

    /// A project.
    ///
    /// - Parameter name: words of lower-case letters and digits with hyphens between them, each beginning with a letter.
    /// - Throws: ``ToolchainError`` for another name.
    package init(_ kind: Kind, name: String) throws(ToolchainError) {
        let words = name.split(separator: "-", omittingEmptySubsequences: false)
        let isWIT = words.allSatisfy { word in
            guard let first = word.utf8.first, (0x61...0x7A).contains(first) else { return false }
            return word.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        }
        guard isWIT else { throw .projectName(name) }
        self.kind = kind
        self.name = name
    }

    /// The Swift type of the world, and the target: `HelloWorld`.
    package var type: String {
        name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// The folder for the bindings.
    package var bindingsFolder: String { "Sources/\(type)/Generated" }
    /// The command that builds the component.
    package var build: String { "dovetail componentize --swift . -o \(name).wasm" }
    /// A command that runs it.
    package var run: String {
        switch kind {
        case .command: "dovetail run \(name).wasm"
        case .library: "dovetail run --invoke 'greet(\"Ada\")' \(name).wasm"
        case .http: "dovetail serve \(name).wasm"
        }
    }

    /// The files but for the bindings, with their paths in the project.
    package var files: [(path: String, text: [UInt8])] {
        let texts = [
            ("Package.swift", manifest), ("README.md", readme), (".gitignore", ".build/\n*.wasm\n"),
            ("Sources/\(type)/\(type).swift", code), ("wit/world.wit", world),
        ]
        let interfaces = kind == .library ? [] : GuestFile.all(in: "WIT")
        return texts.map { ($0.0, Array($0.1.utf8)) }
            + interfaces.map { ("wit/deps/" + $0.path.dropFirst("WIT/".count), $0.bytes) }
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

    private var world: String {
        switch kind {
        case .command:
            """
            package local:\(name);

            /// A program that says hello.
            world \(name) {
                import wasi:cli/environment@0.2.12;
                import wasi:cli/stdout@0.2.12;
                export wasi:cli/run@0.2.12;
            }

            """
        case .library:
            """
            package local:\(name);

            /// Functions that say hello.
            world \(name) {
                /// A greeting for somebody.
                export greet: func(name: string) -> string;
            }

            """
        case .http:
            """
            package local:\(name);

            /// A handler that says hello.
            world \(name) {
                import wasi:http/types@0.2.12;
                export wasi:http/incoming-handler@0.2.12;
            }

            """
        }
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
