// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes

// Lifts, lowers and their options. (CanonicalABI.md, "Canonical Definitions")
extension ComponentValidator {
    /// What a canonical definition does with its options.
    enum CanonicalUse { case lift, lower, other }

    mutating func canonical(_ definition: CanonicalDefinition) throws(BinaryError) -> ResolvedDefinition {
        switch definition {
        case .lift(let function, let options, let type):
            let lifted = try lift(function, options, type)
            scope.functions.append(lifted.type)
            return .lift(lifted)
        case .lower(let function, let options):
            let (id, address) = try lower(function, options)
            scope.coreFunctions.append(id)
            return .lower(
                ResolvedLower(
                    function: function, options: options, address: address, coreType: try coreFunctionType(id)))
        case .builtin(let builtin):
            let resolved = try self.builtin(builtin)
            scope.coreFunctions.append(
                try store.function(resolved.coreType.parameters, resolved.coreType.results))
            return .builtin(resolved)
        }
    }

    func coreFunctionType(_ id: CoreTypeStore.ID) throws(BinaryError) -> CoreFunctionType {
        guard let type = store.function(id) else {
            throw .typeMismatch("the core type is not a function type", at: offset)
        }
        return type
    }

    /// Checks options by themselves and says what type addresses have.
    func check(_ options: CanonicalOptions, _ use: CanonicalUse) throws(BinaryError) -> CoreValueType {
        if let conflict = options.conflict {
            throw .invalid("canonical option `\(conflict)` is specified more than once", at: offset)
        }
        if options.usesGarbageCollection || options.coreType != nil {
            try require(.garbageCollection, "canonical option `gc`")
        }
        var pointer = CoreValueType.i32
        if let memory = options.memory { pointer = try addressType(ofMemory: memory) }
        if let realloc = options.realloc {
            guard options.memory != nil else {
                throw .invalid("canonical option `realloc` requires `memory` to also be specified", at: offset)
            }
            let expected = CoreFunctionType(
                parameters: [pointer, pointer, pointer, pointer], results: [pointer])
            try signature(realloc, expected, "realloc")
        }
        if options.isAsync {
            try require(.async, "canonical option `async`")
            guard options.postReturn == nil else {
                throw .invalid("cannot specify post-return function in async", at: offset)
            }
        }
        if options.postReturn != nil, use != .lift {
            throw .invalid("canonical option `post-return` cannot be specified for lowerings", at: offset)
        }
        if let callback = options.callback {
            guard use == .lift else {
                throw .invalid("canonical option `callback` cannot be specified for lowerings", at: offset)
            }
            guard options.isAsync else { throw .invalid("cannot specify callback without async", at: offset) }
            try signature(callback, CoreFunctionType(parameters: [.i32, .i32, .i32], results: [.i32]), "callback")
        }
        return pointer
    }

    /// The type of addresses in a memory that the canonical ABI may use.
    func addressType(ofMemory index: UInt32) throws(BinaryError) -> CoreValueType {
        let memory = try entry(scope.coreMemories, index, "core memory")
        guard !memory.limits.isShared else {
            throw .typeMismatch("mismatch in the shared flag for memories: the memory cannot be shared", at: offset)
        }
        // CanonicalABI.md, "Canonical ABI options": a subtype of `(memory 0)`, whose pages are of 64 KiB.
        if memory.pageSizeLog2 ?? 16 != 16 {
            try require(.customPageSizes, "a memory whose pages are of another size")
        }
        guard memory.limits.is64 else { return .i32 }
        try require(.memory64, "a 64-bit memory")
        return .i64
    }

    private func signature(_ index: UInt32, _ expected: CoreFunctionType, _ option: String) throws(BinaryError) {
        let id = try entry(scope.coreFunctions, index, "core function")
        guard store.function(id) == expected else {
            throw .typeMismatch(
                "canonical option `\(option)` uses a core function with an incorrect signature; expected \(expected)",
                at: offset)
        }
    }

    private func needsMemory(_ options: CanonicalOptions) throws(BinaryError) {
        guard options.memory != nil || options.usesGarbageCollection else {
            throw .invalid("canonical option `memory` is required", at: offset)
        }
    }

    private func needsRealloc(_ options: CanonicalOptions) throws(BinaryError) {
        guard options.realloc != nil || options.usesGarbageCollection else {
            throw .invalid("canonical option `realloc` is required", at: offset)
        }
    }

    private mutating func lift(
        _ function: UInt32, _ options: CanonicalOptions, _ type: UInt32
    ) throws(BinaryError) -> ResolvedLift {
        let found = try coreFunctionType(try entry(scope.coreFunctions, function, "core function"))
        guard case .function(let lifted) = try entry(scope.types, type, "type") else {
            throw .typeMismatch("type index \(type) is not a function type", at: offset)
        }
        try charge(lifted.facts.weight)
        let pointer = try check(options, .lift)
        if options.isAsync {
            guard lifted.isAsync else {
                throw .invalid("the `async` canonical option requires an async function type", at: offset)
            }
            if options.callback == nil {
                try require(.asyncStackful, "an async lift without a callback")
            }
        }
        guard !options.usesGarbageCollection else {
            try matchGarbageCollected(lifted, found, options)
            return ResolvedLift(
                coreFunction: function, type: lifted, options: options, address: pointer, coreType: found)
        }
        let types = lifted.parameters.map(\.type)
        var parameters = types.flattened(pointer, limit: CanonicalLayout.maxFlatParameters)
        if parameters == nil || types.contains(where: \.facts.hasPointer) {
            try needsMemory(options)
            try needsRealloc(options)
        }
        if parameters == nil { parameters = [pointer] }
        let resultTypes = lifted.result.map { [$0] } ?? []
        var results: [CoreValueType]
        if options.isAsync {
            if resultTypes.flattened(pointer, limit: CanonicalLayout.maxFlatParameters) == nil {
                try needsMemory(options)
            }
            results = options.callback == nil ? [] : [.i32]
        } else if let flat = resultTypes.flattened(pointer, limit: CanonicalLayout.maxFlatResults) {
            results = flat
        } else {
            try needsMemory(options)
            results = [pointer]
        }
        if let result = lifted.result, result.facts.hasPointer { try needsMemory(options) }
        let expected = CoreFunctionType(parameters: parameters ?? [], results: results)
        guard found == expected else {
            throw .typeMismatch(
                "lowered types of the function do not match core function \(function): expected \(expected), "
                    + "found \(found)", at: offset)
        }
        if let postReturn = options.postReturn {
            try signature(postReturn, CoreFunctionType(parameters: results, results: []), "post-return")
        }
        return ResolvedLift(coreFunction: function, type: lifted, options: options, address: pointer, coreType: found)
    }

    private mutating func lower(
        _ function: UInt32, _ options: CanonicalOptions
    ) throws(BinaryError) -> (CoreTypeStore.ID, address: CoreValueType) {
        let lowered = try entry(scope.functions, function, "function")
        try charge(lowered.facts.weight)
        let pointer = try check(options, .lower)
        if options.isAsync, !lowered.isAsync {
            throw .invalid("the `async` canonical option requires an async function type", at: offset)
        }
        guard !options.usesGarbageCollection else {
            return (try lowerToGarbageCollected(lowered, options), pointer)
        }
        let types = lowered.parameters.map(\.type)
        let most = options.isAsync ? CanonicalLayout.maxFlatAsyncParameters : CanonicalLayout.maxFlatParameters
        var parameters: [CoreValueType]
        if let flat = types.flattened(pointer, limit: most) {
            parameters = flat
        } else {
            try needsMemory(options)
            parameters = [pointer]
        }
        if types.contains(where: \.facts.hasPointer) { try needsMemory(options) }
        var results: [CoreValueType] = []
        if let result = lowered.result {
            if result.facts.hasPointer {
                try needsMemory(options)
                try needsRealloc(options)
            }
            if !options.isAsync, let flat = [result].flattened(pointer, limit: CanonicalLayout.maxFlatResults) {
                results = flat
            } else {
                try needsMemory(options)
                parameters.append(pointer)
            }
        }
        if options.isAsync { results = [.i32] }
        return (try store.function(parameters, results), pointer)
    }

    /// The core type is given, not computed.
    private mutating func lowerToGarbageCollected(
        _ lowered: FunctionNode, _ options: CanonicalOptions
    ) throws(BinaryError) -> CoreTypeStore.ID {
        guard let index = options.coreType else {
            throw .invalid("canonical option `gc` requires `core-type` for lowerings", at: offset)
        }
        guard case .type(let id) = try entry(scope.coreTypes, index, "core type"), let core = store.function(id) else {
            throw .typeMismatch("core type index \(index) is not a function type", at: offset)
        }
        try matchGarbageCollected(lowered, core, options)
        return id
    }

    /// What `task.return` takes for a result of that type.
    mutating func taskReturn(
        _ result: ValueNode?, _ options: CanonicalOptions, _ address: CoreValueType
    ) throws(BinaryError) -> [CoreValueType] {
        guard options.realloc == nil else {
            throw .invalid("cannot specify `realloc` option on `task.return`", at: offset)
        }
        guard !options.isAsync else { throw .invalid("cannot specify `async` option on `task.return`", at: offset) }
        guard let result else { return [] }
        try charge(result.facts.weight)
        guard !result.facts.hasBorrow else {
            throw .invalid("function result cannot contain a `borrow` type", at: offset)
        }
        if result.facts.hasPointer { try needsMemory(options) }
        if let flat = [result].flattened(address, limit: CanonicalLayout.maxFlatParameters) {
            return flat
        }
        try needsMemory(options)
        return [address]
    }

    /// Checks that the options which the table of built-ins requires are there.
    func check(
        _ signature: BuiltinSignature, _ options: CanonicalOptions, elements: ValueNode?
    ) throws(BinaryError) {
        func isRequired(_ requirement: BuiltinSignature.Requirement) -> Bool {
            switch requirement {
            case .never: false
            case .always: true
            case .withElements: elements != nil
            case .withPointers: elements?.facts.hasPointer ?? false
            }
        }
        if isRequired(signature.memory) { try needsMemory(options) }
        if isRequired(signature.realloc) { try needsRealloc(options) }
    }
}
