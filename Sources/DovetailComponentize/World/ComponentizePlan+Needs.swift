// SPDX-License-Identifier: Apache-2.0

import DovetailWITReader

extension ComponentizePlan {
    /// What an import needs of its module; `nil` when it is no function of the component's.
    func needs(of meaning: ModuleImport.Meaning) throws(ComponentizeError) -> CanonicalNeeds? {
        switch meaning {
        case .function(_, let function, let isAsync):
            return try signatures.needs(lowering: function, isAsync: isAsync)
        case .taskReturn(let function, _): return try signatures.needs(returning: function)
        case .transfer(let operation):
            guard operation.kind == .read || operation.kind == .write else { return [] }
            let element = operation.type.flatMap { world.graph.element(of: $0) }
            return signatures.needs(element: element, isRead: operation.kind == .read)
        case .errorContextNew: return [.memory, .strings]
        case .errorContextDebugMessage: return [.memory, .realloc, .strings]
        case .waitableSetWait, .waitableSetPoll: return .memory
        case .resource, .builtin: return []
        case .threadNewIndirect: return []
        case .adapter, .export, .memory, .threadLocalBase, .stub: return nil
        }
    }

    /// Whether the component model has to allocate memory in the main module: for results of imports, or for arguments.
    func needsAllocator() throws(ComponentizeError) -> Bool {
        for item in main.imports {
            if try needs(of: item.meaning)?.contains(.realloc) == true { return true }
        }
        for function in main.exports.functions.values {
            if try signatures.needs(lifting: function.definition, function.lifting).contains(.realloc) { return true }
        }
        return false
    }
}
