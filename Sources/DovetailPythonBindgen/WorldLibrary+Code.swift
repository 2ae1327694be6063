// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailBindgen

extension WorldLibrary {
    /// Eight bytes for each core value.
    private static let slot = 8

    /// The load, the store and the alignment of a core value.
    private static func access(_ type: CoreValueType) -> (load: UInt8, store: UInt8, alignment: UInt32) {
        switch type {
        case .i64: (0x29, 0x37, 3)
        case .f32: (0x2a, 0x38, 2)
        case .f64: (0x2b, 0x39, 3)
        default: (0x28, 0x36, 2)
        }
    }

    /// Stores the parameters in slots on the stack, calls a function of the runtime, and loads the result, unless that is what the
    /// function gives.
    static func exportCode(
        _ number: UInt32, _ type: CoreFunctionType, calling function: UInt32
    ) -> CoreCodeBuilder {
        let slots = UInt32(type.parameters.count)
        // Enough for the results of the flat form, and the alignment of the stack.
        let size = Int32((max(2, type.parameters.count) * slot + 15) / 16 * 16)
        var code = CoreCodeBuilder(locals: [(1, .i32)])
        code.globalGet(0)
        code.i32(size)
        code.instruction(0x6b)  // i32.sub
        code.localTee(slots)
        code.globalSet(0)
        for (index, parameter) in type.parameters.enumerated() {
            let (_, store, alignment) = access(parameter)
            code.localGet(slots)
            code.localGet(UInt32(index))
            code.instruction(store, alignment, UInt32(index * slot))
        }
        code.i32(Int32(bitPattern: number))
        code.localGet(slots)
        code.call(function)
        for result in type.results where function == 0 {
            let (load, _, alignment) = access(result)
            code.localGet(slots)
            code.instruction(load, alignment, 0)
        }
        code.localGet(slots)
        code.i32(size)
        code.instruction(0x6a)  // i32.add
        code.globalSet(0)
        return code
    }

    /// Calls the import that the first parameter numbers, with parameters from and the result to the slots at the second.
    static func callCode(_ calls: [(function: UInt32, type: CoreFunctionType)?]) -> CoreCodeBuilder {
        var code = CoreCodeBuilder()
        code.selecting(calls.count) { code, number in
            guard let call = calls[number] else { return code.unreachable() }
            if !call.type.results.isEmpty { code.localGet(1) }
            for (index, parameter) in call.type.parameters.enumerated() {
                let (load, _, alignment) = access(parameter)
                code.localGet(1)
                code.instruction(load, alignment, UInt32(index * slot))
            }
            code.call(call.function)
            for result in call.type.results {
                let (_, store, alignment) = access(result)
                code.instruction(store, alignment, 0)
            }
            code.instruction(0x0f)  // return
        }
        code.unreachable()
        return code
    }

    /// Calls a function with the same parameters.
    static func forwardCode(_ function: UInt32, _ count: UInt32) -> CoreCodeBuilder {
        var code = CoreCodeBuilder()
        for index in 0..<count { code.localGet(index) }
        code.call(function)
        return code
    }

    /// Calls the built-in that the first parameter numbers, with as many of the others as it takes.
    static func taskCode(_ functions: [UInt32]) -> CoreCodeBuilder {
        var code = CoreCodeBuilder()
        code.selecting(functions.count) { code, number in
            let type = TaskBuiltin.all[number].type
            for index in type.parameters.indices { code.localGet(UInt32(index + 1)) }
            code.call(functions[number])
            code.returnLong(type.results.first)
        }
        code.unreachable()
        return code
    }

    /// Calls the built-in of error contexts that the first parameter numbers, with as many of the others as it takes.
    static func contextCode(_ builtins: [(function: UInt32, type: CoreFunctionType)]) -> CoreCodeBuilder {
        var code = CoreCodeBuilder()
        code.selecting(builtins.count) { code, number in
            let (function, type) = builtins[number]
            for index in type.parameters.indices { code.localGet(UInt32(index + 1)) }
            code.call(function)
            if type.results.isEmpty { code.i32(0) }
            code.instruction(0x0f)  // return
        }
        code.unreachable()
        return code
    }

    /// Calls the built-in that the first parameter numbers, of the type of streams or futures that the second one numbers.
    static func transferCode(_ functions: [[UInt32]], _ areStreams: [Bool]) -> CoreCodeBuilder {
        // How many parameters each has, and what it gives.
        let shapes: [(parameters: Int, result: CoreValueType?)] = [
            (0, .i64), (3, .i32), (3, .i32), (1, .i32), (1, .i32), (1, nil), (1, nil),
        ]
        var code = CoreCodeBuilder()
        code.selecting(functions.count, local: 1) { code, number in
            code.selecting(shapes.count) { code, operation in
                let shape = shapes[operation]
                // Of a future, there is only one value to read or write.
                let count = shape.parameters == 3 && !areStreams[number] ? 2 : shape.parameters
                for index in 0..<count { code.localGet(UInt32(index + 2)) }
                code.call(functions[number][operation])
                code.returnLong(shape.result)
            }
            code.unreachable()
        }
        code.unreachable()
        return code
    }

    /// Drops a handle (0), makes one (1) or gives its representation (2), of the resource that the second parameter numbers.
    static func resourceCode(
        _ operations: [(drop: UInt32, new: UInt32?, rep: UInt32?)]
    ) -> CoreCodeBuilder {
        var code = CoreCodeBuilder()
        code.selecting(operations.count, local: 1) { code, number in
            let operation = operations[number]
            code.localGet(0)
            code.instruction(0x45)  // i32.eqz
            code.ifThen { code in
                code.localGet(2)
                code.call(operation.drop)
                code.i32(0)
                code.instruction(0x0f)
            }
            guard let new = operation.new, let rep = operation.rep else { return code.unreachable() }
            code.localGet(0)
            code.i32(1)
            code.instruction(0x46)  // i32.eq
            code.ifThen { code in
                code.localGet(2)
                code.call(new)
                code.instruction(0x0f)
            }
            code.localGet(2)
            code.call(rep)
            code.instruction(0x0f)
        }
        code.unreachable()
        return code
    }
}

/// A built-in of tasks, in the order in which the runtime numbers them. (`PythonRuntime/src/table.h`)
struct TaskBuiltin {
    let module: String
    let name: String
    let type: CoreFunctionType

    private init(_ name: String, _ parameters: Int, _ result: CoreValueType? = nil, in module: String = "$root") {
        self.module = module
        self.name = name
        type = CoreFunctionType(
            parameters: Array(repeating: .i32, count: parameters), results: result.map { [$0] } ?? [])
    }

    static let all = [
        TaskBuiltin("[waitable-set-new]", 0, .i32), TaskBuiltin("[waitable-set-drop]", 1),
        TaskBuiltin("[waitable-set-poll]", 2, .i32), TaskBuiltin("[waitable-join]", 2),
        TaskBuiltin("[subtask-drop]", 1), TaskBuiltin("[async-lower][subtask-cancel]", 1, .i32),
        TaskBuiltin("[task-cancel]", 0, in: "[export]$root"), TaskBuiltin("[context-get-0]", 0, .i32),
        TaskBuiltin("[context-set-0]", 1),
    ]
}

extension CoreCodeBuilder {
    /// Returns what is on the stack as an `i64`, or 0 where that is nothing.
    mutating func returnLong(_ type: CoreValueType?) {
        switch type {
        case nil: i64(0)
        case .i64: break
        default: instruction(0xad)  // i64.extend_i32_u
        }
        instruction(0x0f)
    }

    /// Runs one of `count` pieces of code, the one that a local numbers; each of them ends by returning or trapping.
    mutating func selecting(_ count: Int, local: UInt32 = 0, _ body: (inout CoreCodeBuilder, Int) -> Void) {
        // A block around each piece: the branch table leaves as many as there are pieces to pass over.
        for _ in 0...count { instruction(0x02, 0x40) }
        localGet(local)
        branchTable(UInt32(count))
        for number in 0..<count {
            instruction(0x0b)
            body(&self, number)
        }
        instruction(0x0b)
    }
}
