// SPDX-License-Identifier: Apache-2.0

import Dovetail
package import DovetailArguments
import DovetailBinary
import DovetailCoreRunner
import DovetailSystem
import DovetailWASI

/// `dovetail run FILE [ARGS]`
package struct RunCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a command, or call a function of a component.",
        discussion: """
            FILE is a component that exports `wasi:cli/run`, or a core module for WASI preview 1: binary, text \
            (`.wat`), or compiled by `dovetail compile` (`.cwasm`; it runs as native code, so use it only if you \
            trust whoever compiled it). Arguments after FILE are passed to the guest unchanged. The exit code is the \
            guest's, or 134 after a trap.
            """,
        examples: [
            .init("dovetail run hello.wasm one --two", "Run a command with two arguments."),
            .init("dovetail run --dir data::/srv --env MODE=test tool.wasm", "Grant a folder and a variable."),
            .init("dovetail run --invoke 'add(1, 2)' adder.wasm", "Call a function; values are written in WAVE."),
            .init(
                "dovetail run --invoke 'ns:pkg/iface.greet(\"Ada\")' c.wasm", "Say which interface the function is in."),
            .init("cat hello.wat | dovetail run -", "Run what a pipe delivers, here text."),
            .init("dovetail run --timeout 5s --max-memory 64M untrusted.wasm", "Limit time and memory."),
        ])

    @OptionGroup var guest: GuestOptions

    @Option(help: ArgumentHelp("Call a function instead, and print its result.", valueName: "call"))
    var invoke: String?

    @Flag(help: "Run a file of native code that is not named `….cwasm`; only one that you trust.")
    var allowPrecompiled = false

    @Argument(
        help: "The file to run; `-` is standard input.", completion: .file(extensions: ["wasm", "cwasm", "wat"]))
    var file: String

    @Argument(parsing: .captureForPassthrough, help: "Arguments for the guest.")
    var args: [String] = []

    package init() {}

    package func run() throws {
        var input = try WasmFile(file)
        try input.checkTrust(file, allowPrecompiled)
        if !input.isPrecompiled { input = try input.binary() }
        let name = file.split(separator: "/").last.map(String.init) ?? file
        switch try input.runnableKind() {
        case .component:
            let runner = ComponentRunner(file: input, arguments: [name] + args, options: guest)
            if let invoke {
                if let result = try runner.invoke(invoke) { try StandardOutput.line(result) }
            } else {
                throw ExitCode(try runner.runCommand())
            }
        case .coreModule:
            if invoke != nil {
                throw WasmFile.Failure(
                    description: "`--invoke` needs a component, but `\(input.name)` is a core module")
            }
            throw ExitCode(try runCoreModule(input, name))
        default: throw input.notWasm()
        }
    }

    private func runCoreModule(_ input: WasmFile, _ name: String) throws -> Int32 {
        let engine = try guest.engine(for: input.contents)
        let module = try withProgress("compiling \(input.name)") { _ in
            try input.isPrecompiled
                ? CoreModule.deserialize(engine: engine, contents: input.contents, name: input.name)
                : input.contents.withBytes { try CoreModule(engine: engine, bytes: $0, name: input.name) }
        }
        engine.warnOfCache()
        var configuration = CoreModuleRunner.Configuration()
        configuration.arguments = [name] + args
        configuration.environment = try guest.environment()
        configuration.folders = guest.folders.map { ($0.host, $0.guest) }
        configuration.limits = guest.limits
        return try runningGuest { try CoreModuleRunner(module).run(configuration) }
    }
}

/// Runs `body`, in which a guest runs: an error that ends the guest is printed with its backtrace, and the exit code is 134, as of a
/// process that aborts. It does not matter who raised it: the guest, a host function, or a limit.
///
/// - Throws: an ``ExitCode``, the guest's own where it ended itself; or why the guest could not be started.
func runningGuest<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let exit as WASIExit {
        throw ExitCode(Int32(exit.code))
    } catch let error as CoreModuleError where error.code == .configuration || error.code == .missingImports {
        throw error
    } catch let error
        where error is LinkError || error is ComponentError || error is EngineError
        || error is CallError
    {
        throw error
    } catch {
        // What the guest says itself, it has written to standard error already.
        StandardError.error((error as? Trap)?.with(guestMessage: nil) ?? error)
        if let option = GuestLimit.option(thatLifts: error) { StandardError.line("note: `\(option)` lifts this limit") }
        throw ExitCode(134)
    }
}
