// SPDX-License-Identifier: Apache-2.0

public import Dovetail
import DovetailABI
public import DovetailWASI

/// A Python interpreter of its own for code that nobody has to trust: it has no files, no network and no environment but what it is
/// granted, a limit on memory and time, and calls the Swift functions that it is given, as Swift calls those that it defines.
///
/// ```swift
/// let python = try PythonImage(engine: try Engine())
/// let sandbox = try PythonSandbox(python)
/// try sandbox.define("price") { (article: String) -> Double in catalogue[article] ?? 0 }
/// try sandbox.run("def total(articles): return sum(price(article) for article in articles)")
/// let total: Double = try sandbox.call("total", ["tea", "milk"])
/// ```
///
/// A sandbox is ready about a millisecond after it was asked for; make one for each task or request. It may move between threads but is
/// used by one at a time.
///
/// Values cross as component-level ones: what `Linker.define` and `TypedFunction` take, these functions do. In Python a `record` is an
/// object whose fields are attributes and keys, an `option` is the value or `None`, an `enum` its name, `flags` a set of names, a `variant`
/// a `Case(name, value)`, a `result` is `Ok(value)` or `Err(value)`; these classes are in the module `dovetail`. Python may also give a
/// dictionary or a dataclass for a record, and a name for a case without a value.
public final class PythonSandbox {
    /// What code in a sandbox may do.
    public struct Configuration: Sendable {
        /// How much it may use: by default 10 seconds for each call, and memory of 256 MiB. Past the time a call ends with a `Trap`, and the
        /// sandbox with it; past the memory Python raises a `MemoryError`.
        public var limits: Store.Configuration
        /// What it gets of the system: by default clocks and random numbers. Standard output and standard error that are left at `.null`
        /// are collected, see ``PythonSandbox/output``.
        public var wasi = WASIConfiguration()
        /// How many bytes of output are collected, of standard output and standard error each. Past them writing raises a `BrokenPipeError`,
        /// from then on.
        public var maximumOutput = 1 << 20
        /// Whether modules of the standard library can be imported that the image has not imported. They are read from the user's
        /// cache, which the sandbox sees as the folder `/python`.
        public var offersStandardLibrary = true
        /// A folder whose modules can be imported; they are read when they are. The sandbox sees it as `/modules`.
        public var moduleFolder: String?

        /// The defaults.
        public init() {
            limits = Store.Configuration()
            limits.timeout = .seconds(10)
            limits.maximumMemory = 256 << 20
        }
    }

    /// What the sandbox lives in.
    public let store: Store
    private let instance: Instance
    private let isAsync: Bool
    private let functions: SandboxFunctions
    private let copyBudget: Int
    private let standardOutput: OutputCollector
    private let standardError: OutputCollector
    private var isRunning = false
    private var sources = 0

    /// Makes a sandbox.
    ///
    /// - Throws: `Trap` or `WASIError` when it cannot be made as configured: folders that do not exist, less memory than it begins with.
    public init(_ image: PythonImage, _ configuration: Configuration = Configuration()) throws {
        standardOutput = OutputCollector(limit: configuration.maximumOutput)
        standardError = OutputCollector(limit: configuration.maximumOutput)
        var wasi = configuration.wasi
        if wasi.standardOutput.isNull { wasi.standardOutput = .collected(standardOutput) }
        if wasi.standardError.isNull { wasi.standardError = .collected(standardError) }
        if configuration.offersStandardLibrary, let library = image.standardLibrary {
            let folder = PythonComponentizer.Folder.standardLibrary
            wasi.preopens.append(Preopen(library, as: folder, permissions: .readOnly))
        }
        if let folder = configuration.moduleFolder {
            wasi.preopens.append(Preopen(folder, as: SandboxProgram.modules, permissions: .readOnly))
        }
        store = try Store(engine: image.engine, configuration: configuration.limits, wasi: wasi)
        copyBudget = configuration.limits.copyBudget
        functions = SandboxFunctions(copyBudget: copyBudget)
        store.data[SandboxFunctions.self] = functions
        isAsync = image.isAsync
        instance = try image.prepared.instantiate(in: store)
    }

    /// What was written to standard output so far, at most ``Configuration/maximumOutput`` bytes.
    public var output: String { standardOutput.text }

    /// What was written to standard error so far, at most ``Configuration/maximumOutput`` bytes.
    public var errorOutput: String { standardError.text }

    /// Hands over what was written to standard output and forgets it, which makes room for more.
    public func takeOutput() -> String { String(decoding: standardOutput.take(), as: UTF8.self) }

    /// Runs statements in the module `__main__`, whose names are kept from one call to the next.
    ///
    /// - Parameters:
    ///   - source: the statements.
    ///   - name: what tracebacks call them; by default `<python 1>` and so on.
    /// - Throws: ``PythonException`` for what is raised, syntax errors included; `Trap` when a limit was reached, after which the sandbox
    ///   cannot be used any more; ``PythonError`` when called by a function that the sandbox calls; `CallError` when another thread is
    ///   inside ``store``.
    public func run(_ source: String, name: String? = nil) throws {
        _ = try perform(.run, .string(source), .string(file(name)))
    }

    /// The value of an expression, as it is by itself: numbers are `s64` (`u64` past it) or `f64`, lists and sets lists, dictionaries maps,
    /// objects with fields records.
    ///
    /// - Throws: as ``run(_:name:)``; ``PythonError`` when the value has no form outside of Python.
    @discardableResult
    public func evaluate(_ expression: String) throws -> Value {
        try value(try perform(.evaluate, .string(expression)), of: "the expression")
    }

    /// The value of an expression, as one of a type.
    ///
    /// - Throws: as ``run(_:name:)``; ``PythonError`` when it is not of this type.
    public func evaluate<Output: ComponentConvertible>(
        _ expression: String, as type: Output.Type = Output.self
    ) throws -> Output {
        try content(try perform(.evaluate, .string(expression)), as: type, of: "the expression")
    }

    /// Calls a function by its name in `__main__`, or of a module: `plugin.start`.
    ///
    /// - Throws: as ``run(_:name:)``; ``PythonError`` when an argument cannot be passed, or the result has no form outside of Python.
    @discardableResult
    public func call(_ function: String, with arguments: [Value]) throws -> Value {
        let bytes = try packed(arguments, of: function)
        return try value(
            try perform(.callFunction, .string(function), .bytes(bytes)), of: "the result of `\(function)`")
    }

    /// Calls a function with arguments of Swift types.
    ///
    /// - Throws: as ``call(_:with:)``.
    @discardableResult
    public func call<each Argument: ComponentConvertible>(
        _ function: String, _ arguments: repeat each Argument
    ) throws -> Value {
        return try call(function, with: try lowered(function, repeat each arguments))
    }

    /// Calls a function with arguments and a result of Swift types.
    ///
    /// - Throws: as ``call(_:with:)``; ``PythonError`` when the result is not of this type.
    public func call<each Argument: ComponentConvertible, Output: ComponentConvertible>(
        _ function: String, _ arguments: repeat each Argument, as type: Output.Type = Output.self
    ) throws -> Output {
        let bytes = try packed(try lowered(function, repeat each arguments), of: function)
        let result = try perform(.callFunction, .string(function), .bytes(bytes))
        return try content(result, as: type, of: "the result of `\(function)`")
    }

    /// Gives a name in `__main__` a value.
    ///
    /// - Throws: ``PythonError`` when it cannot be passed; otherwise as ``run(_:name:)``.
    public func set(_ name: String, to value: Value) throws {
        _ = try perform(.assign, .string(name), .bytes(try bytes(of: value, "`\(name)`")))
    }

    /// Gives a name in `__main__` a value of a Swift type.
    ///
    /// - Throws: ``PythonError`` when it cannot be passed; otherwise as ``run(_:name:)``.
    public func set<Content: ComponentConvertible>(_ name: String, to content: Content) throws {
        try set(name, to: try lowered(content, of: name))
    }

    /// Makes a module, which code in the sandbox can import, and runs its statements.
    ///
    /// - Throws: ``PythonError`` for a name that no module can have; otherwise as ``run(_:name:)``.
    public func addModule(_ name: String, source: String) throws {
        guard PythonProgram.isModuleName(name) else { throw PythonError.badModule(name) }
        _ = try perform(.load, .string(name), .string(source))
    }

    /// Enters a function under a name of `__main__` or another module, which is made where it is missing.
    func add(_ name: String, in module: String?, _ body: @escaping SandboxFunctions.Body) throws {
        try define(name, in: module, number: { functions.add(body) }, isAsync: false)
    }

    /// The same for one that waits.
    func add(_ name: String, in module: String?, async body: @escaping SandboxFunctions.AsyncBody) throws {
        guard isAsync else { throw PythonError.notAsync() }
        try define(name, in: module, number: { functions.add(async: body) }, isAsync: true)
    }

    private func define(_ name: String, in module: String?, number: () -> UInt32, isAsync: Bool) throws {
        for part in [name, module ?? name] where !PythonProgram.isModuleName(part) {
            throw PythonError.badName(part)
        }
        _ = try perform(.define, .string(module ?? ""), .string(name), .u32(number()), .bool(isAsync))
    }

    /// What tracebacks call source.
    func file(_ name: String?) -> String {
        sources += 1
        return name ?? "<python \(sources)>"
    }

    // MARK: - Calls and values

    private func perform(_ call: SandboxCall, _ arguments: Value...) throws -> Value? {
        try begin()
        defer { isRunning = false }
        return try outcome(try instance.function(call.rawValue).call(arguments))
    }

    nonisolated(nonsending) func performAsync(_ call: SandboxCall, _ arguments: Value...) async throws -> Value? {
        guard isAsync else { throw PythonError.notAsync() }
        try begin()
        defer { isRunning = false }
        return try outcome(try await instance.function(call.asyncName).callAsync(arguments))
    }

    private func begin() throws(PythonError) {
        guard !isRunning else { throw .isRunning() }
        isRunning = true
        functions.forgetErrors()
    }

    private func outcome(_ result: Value?) throws -> Value? {
        switch result {
        case .ok(let value)?: return value
        case .error(.tuple(let parts)?)? where parts.count == 4:
            guard case .string(let type) = parts[0], case .string(let message) = parts[1],
                case .string(let traceback) = parts[2], case .u32(let number) = parts[3]
            else { break }
            throw PythonException(
                type: type, message: message, traceback: traceback, cause: functions.error(number))
        default: break
        }
        throw PythonError.badImage(nil)
    }

    private func object(_ result: Value?) throws(ABIError) -> PythonObject {
        guard case .list(.u8(let bytes))? = result else { throw .expected("a value", found: "nothing") }
        return try MarshalReader.object(in: bytes, budget: copyBudget)
    }

    func value(_ result: Value?, of what: String) throws(PythonError) -> Value {
        do throws(ABIError) { return try object(result).value() } catch { throw .cannotTake(what, error) }
    }

    func content<Content: ComponentConvertible>(
        _ result: Value?, as type: Content.Type, of what: String
    ) throws(PythonError) -> Content {
        do throws(ABIError) {
            let layout = try ShapedValue.layout(of: type)
            return try ShapedValue.content(try object(result).value(as: layout), as: type)
        } catch {
            throw .cannotTake(what, error)
        }
    }

    func bytes(of value: Value, _ what: String) throws(PythonError) -> [UInt8] {
        do throws(ABIError) { return try MarshalWriter.bytes(of: value) } catch { throw .cannotPass(what, error) }
    }

    /// The arguments of a function as they cross.
    func packed(_ arguments: [Value], of function: String) throws(PythonError) -> [UInt8] {
        try bytes(of: .tuple(arguments), "the arguments of `\(function)`")
    }

    func lowered<each Argument: ComponentConvertible>(
        _ function: String, _ arguments: repeat each Argument
    ) throws -> [Value] {
        var values: [Value] = []
        repeat values.append(try lowered(each arguments, of: function))
        return values
    }

    private func lowered<Content: ComponentConvertible>(
        _ content: Content, of name: String
    ) throws(PythonError) -> Value {
        do throws(ABIError) {
            return try ShapedValue.value(of: content)
        } catch {
            throw .cannotPass("a value for `\(name)`", error)
        }
    }
}
