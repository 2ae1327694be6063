// SPDX-License-Identifier: Apache-2.0

public import Dovetail
import DovetailABI

/// Swift functions that Python calls. A function is found by its name in `__main__`, or imported from a module that is named:
///
/// ```swift
/// try sandbox.define("send", in: "mail") { (to: String, text: String) in queue.append((to, text)) }
/// try sandbox.run("import mail; mail.send('ada@example.org', 'hello')")
/// ```
///
/// What a function throws, Python sees as the exception `HostError`; where nothing catches it, it is the cause of the
/// ``PythonException``. Arguments of other types are a `TypeError` in Python. A function must not use the sandbox that calls it.
extension PythonSandbox {
    /// Defines a function by a closure over values of Swift types.
    ///
    /// - Throws: ``PythonError`` when a name is none in Python; otherwise as ``run(_:name:)``.
    public func define<each Parameter: ComponentConvertible, Output: ComponentConvertible>(
        _ name: String, in module: String? = nil, _ body: @escaping (repeat each Parameter) throws -> Output
    ) throws {
        let expected = count(of: repeat (each Parameter).self)
        try add(name, in: module) { objects in
            let arguments = try SandboxArguments(name, objects, expected: expected)
            return try ShapedValue.value(of: try body(repeat try arguments.next((each Parameter).self)))
        }
    }

    /// Defines a function that returns nothing.
    ///
    /// - Throws: ``PythonError`` when a name is none in Python; otherwise as ``run(_:name:)``.
    public func define<each Parameter: ComponentConvertible>(
        _ name: String, in module: String? = nil, _ body: @escaping (repeat each Parameter) throws -> Void
    ) throws {
        let expected = count(of: repeat (each Parameter).self)
        try add(name, in: module) { objects in
            let arguments = try SandboxArguments(name, objects, expected: expected)
            try body(repeat try arguments.next((each Parameter).self))
            return .option(nil)
        }
    }

    /// Defines an async function, which Python awaits; several may be under way in one call. The image has to be one for that, see
    /// ``PythonImage/init(engine:modules:folders:isAsync:report:)``.
    ///
    /// - Throws: ``PythonError`` when a name is none in Python or the image is not async; otherwise as ``run(_:name:)``.
    public func define<each Parameter: ComponentConvertible & Sendable, Output: ComponentConvertible & Sendable>(
        _ name: String, in module: String? = nil,
        _ body: @escaping @Sendable (repeat each Parameter) async throws -> Output
    ) throws {
        let expected = count(of: repeat (each Parameter).self)
        try add(name, in: module) { objects in
            let arguments = try SandboxArguments(name, objects, expected: expected)
            let output = try await body(repeat try arguments.next((each Parameter).self))
            return try ShapedValue.value(of: output)
        }
    }

    /// Defines an async function that returns nothing.
    ///
    /// - Throws: ``PythonError`` when a name is none in Python or the image is not async; otherwise as ``run(_:name:)``.
    public func define<each Parameter: ComponentConvertible & Sendable>(
        _ name: String, in module: String? = nil,
        _ body: @escaping @Sendable (repeat each Parameter) async throws -> Void
    ) throws {
        let expected = count(of: repeat (each Parameter).self)
        try add(name, in: module) { objects in
            let arguments = try SandboxArguments(name, objects, expected: expected)
            try await body(repeat try arguments.next((each Parameter).self))
            return .option(nil)
        }
    }

    /// Defines a function by a closure over values of any type, as many as there are.
    ///
    /// - Throws: ``PythonError`` when a name is none in Python; otherwise as ``run(_:name:)``.
    public func define(
        _ name: String, in module: String? = nil, values body: @escaping ([Value]) throws -> Value?
    ) throws {
        try add(name, in: module) { objects in
            var values: [Value] = []
            for (index, object) in objects.enumerated() {
                do throws(ABIError) {
                    values.append(try object.value())
                } catch {
                    throw SandboxFunctions.Mismatch(message: "argument \(index + 1) of \(name)(): \(error)")
                }
            }
            return try body(values) ?? .option(nil)
        }
    }

    private func count<each Parameter>(of types: repeat (each Parameter).Type) -> Int {
        var count = 0
        for _ in repeat each types { count += 1 }
        return count
    }
}
