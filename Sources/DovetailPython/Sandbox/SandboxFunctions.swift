// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI

/// The Swift functions that code in a sandbox calls, by their numbers, and the errors that they threw last.
final class SandboxFunctions {
    /// What does not fit in a call; Python is told of it as a `TypeError`.
    struct Mismatch: Error {
        let message: String
    }

    typealias Body = ([PythonObject]) throws -> Value
    typealias AsyncBody = nonisolated(nonsending) @Sendable ([PythonObject]) async throws -> Value

    /// How many errors are kept: as many as may still be on their way through Python.
    private static let keptErrors = 16

    private var bodies: [Body] = []
    private var asyncBodies: [AsyncBody] = []
    private var errors: [(number: UInt32, error: any Error)] = []
    private var lastNumber: UInt32 = 0
    private let copyBudget: Int

    init(copyBudget: Int) { self.copyBudget = copyBudget }

    /// The number that a function gets.
    func add(_ body: @escaping Body) -> UInt32 {
        bodies.append(body)
        return UInt32(bodies.count - 1)
    }

    /// The number that an async function gets, among those.
    func add(async body: @escaping AsyncBody) -> UInt32 {
        asyncBodies.append(body)
        return UInt32(asyncBodies.count - 1)
    }

    func forgetErrors() { errors = [] }

    func error(_ number: UInt32) -> (any Error)? { errors.first { $0.number == number }?.error }

    private func keep(_ error: any Error) -> UInt32 {
        lastNumber = lastNumber == .max ? 1 : lastNumber + 1
        if errors.count == Self.keptErrors { errors.removeFirst() }
        errors.append((lastNumber, error))
        return lastNumber
    }

    /// The import of the component.
    static let call: @Sendable (Caller, [Value]) throws -> Value? = { caller, arguments in
        guard let (functions, number, bytes) = target(caller, arguments), number < functions.bodies.count else {
            return noSuchFunction
        }
        do {
            return try result(try functions.bodies[number](try functions.arguments(bytes)))
        } catch {
            return functions.failure(error)
        }
    }

    /// The import for functions that wait.
    static let callAsync: nonisolated(nonsending) @Sendable (Caller, [Value]) async throws -> Value? = {
        caller, arguments in
        guard let (functions, number, bytes) = target(caller, arguments), number < functions.asyncBodies.count else {
            return noSuchFunction
        }
        do {
            return try result(try await functions.asyncBodies[number](try functions.arguments(bytes)))
        } catch {
            return functions.failure(error)
        }
    }

    private static func target(
        _ caller: Caller, _ arguments: [Value]
    ) -> (functions: SandboxFunctions, number: Int, bytes: [UInt8])? {
        guard case .u32(let number)? = arguments.first, case .list(.u8(let bytes))? = arguments.last,
            let functions = caller.store.data[SandboxFunctions.self]
        else { return nil }
        return (functions, Int(number), bytes)
    }

    private static func result(_ value: Value) throws(ABIError) -> Value {
        .ok(.bytes(try MarshalWriter.bytes(of: value)))
    }

    private static var noSuchFunction: Value { failure("TypeError", "there is no such function", 0) }

    /// What Python is told of an error.
    private func failure(_ error: any Error) -> Value {
        guard let mismatch = error as? Mismatch else { return Self.failure("HostError", "\(error)", keep(error)) }
        return Self.failure("TypeError", mismatch.message, 0)
    }

    private func arguments(_ bytes: [UInt8]) throws(Mismatch) -> [PythonObject] {
        do throws(ABIError) {
            guard case .tuple(let objects) = try MarshalReader.object(in: bytes, budget: copyBudget) else {
                throw .expected("arguments", found: "another value")
            }
            return objects
        } catch {
            throw Mismatch(message: "the arguments cannot leave the sandbox: \(error)")
        }
    }

    private static func failure(_ kind: String, _ message: String, _ number: UInt32) -> Value {
        .error(.tuple([.string(kind), .string(message), .u32(number)]))
    }
}

/// Hands out the arguments of a call one by one, as what a function wants.
final class SandboxArguments {
    private let name: String
    private let objects: [PythonObject]
    private var position = 0

    init(_ name: String, _ objects: [PythonObject], expected: Int) throws(SandboxFunctions.Mismatch) {
        guard objects.count == expected else {
            throw SandboxFunctions.Mismatch(
                message: "\(name)() takes \(expected) argument\(expected == 1 ? "" : "s"), found \(objects.count)")
        }
        self.name = name
        self.objects = objects
    }

    func next<Content: ComponentConvertible>(_ type: Content.Type) throws(SandboxFunctions.Mismatch) -> Content {
        let object = objects[position]
        position += 1
        do throws(ABIError) {
            return try ShapedValue.content(try object.value(as: try ShapedValue.layout(of: type)), as: type)
        } catch {
            throw SandboxFunctions.Mismatch(message: "argument \(position) of \(name)(): \(error)")
        }
    }
}
