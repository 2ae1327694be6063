// SPDX-License-Identifier: Apache-2.0

import DovetailArguments

/// A command tree with every kind of declaration, as a tool would have it.
struct Joiner: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "joiner", abstract: "Join things.", version: "1.2.3",
        subcommands: [Run.self, Show.self, Paint.self, Later.self, Strict.self])
}

extension Joiner {
    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a file.", discussion: "The guest's exit code is the exit code.",
            examples: [
                .init("joiner run --dir . hello.wasm one two", "Run with two arguments and the current folder."),
                .init("joiner run --timeout 5 loop.wasm"),
            ])

        @Option(
            name: [.customLong("dir"), .customShort("d")], help: "Let the guest see a folder.", completion: .directory)
        var folders: [String] = []
        @Option(name: .customLong("env"), help: "Set a variable.") var environment: [String] = []
        @Flag(help: "Hand on all variables.") var inheritEnv = false
        @Option(help: ArgumentHelp("Stop after so long.", valueName: "seconds")) var timeout: Int?
        @Argument(help: "The file to run.", completion: .file(extensions: ["wasm"])) var file: String
        @Argument(parsing: .captureForPassthrough, help: "Words for the guest.") var arguments: [String] = []
    }

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text
        case json
        case yaml
    }

    struct Common: ParsableArguments {
        @Flag(name: .shortAndLong, help: "Say more.") var verbose: Int
        @Option(help: "How wide.") var width: UInt8 = 80
        func validate() throws {
            if width == 13 { throw ValidationError("width 13 is unlucky") }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a file.", aliases: ["display"])
        @OptionGroup var common: Common
        @Option(name: .shortAndLong, help: "The form of the result.") var format: Format = .text
        @Option(parsing: .upToNextOption, help: "Only these.") var only: [Int] = []
        @Argument var files: [String]
    }

    enum Colour: String, EnumerableFlag {
        case red
        case green
        static func name(for value: Self) -> NameSpecification { value == .red ? .shortAndLong : .long }
    }

    struct Hex: Equatable {
        let value: Int
    }

    struct Paint: ParsableCommand {
        @Flag(inversion: .prefixedNo, help: "Let it shine.") var gloss = true
        @Flag(inversion: .prefixedEnableDisable) var coat: Bool?
        @Flag var colour: Colour = .green
        @Flag(name: .shortAndLong) var all = false
        @Option(
            name: .shortAndLong,
            transform: { text in
                guard let value = Int(text, radix: 16) else { throw ValidationError("not hexadecimal") }
                return Hex(value: value)
            }) var tint = Hex(value: 1)
        @Option var offset: Double = 0
        @Argument var thing: Int?
    }

    struct Later: AsyncParsableCommand {
        @Option var code: Int32 = 0
        func run() async throws {
            await Task.yield()
            throw ExitCode(code)
        }
    }

    struct Strict: ParsableCommand {
        @Flag var colour: Colour
        @Option var name: String
        @Argument(parsing: .allUnrecognized) var rest: [String] = []
    }
}
