// SPDX-License-Identifier: Apache-2.0

public import Dovetail
import DovetailABI

/// Calls that wait: Python awaits async functions of Swift, and Swift those of Python, in sandboxes of an image that was made with `isAsync`.
///
/// ```swift
/// let python = try PythonImage(engine: try Engine(), isAsync: true)
/// let sandbox = try PythonSandbox(python)
/// try sandbox.define("fetch") { (name: String) async throws -> String in try await download(name) }
/// try await sandbox.runAsync("import asyncio")
/// let pages: [String] = try await sandbox.evaluateAsync("await asyncio.gather(fetch('a'), fetch('b'))")
/// ```
///
/// No thread is held while Python waits. A call that is cancelled raises `asyncio.CancelledError` in what it waits for. The sandbox is used
/// by one call at a time.
extension PythonSandbox {
    /// Runs statements as ``run(_:name:)`` does; they may `await` outside of functions.
    ///
    /// - Throws: as ``run(_:name:)``; `CancellationError` when the task was cancelled; ``PythonError`` when the image is not async.
    public nonisolated(nonsending) func runAsync(_ source: String, name: String? = nil) async throws {
        _ = try await performAsync(.run, .string(source), .string(file(name)))
    }

    /// The value of an expression, which may `await`, as ``evaluate(_:)`` gives it.
    ///
    /// - Throws: as ``runAsync(_:name:)``; ``PythonError`` when the value has no form outside of Python.
    @discardableResult
    public nonisolated(nonsending) func evaluateAsync(_ expression: String) async throws -> Value {
        try value(try await performAsync(.evaluate, .string(expression)), of: "the expression")
    }

    /// The value of an expression, which may `await`, as one of a type.
    ///
    /// - Throws: as ``runAsync(_:name:)``; ``PythonError`` when it is not of this type.
    public nonisolated(nonsending) func evaluateAsync<Output: ComponentConvertible>(
        _ expression: String, as type: Output.Type = Output.self
    ) async throws -> Output {
        try content(try await performAsync(.evaluate, .string(expression)), as: type, of: "the expression")
    }

    /// Calls a function, and awaits what it gives if that can be awaited, as with `async def`.
    ///
    /// - Throws: as ``runAsync(_:name:)``; ``PythonError`` when an argument cannot be passed, or the result has no form outside of Python.
    @discardableResult
    public nonisolated(nonsending) func callAsync(_ function: String, with arguments: [Value]) async throws -> Value {
        let bytes = try packed(arguments, of: function)
        let result = try await performAsync(.callFunction, .string(function), .bytes(bytes))
        return try value(result, of: "the result of `\(function)`")
    }

    /// Calls a function with arguments of Swift types, and awaits what it gives if that can be awaited.
    ///
    /// - Throws: as ``callAsync(_:with:)``.
    @discardableResult
    public nonisolated(nonsending) func callAsync<each Argument: ComponentConvertible>(
        _ function: String, _ arguments: repeat each Argument
    ) async throws -> Value {
        return try await callAsync(function, with: try lowered(function, repeat each arguments))
    }

    /// Calls a function with arguments and a result of Swift types, and awaits what it gives if that can be awaited.
    ///
    /// - Throws: as ``callAsync(_:with:)``; ``PythonError`` when the result is not of this type.
    public nonisolated(nonsending) func callAsync<each Argument: ComponentConvertible, Output: ComponentConvertible>(
        _ function: String, _ arguments: repeat each Argument, as type: Output.Type = Output.self
    ) async throws -> Output {
        let bytes = try packed(try lowered(function, repeat each arguments), of: function)
        let result = try await performAsync(.callFunction, .string(function), .bytes(bytes))
        return try content(result, as: type, of: "the result of `\(function)`")
    }
}
