// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWITReader

/// Finds out what the imports of a module stand for. (BuildTargets.md; the legacy names are those of wit-component)
struct ImportNames {
    let world: ModuleWorld
    let signatures: CoreSignatures
    /// The names of the adapters.
    let adapters: Set<String>
    let rejectsLegacyNames: Bool
    /// Whether the module is an adapter.
    let isAdapter: Bool

    /// The prefix of current names.
    static let current = "cm32p2"

    func meaning(
        of module: String, _ name: String, _ type: CoreItemType
    ) throws(ComponentizeError) -> ModuleImport.Meaning {
        if !isAdapter, adapters.contains(module) { return .adapter }
        if isAdapter, module == "__main_module__" { return .export(of: nil, name) }
        if module == "env", let meaning = try environment(name, type) { return meaning }
        guard case .function(let found) = type else {
            if isAdapter, adapters.contains(module) { return .adapter }
            throw .importIsNoFunction(module, name, type.kind)
        }
        if module == Self.current || module.hasPrefix(Self.current + "|") {
            return try currentName(module, name, found)
        }
        if rejectsLegacyNames { throw .legacyName(module) }
        return try legacyName(module, name, found)
    }

    // MARK: - What linkers want

    private func environment(
        _ name: String, _ type: CoreItemType
    ) throws(ComponentizeError) -> ModuleImport.Meaning? {
        if case .memory = type { return .memory }
        guard case .function(let found) = type else { return nil }
        let value = found.results.first ?? found.parameters.first ?? .i32
        let read = CoreFunctionType(parameters: [], results: [value])
        let write = CoreFunctionType(parameters: [value], results: [])
        switch name {
        case "__wasm_get_stack_pointer":
            try check(name, "env", found, read)
            return .builtin(.contextGet(value, 0))
        case "__wasm_set_stack_pointer":
            try check(name, "env", found, write)
            return .builtin(.contextSet(value, 0))
        case "__wasm_get_tls_base":
            try check(name, "env", found, read)
            return .threadLocalBase(isRead: true)
        case "__wasm_set_tls_base":
            try check(name, "env", found, write)
            return .threadLocalBase(isRead: false)
        default: return nil
        }
    }

    // MARK: - Current names

    private func currentName(
        _ module: String, _ name: String, _ found: CoreFunctionType
    ) throws(ComponentizeError) -> ModuleImport.Meaning {
        var interface = Substring(module).dropFirst(Self.current.count)
        if interface.isEmpty {
            if let meaning = try function(nil, name, module, found, isAsync: false) { return meaning }
            if let resource = Self.resource(name, suffixes: true),
                case .type(let id)? = world.item(.name(resource.name), isExport: false)
            {
                return try resourceMeaning(resource.operation, id, isExported: false, module, name, found)
            }
            throw .unknownFunction(module, name)
        }
        guard interface.first == "|" else { throw .unknownName(module) }
        interface = interface.dropFirst()
        var isExported = false
        if interface.hasPrefix("_ex_") {
            interface = interface.dropFirst(4)
            isExported = true
        }
        return try item(
            String(interface), isExported, module, name, found, Self.resource(name, suffixes: true), isAsync: false)
    }

    // MARK: - Legacy names

    private func legacyName(
        _ module: String, _ name: String, _ found: CoreFunctionType
    ) throws(ComponentizeError) -> ModuleImport.Meaning {
        var interface = module
        var isExported = false
        if module.hasPrefix("[export]") {
            interface = String(module.dropFirst("[export]".count))
            isExported = true
        }
        let (functionName, isAsync) = Self.stripping("[async-lower]", name)
        if interface == "$root" {
            if let builtin = try builtin(module, name, found) { return builtin }
            if let transfer = try transfer(nil, isExported, module, name, found) { return transfer }
            if isExported {
                let (returned, isReturn) = Self.stripping("[task-return]", name)
                if isReturn, case .function(let function)? = world.item(.name(returned), isExport: true) {
                    return try taskReturn(function, nil, module, name, found)
                }
            } else {
                if let meaning = try function(nil, functionName, module, found, isAsync: isAsync, core: name) {
                    return meaning
                }
                if let resource = Self.resource(name, suffixes: false),
                    case .type(let id)? = world.item(.name(resource.name), isExport: false)
                {
                    return try resourceMeaning(resource.operation, id, isExported: false, module, name, found)
                }
            }
            throw .unknownFunction(module, name, isExport: isExported)
        }
        return try item(
            interface, isExported, module, name, found, Self.resource(name, suffixes: false), isAsync: isAsync)
    }

    /// An item of an interface.
    private func item(
        _ interface: String, _ isExported: Bool, _ module: String, _ name: String, _ found: CoreFunctionType,
        _ resource: (operation: ModuleImport.ResourceOperation, name: String)?, isAsync: Bool
    ) throws(ComponentizeError) -> ModuleImport.Meaning {
        let key = isExported ? world.exportKey(interface) : world.importKey(interface)
        guard let key, case .interface(let id)? = world.item(key, isExport: isExported) else {
            throw .unknownInterface(interface, name)
        }
        if let resource {
            guard let type = world.graph[id].types[resource.name] else { throw .unknownResource(module, name) }
            return try resourceMeaning(resource.operation, type, isExported: isExported, module, name, found)
        }
        if let transfer = try transfer(key, isExported, module, name, found) { return transfer }
        if isExported {
            let (returned, isReturn) = Self.stripping("[task-return]", name)
            if isReturn, let function = world.graph[id].functions[returned] {
                return try taskReturn(function, id, module, name, found)
            }
            throw .unknownFunction(module, name, isExport: true)
        }
        let functionName = Self.stripping("[async-lower]", name).0
        guard let meaning = try function(key, functionName, module, found, isAsync: isAsync, core: name) else {
            throw .unknownFunction(module, name)
        }
        return meaning
    }

    private func function(
        _ key: WorldKey?, _ name: String, _ module: String, _ found: CoreFunctionType, isAsync: Bool,
        core: String? = nil
    ) throws(ComponentizeError) -> ModuleImport.Meaning? {
        let function: FunctionDefinition
        if let key {
            guard case .interface(let id)? = world.item(key, isExport: false),
                let known = world.graph[id].functions[name]
            else { return nil }
            function = known
        } else {
            guard case .function(let known)? = world.item(.name(name), isExport: false) else { return nil }
            function = known
        }
        try check(core ?? name, module, found, try signatures.lowered(function, isAsync: isAsync).type)
        return .function(key, function, isAsync: isAsync)
    }

    private func taskReturn(
        _ function: FunctionDefinition, _ interface: InterfaceID?, _ module: String, _ name: String,
        _ found: CoreFunctionType
    ) throws(ComponentizeError) -> ModuleImport.Meaning {
        try check(name, module, found, try signatures.taskReturn(function).type)
        return .taskReturn(function, interface)
    }

    private func resourceMeaning(
        _ operation: ModuleImport.ResourceOperation, _ type: TypeID, isExported: Bool, _ module: String,
        _ name: String, _ found: CoreFunctionType
    ) throws(ComponentizeError) -> ModuleImport.Meaning {
        let id = world.graph.types.resource(type)
        guard case .resource = world.graph.types[id].kind, isExported || operation == .drop else {
            throw .unknownResource(module, name)
        }
        let expected =
            operation == .drop
            ? CoreFunctionType(parameters: [.i32], results: [])
            : CoreFunctionType(parameters: [.i32], results: [.i32])
        try check(name, module, found, expected)
        return .resource(operation, isExported ? id : type, isExported: isExported)
    }

    private func check(
        _ name: String, _ module: String, _ found: CoreFunctionType, _ expected: CoreFunctionType
    ) throws(ComponentizeError) {
        guard found == expected else { throw .signature(name, of: module, expected: expected, found: found) }
    }

    // MARK: - Parts of names

    /// `name` without `prefix`, and whether it was there.
    static func stripping(_ prefix: String, _ name: String) -> (String, Bool) {
        name.hasPrefix(prefix) ? (String(name.dropFirst(prefix.count)), true) : (name, false)
    }

    private static func resource(
        _ name: String, suffixes: Bool
    ) -> (operation: ModuleImport.ResourceOperation, name: String)? {
        let operations: [(ModuleImport.ResourceOperation, String)] = [
            (.drop, "drop"), (.new, "new"), (.representation, "rep"),
        ]
        for (operation, word) in operations {
            if suffixes {
                guard name.hasSuffix("_" + word) else { continue }
                return (operation, String(name.dropLast(word.count + 1)))
            }
            let prefix = "[resource-\(word)]"
            guard name.hasPrefix(prefix) else { continue }
            return (operation, String(name.dropFirst(prefix.count)))
        }
        return nil
    }
}

extension ImportNames {
    // MARK: - Built-ins by name

    private func builtin(
        _ module: String, _ name: String, _ found: CoreFunctionType
    ) throws(ComponentizeError) -> ModuleImport.Meaning? {
        guard name.hasPrefix("[") else { return nil }
        let (rest, isAsync) = Self.stripping("[async-lower]", name)
        let meaning: ModuleImport.Meaning
        switch rest {
        case "[backpressure-inc]": meaning = .builtin(.backpressureIncrement)
        case "[backpressure-dec]": meaning = .builtin(.backpressureDecrement)
        case "[task-cancel]": meaning = .builtin(.taskCancel)
        case "[waitable-set-new]": meaning = .builtin(.waitableSetNew)
        case "[waitable-set-wait]": meaning = .waitableSetWait
        case "[waitable-set-poll]": meaning = .waitableSetPoll
        case "[waitable-set-drop]": meaning = .builtin(.waitableSetDrop)
        case "[waitable-join]": meaning = .builtin(.waitableJoin)
        case "[subtask-drop]": meaning = .builtin(.subtaskDrop)
        case "[subtask-cancel]": meaning = .builtin(.subtaskCancel(isAsync: isAsync))
        case "[thread-yield]": meaning = .builtin(.threadYield)
        case "[thread-index]": meaning = .builtin(.threadIndex)
        case "[thread-new-indirect-v0]": meaning = .threadNewIndirect
        case "[thread-resume-later]": meaning = .builtin(.threadResumeLater)
        case "[thread-suspend]": meaning = .builtin(.threadSuspend)
        case "[thread-suspend-then-resume]": meaning = .builtin(.threadSuspendThenResume)
        case "[thread-yield-then-resume]": meaning = .builtin(.threadYieldThenResume)
        case "[thread-suspend-then-promote]": meaning = .builtin(.threadSuspendThenPromote)
        case "[thread-yield-then-promote]": meaning = .builtin(.threadYieldThenPromote)
        case "[error-context-new-utf8]": meaning = .errorContextNew(.utf8)
        case "[error-context-new-utf16]": meaning = .errorContextNew(.utf16)
        case "[error-context-new-latin1+utf16]": meaning = .errorContextNew(.latin1OrUTF16)
        case "[error-context-debug-message-utf8]": meaning = .errorContextDebugMessage(.utf8)
        case "[error-context-debug-message-utf16]": meaning = .errorContextDebugMessage(.utf16)
        case "[error-context-debug-message-latin1+utf16]": meaning = .errorContextDebugMessage(.latin1OrUTF16)
        case "[error-context-drop]": meaning = .builtin(.errorContextDrop)
        default:
            guard let context = Self.context(rest, found) else { return nil }
            meaning = .builtin(context)
        }
        if let expected = Self.expectedType(of: meaning) { try check(name, module, found, expected) }
        return meaning
    }

    private static func context(_ name: String, _ found: CoreFunctionType) -> CanonicalBuiltin? {
        for (prefix, isRead) in [("[context-get-", true), ("[context-set-", false)] where name.hasPrefix(prefix) {
            var slot = name.dropFirst(prefix.count)
            guard slot.popLast() == "]" else { return nil }
            var type = CoreValueType.i32
            if slot.hasPrefix("i32-") || slot.hasPrefix("i64-") {
                type = slot.hasPrefix("i64-") ? .i64 : .i32
                slot = slot.dropFirst(4)
            }
            guard let index = UInt32(slot) else { return nil }
            return isRead ? .contextGet(type, index) : .contextSet(type, index)
        }
        return nil
    }

    /// The core type of a built-in that no type of the world takes part in.
    static func expectedType(of meaning: ModuleImport.Meaning) -> CoreFunctionType? {
        let signature: BuiltinSignature
        var slot = CoreValueType.i32
        switch meaning {
        case .builtin(let builtin):
            signature = builtin.signature
            switch builtin {
            case .contextGet(let type, _), .contextSet(let type, _): slot = type
            default: break
            }
        case .waitableSetWait: signature = CanonicalBuiltin.waitableSetWait(memory: 0).signature
        case .waitableSetPoll: signature = CanonicalBuiltin.waitableSetPoll(memory: 0).signature
        case .errorContextNew: signature = CanonicalBuiltin.errorContextNew(CanonicalOptions()).signature
        case .errorContextDebugMessage:
            signature = CanonicalBuiltin.errorContextDebugMessage(CanonicalOptions()).signature
        case .threadNewIndirect: signature = CanonicalBuiltin.threadNewIndirect(type: 0, table: 0).signature
        case .transfer(let operation): signature = operation.builtin(type: 0, options: CanonicalOptions()).signature
        default: return nil
        }
        func types(_ operands: [BuiltinSignature.Operand]) -> [CoreValueType] {
            operands.map { operand in
                switch operand {
                case .i64: .i64
                case .named: slot
                default: .i32
                }
            }
        }
        return CoreFunctionType(parameters: types(signature.parameters), results: types(signature.results))
    }

    /// `[stream-read-1]f`: something with the second of the streams and futures among the types of `f`.
    private func transfer(
        _ key: WorldKey?, _ isExported: Bool, _ module: String, _ name: String, _ found: CoreFunctionType
    ) throws(ComponentizeError) -> ModuleImport.Meaning? {
        var (rest, isAsync) = Self.stripping("[async-lower]", name)
        let isStream = rest.hasPrefix("[stream-")
        guard isStream || rest.hasPrefix("[future-"), let close = rest.firstIndex(of: "]") else { return nil }
        let word = rest[..<close].dropFirst("[stream-".count)
        rest = String(rest[rest.index(after: close)...])
        guard let dash = word.lastIndex(of: "-"), let kind = TransferOperation.Kind(rawValue: String(word[..<dash]))
        else { return nil }
        let position = word[word.index(after: dash)...]
        var operation = TransferOperation(
            kind: kind, isStream: isStream, isAsync: isAsync, interface: nil, isExported: isExported)
        if position != "unit" {
            var function: FunctionDefinition?
            switch key.flatMap({ world.item($0, isExport: isExported) })
                ?? world.item(.name(rest), isExport: isExported)
            {
            case .interface(let id):
                operation.interface = id
                function = world.graph[id].functions[rest]
            case .function(let known): function = known
            default: break
            }
            guard let function else { throw .unknownFunction(module, name, isExport: isExported) }
            let transfers = world.graph.transfers(of: function)
            guard let index = Int(position), transfers.indices.contains(index),
                world.graph.isStream(transfers[index]) == isStream
            else { throw .unknownPayload(module, name, transfers.count) }
            operation.type = transfers[index]
        }
        let meaning = ModuleImport.Meaning.transfer(operation)
        if let expected = Self.expectedType(of: meaning) { try check(name, module, found, expected) }
        return meaning
    }
}

extension TransferOperation {
    /// The built-in that does it.
    func builtin(type: UInt32, options: CanonicalOptions) -> CanonicalBuiltin {
        switch (kind, isStream) {
        case (.new, true): .streamNew(type)
        case (.new, false): .futureNew(type)
        case (.read, true): .streamRead(type, options)
        case (.read, false): .futureRead(type, options)
        case (.write, true): .streamWrite(type, options)
        case (.write, false): .futureWrite(type, options)
        case (.cancelRead, true): .streamCancelRead(type, isAsync: isAsync)
        case (.cancelRead, false): .futureCancelRead(type, isAsync: isAsync)
        case (.cancelWrite, true): .streamCancelWrite(type, isAsync: isAsync)
        case (.cancelWrite, false): .futureCancelWrite(type, isAsync: isAsync)
        case (.dropReadable, true): .streamDropReadable(type)
        case (.dropReadable, false): .futureDropReadable(type)
        case (.dropWritable, true): .streamDropWritable(type)
        case (.dropWritable, false): .futureDropWritable(type)
        case (.forward, true): .streamForward(type)
        case (.forward, false): .futureForward(type)
        }
    }
}
