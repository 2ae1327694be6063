// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailArguments
import DovetailSystem

/// What a guest is given and how far it may go; the same for every command that runs one.
struct GuestOptions: ParsableArguments {
    @Option(
        name: .customLong("dir"),
        help: ArgumentHelp("Grant access to a folder, under another name if given.", valueName: "host[::guest]"),
        completion: .directory, transform: Folder.init(argument:))
    var folders: [Folder] = []

    @Option(
        name: .customLong("env"),
        help: ArgumentHelp("Set a variable; without a value, pass this process's on.", valueName: "name[=value]"))
    var variables: [String] = []

    @Flag(help: "Pass all variables of this process on.")
    var inheritEnv = false

    @OptionGroup var network: NetworkOptions

    @Option(
        help: ArgumentHelp("Stop the guest after this time: `5s`, `500ms`, `2m`.", valueName: "time"),
        transform: parseDuration)
    var timeout: Duration?

    @Option(
        help: ArgumentHelp("The most memory the guest may have: `64M`, `1GiB`, bytes.", valueName: "bytes"),
        transform: parseByteCount)
    var maxMemory: Int?

    @Option(help: ArgumentHelp("The most elements that a table may have (10000000).", valueName: "number"))
    var maxTableElements: Int?

    @Option(help: ArgumentHelp("The most core instances (10000).", valueName: "number"))
    var maxInstances: Int?

    @Option(
        help: ArgumentHelp(
            "The most handles, tasks and threads of a component instance (1000000).", valueName: "number"))
    var maxResources: Int?

    @Option(help: ArgumentHelp("The most calls that may wait at once, each with a stack (10000).", valueName: "number"))
    var maxStacks: Int?

    @Option(
        help: ArgumentHelp(
            "The most bytes that one call may make the host copy, in the host's representation (128M).",
            valueName: "bytes"
        ),
        transform: parseByteCount)
    var hostcallFuel: Int?

    @Option(
        help: ArgumentHelp("The most random bytes of one request (64M).", valueName: "bytes"), transform: parseByteCount
    )
    var maxRandomSize: Int?

    @Option(
        help: ArgumentHelp("The bytes of stack that code of the guest may use (512k; 4M at most).", valueName: "bytes"),
        transform: parseByteCount)
    var maxWasmStack: Int?

    init() {}

    func validate() throws {
        let numbers = [
            ("--max-table-elements", maxTableElements), ("--max-instances", maxInstances),
            ("--max-resources", maxResources), ("--max-stacks", maxStacks),
        ]
        for (name, number) in numbers {
            if let number, number < 0 { throw ValidationError("expected a number for `\(name)`, found \(number)") }
        }
        if let maxWasmStack, maxWasmStack < 1 << 12 || maxWasmStack > 4 << 20 {
            throw ValidationError("expected `--max-wasm-stack` to be between 4k and 4M")
        }
    }

    /// An engine for the guest, with what `change` adds.
    func engine(
        _ allocation: Engine.Configuration.Allocation = .onDemand,
        _ change: (inout Engine.Configuration) -> Void = { _ in }
    ) throws -> Engine {
        var configuration = Engine.Configuration()
        configuration.allocation = allocation
        change(&configuration)
        if let maxWasmStack {
            configuration.fiberStack += max(0, maxWasmStack - configuration.maximumWasmStack)
            configuration.maximumWasmStack = maxWasmStack
        }
        return try Engine(configuration)
    }

    /// An engine for a guest in a file that is run by itself: without a limit of time its code is compiled so that it cannot be
    /// interrupted, which makes loops over numbers up to twice as fast.
    func engine(for file: FileContents) throws -> Engine {
        let compiled = PrecompiledFile(file)
        return try engine(compiled?.allocation ?? .onDemand) {
            $0.interruptible = compiled?.isInterruptible ?? (timeout != nil)
        }
    }

    /// How far the guest may go.
    var limits: Store.Configuration {
        var limits = Store.Configuration()
        limits.timeout = timeout
        limits.maximumMemory = maxMemory
        if let maxTableElements { limits.maximumTableElements = maxTableElements }
        if let maxInstances { limits.maximumInstances = maxInstances }
        if let maxResources { limits.maximumHandles = maxResources }
        if let maxStacks { limits.maximumStacks = maxStacks }
        if let hostcallFuel { limits.copyBudget = hostcallFuel }
        return limits
    }

    /// The guest's environment: inherited variables first, each name once, the last one given counting.
    /// - Throws: ``ValidationError`` for a variable of this process that is not UTF-8.
    func environment() throws -> [(name: String, value: String)] {
        var result: [(name: String, value: String)] = []
        func set(_ name: String, _ value: String) {
            result.removeAll { $0.name == name }
            result.append((name, value))
        }
        if inheritEnv {
            for variable in try processEnvironment() { set(variable.name, variable.value) }
        }
        for text in variables {
            let (name, value) = split(text)
            if let value {
                set(name, value)
            } else if let value = try variable(name) {
                set(name, value)
            }
        }
        return result
    }
}

/// A folder of the host and its name in the guest.
struct Folder: Sendable {
    var host: String
    var guest: String

    /// Reads `HOST::GUEST` or `HOST`.
    @Sendable init(argument: String) throws {
        if let separator = argument.firstRange(of: "::") {
            host = String(argument[..<separator.lowerBound])
            guest = String(argument[separator.upperBound...])
        } else {
            host = argument
            guest = argument
        }
        if host.isEmpty || guest.isEmpty { throw ValidationError("expected HOST or HOST::GUEST") }
    }
}

/// `NAME=VALUE` as its parts.
private func split(_ text: String) -> (name: String, value: String?) {
    guard let equals = text.firstIndex(of: "=") else { return (text, nil) }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
}

/// A variable of this process.
private func variable(_ name: String) throws -> String? {
    guard let entry = ThisProcess.rawEnvironment.first(where: { $0.starts(with: "\(name)=".utf8) }) else { return nil }
    return try split(text(of: entry)).value
}

private func processEnvironment() throws -> [(name: String, value: String)] {
    try ThisProcess.rawEnvironment.compactMap { entry in
        let (name, value) = split(try text(of: entry))
        return value.map { (name, $0) }
    }
}

private func text(of entry: [UInt8]) throws -> String {
    if let text = String(validating: entry, as: UTF8.self) { return text }
    throw ValidationError(
        "the environment holds a variable that is not UTF-8: `\(String(decoding: entry, as: UTF8.self))`")
}

/// Reads `5s`, `500ms`, `2m`, `1h`, `250us`; a bare number is seconds.
@Sendable func parseDuration(_ text: String) throws -> Duration {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = text[number.endIndex...]
    let factors: [Substring: Double] = ["": 1, "s": 1, "ms": 1e-3, "us": 1e-6, "m": 60, "min": 60, "h": 3600]
    guard let value = Double(number), let factor = factors[unit], value.isFinite, value * factor < 1e12 else {
        throw ValidationError("expected a time such as `5s`, `500ms` or `2m`")
    }
    return .nanoseconds(Int64(value * factor * 1e6) * 1000)
}

/// Reads `64M`, `1GiB`, `512k` or a number of bytes; `K`, `M` and `G` are powers of 1024 with and without `iB`, of 1000 with `B`.
@Sendable func parseByteCount(_ text: String) throws -> Int {
    let number = text.prefix { $0.isASCII && $0.isNumber }
    let unit = text[number.endIndex...].lowercased()
    let factors = [
        "": 1, "b": 1, "k": 1 << 10, "kib": 1 << 10, "kb": 1000, "m": 1 << 20, "mib": 1 << 20, "mb": 1_000_000,
        "g": 1 << 30, "gib": 1 << 30, "gb": 1_000_000_000,
    ]
    guard let value = Int(number), let factor = factors[unit] else {
        throw ValidationError("expected a number of bytes such as `64M` or `1GiB`")
    }
    let (bytes, overflow) = value.multipliedReportingOverflow(by: factor)
    if overflow { throw ValidationError("the number is too large") }
    return bytes
}
