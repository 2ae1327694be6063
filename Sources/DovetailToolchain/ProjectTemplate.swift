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

    /// What it is written in.
    package enum Language: Sendable {
        case swift, python
    }

    /// What the component is for.
    package let kind: Kind
    /// What it is written in.
    package let language: Language
    /// The name of the project and of its world.
    package let name: String

    /// A project.
    ///
    /// - Parameter name: words of lower-case letters and digits with hyphens between them, each beginning with a letter.
    /// - Throws: ``ToolchainError`` for another name.
    package init(_ kind: Kind, in language: Language = .swift, name: String) throws(ToolchainError) {
        let words = name.split(separator: "-", omittingEmptySubsequences: false)
        let isWIT = words.allSatisfy { word in
            guard let first = word.utf8.first, (0x61...0x7A).contains(first) else { return false }
            return word.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        }
        guard isWIT else { throw .projectName(name) }
        self.kind = kind
        self.language = language
        self.name = name
    }

    /// The Swift type of the world, and the target: `HelloWorld`.
    package var type: String {
        name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// The folder for the bindings.
    package var bindingsFolder: String { language == .swift ? "Sources/\(type)/Generated" : "bindings" }
    /// The command that builds the component.
    package var build: String {
        switch language {
        case .swift: "dovetail componentize --swift . -o \(name).wasm"
        case .python: "dovetail componentize --python app -o \(name).wasm"
        }
    }

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
        let own = language == .swift ? swiftFiles : pythonFiles
        let interfaces = kind == .library ? [] : GuestFile.all(in: "WIT")
        return (own + [("wit/world.wit", world)]).map { ($0.0, Array($0.1.utf8)) }
            + interfaces.map { ("wit/deps/" + $0.path.dropFirst("WIT/".count), $0.bytes) }
    }

    private var world: String {
        switch kind {
        case .command:
            """
            package local:\(name);

            /// A program that says hello.
            world \(name) {
                \(commandImports)export wasi:cli/run@0.2.12;
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

    /// What a program in Swift prints and reads its arguments with; Python brings that along.
    private var commandImports: String {
        guard language == .swift else { return "" }
        return ["environment", "stdout"].map { "import wasi:cli/\($0)@0.2.12;\n    " }.joined()
    }
}
