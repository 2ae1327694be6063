// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWITReader

/// An import of a core module, and what it stands for.
struct ModuleImport {
    /// The module name.
    var module: String
    /// The item name.
    var name: String
    /// The type of it.
    var type: CoreItemType
    /// What it stands for.
    var meaning: Meaning

    /// What imports stand for.
    enum Meaning {
        /// An imported function; without a key it is one of the world itself.
        case function(WorldKey?, FunctionDefinition, isAsync: Bool)
        /// What handles of a resource are made or given back with.
        case resource(ResourceOperation, TypeID, isExported: Bool)
        /// A built-in that needs nothing of the module.
        case builtin(CanonicalBuiltin)
        /// Something with a stream or future.
        case transfer(TransferOperation)
        /// What takes the result of an exported function.
        case taskReturn(FunctionDefinition, InterfaceID?)
        case errorContextNew(StringEncoding)
        case errorContextDebugMessage(StringEncoding)
        case waitableSetWait
        case waitableSetPoll
        case threadNewIndirect
        /// A function that traps, or gives back an empty list.
        case stub(StubModule.Stub)
        /// An export of the adapter that the module name stands for.
        case adapter
        /// An export of another module that is there before; without a module it is the main one's.
        case export(of: String?, String)
        /// The memory that modules share.
        case memory
        /// Where thread-local storage begins, read or written.
        case threadLocalBase(isRead: Bool)
    }

    /// What can be done with handles.
    enum ResourceOperation { case drop, new, representation }
}

/// What a module does with the streams or futures of one type.
struct TransferOperation {
    /// The kinds of operations.
    enum Kind: String, CaseIterable {
        case new
        case read
        case write
        case cancelRead = "cancel-read"
        case cancelWrite = "cancel-write"
        case dropReadable = "drop-readable"
        case dropWritable = "drop-writable"
        case forward
    }

    /// What is done.
    var kind: Kind
    /// Whether it is a stream's.
    var isStream: Bool
    /// The type of the stream or future; without one it has no elements.
    var type: TypeID?
    /// Whether the call does not block.
    var isAsync: Bool
    /// The interface of the function that the type is part of.
    var interface: InterfaceID?
    /// Whether that function is exported.
    var isExported: Bool
}
