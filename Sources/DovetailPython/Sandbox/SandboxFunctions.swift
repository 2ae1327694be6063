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

    /// How many errors are kept: as many as may still be on their way through Python.
    private static let keptErrors = 16

    private var bodies: [Body] = []
    private var errors: [(number: UInt32, error: any Error)] = []
    private var lastNumber: UInt32 = 0
    private let copyBudget: Int

    init(copyBudget: Int) { self.copyBudget = copyBudget }

    /// The number that a function gets.
    func add(_ body: @escaping Body) -> UInt32 {
        bodies.append(body)
        return UInt32(bodies.count - 1)
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
        guard case .u32(let number)? = arguments.first, case .list(let list)? = arguments.last,
            case .u8(let bytes) = list,
            let functions = caller.store.data[SandboxFunctions.self]
        else {
            return failure("TypeError", "there is no such function", 0)
        }
        return functions.answer(number, bytes)
    }

    private func answer(_ number: UInt32, _ bytes: [UInt8]) -> Value {
        guard number < bodies.count else { return Self.failure("TypeError", "there is no such function", 0) }
        do {
            let value = try bodies[Int(number)](try arguments(bytes))
            return .ok(.bytes(try MarshalWriter.bytes(of: value)))
        } catch let error as Mismatch {
            return Self.failure("TypeError", error.message, 0)
        } catch {
            return Self.failure("HostError", "\(error)", keep(error))
        }
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
