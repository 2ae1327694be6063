// SPDX-License-Identifier: Apache-2.0

import Dovetail
package import DovetailArguments
import DovetailBinary
import DovetailWASI

/// `dovetail run FILE [ARGS]`
package struct RunCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a command, or call a function of a component.",
        discussion: """
            FILE is a component that exports `wasi:cli/run`, or a core module for WASI preview 1. Words behind it go to the \
            guest untouched. The exit code is the guest's; 134 after a trap.
            """,
        examples: [
            .init("dovetail run hello.wasm one --two", "Run a command with two arguments."),
            .init("dovetail run --dir data::/srv --env MODE=test tool.wasm", "Give it a folder and a variable."),
            .init("dovetail run --invoke 'add(1, 2)' adder.wasm", "Call a function; values are written in WAVE."),
            .init(
                "dovetail run --invoke 'ns:pkg/iface.greet(\"Ada\")' c.wasm", "Say which interface the function is in."),
            .init("dovetail run --timeout 5s --max-memory 64M untrusted.wasm", "Limit it."),
        ])

    @OptionGroup var guest: GuestOptions

    @Option(help: ArgumentHelp("Call a function instead, and print its result.", valueName: "call"))
    var invoke: String?

    @Argument(help: "The file to run.", completion: .file(extensions: ["wasm"]))
    var file: String

    @Argument(parsing: .captureForPassthrough, help: "Arguments for the guest.")
    var args: [String] = []

    package init() {}

    package func run() throws {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        switch try WasmFile.kind(of: file) {
        case .component:
            let runner = ComponentRunner(path: file, arguments: [name] + args, options: guest)
            if let invoke {
                if let result = try runner.invoke(invoke) { print(result) }
            } else {
                throw ExitCode(try runner.runCommand())
            }
        case .coreModule:
            if invoke != nil {
                throw WasmFile.Failure(description: "`--invoke` needs a component, but `\(file)` is a core module")
            }
            throw ExitCode(try runCoreModule(name))
        case let other: throw WasmFile.notWasm(file, other)
        }
    }

    private func runCoreModule(_ name: String) throws -> Int32 {
        let engine = try Engine()
        let bytes = try WasmFile.read(file)
        let module = try withProgress("compiling \(name)") { _ in
            try bytes.withUnsafeBytes { try CoreModule(engine: engine, bytes: $0) }
        }
        var configuration = CoreModuleRunner.Configuration()
        configuration.arguments = [name] + args
        configuration.environment = guest.environment
        configuration.folders = guest.folders.map { ($0.host, $0.guest) }
        configuration.timeout = guest.timeout
        configuration.maximumMemory = guest.maxMemory
        return try trapping { try CoreModuleRunner(module).run(configuration) }
    }
}

/// Runs `body`; a trap of the guest is printed with its backtrace and becomes exit code 134, as of a process that aborts.
func trapping<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as CoreModuleError where error.code == .trap || error.code == .timeout {
        Terminal.write("error: \(error)\n", to: 2)
        throw ExitCode(134)
    } catch let error as WASIError where error.code == .timedOut {
        Terminal.write("error: \(error)\n", to: 2)
        throw ExitCode(134)
    } catch let trap as Trap {
        Terminal.write("error: \(trap)\n", to: 2)
        throw ExitCode(134)
    }
}
