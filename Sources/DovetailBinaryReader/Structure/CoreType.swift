// SPDX-License-Identifier: Apache-2.0

/// An entry of the core type section. (Binary.md, `core:deftype`)
package indirect enum CoreTypeDefinition: Sendable {
    /// A recursion group: one subtype, or those of an explicit `rec`.
    case recursive([CoreSubtype])
    case module([Located<ModuleDeclaration>])
}

/// A member of a recursion group. (WebAssembly 3.0, `subtype`)
package struct CoreSubtype: Hashable, Sendable {
    /// Whether it may have no further subtypes.
    package var isFinal: Bool
    /// The indices of the declared supertypes.
    package var supertypes: [UInt32]
    /// Whether values of the type may be shared between threads.
    package var isShared: Bool
    /// The type that values of this one describe (custom descriptors).
    package var describes: UInt32?
    /// The type of the descriptors of this one (custom descriptors).
    package var descriptor: UInt32?
    /// The structure of the type.
    package var composite: CoreCompositeType

    /// Makes a subtype.
    package init(
        isFinal: Bool = true, supertypes: [UInt32] = [], isShared: Bool = false, describes: UInt32? = nil,
        descriptor: UInt32? = nil, composite: CoreCompositeType
    ) {
        self.isFinal = isFinal
        self.supertypes = supertypes
        self.isShared = isShared
        self.describes = describes
        self.descriptor = descriptor
        self.composite = composite
    }
}

/// The structure of a core type. (WebAssembly 3.0, `comptype`)
package enum CoreCompositeType: Hashable, Sendable {
    case function(CoreFunctionType)
    case structure([CoreFieldType])
    case array(CoreFieldType)
    /// A continuation of a function type (stack switching).
    case continuation(UInt32)
}

/// A core function type.
package struct CoreFunctionType: Hashable, Sendable {
    /// The types of the parameters.
    package var parameters: [CoreValueType]
    /// The types of the results.
    package var results: [CoreValueType]

    /// Makes a function type.
    package init(parameters: [CoreValueType], results: [CoreValueType]) {
        self.parameters = parameters
        self.results = results
    }
}

/// A field of a core struct, or the element of a core array.
package struct CoreFieldType: Hashable, Sendable {
    /// How the field is stored.
    package let storage: CoreStorageType
    /// Whether it may be written.
    package let isMutable: Bool

    /// Makes a field type.
    package init(storage: CoreStorageType, isMutable: Bool) {
        self.storage = storage
        self.isMutable = isMutable
    }
}

/// How a field is stored.
package enum CoreStorageType: Hashable, Sendable {
    case i8
    case i16
    case value(CoreValueType)
}

/// A core value type.
package enum CoreValueType: Hashable, Sendable {
    case i32, i64, f32, f64, v128
    case reference(CoreReferenceType)
}

/// A core reference type.
package struct CoreReferenceType: Hashable, Sendable {
    /// Whether null is a value of the type.
    package let isNullable: Bool
    /// What is referred to.
    package let heapType: CoreHeapType

    /// Makes a reference type.
    package init(isNullable: Bool, heapType: CoreHeapType) {
        self.isNullable = isNullable
        self.heapType = heapType
    }
}

/// What a core reference refers to.
package enum CoreHeapType: Hashable, Sendable {
    case concrete(UInt32)
    /// Exactly that type, no subtype of it (custom descriptors).
    case exact(UInt32)
    case abstract(CoreAbstractHeapType, isShared: Bool)
}

/// The heap types that need no definition, with their codes. (WebAssembly 3.0, `absheaptype`)
package enum CoreAbstractHeapType: UInt8, Hashable, Sendable {
    case noexn = 0x74
    case nofunc = 0x73
    case noextern = 0x72
    case none = 0x71
    case function = 0x70
    case extern = 0x6f
    case any = 0x6e
    case eq = 0x6d
    case i31 = 0x6c
    case structure = 0x6b
    case array = 0x6a
    case exception = 0x69
    case continuation = 0x68
    case nocontinuation = 0x75
}

extension CoreAbstractHeapType {
    /// The name in the text format.
    package var word: String {
        switch self {
        case .noexn: "noexn"
        case .nofunc: "nofunc"
        case .noextern: "noextern"
        case .none: "none"
        case .function: "func"
        case .extern: "extern"
        case .any: "any"
        case .eq: "eq"
        case .i31: "i31"
        case .structure: "struct"
        case .array: "array"
        case .exception: "exn"
        case .continuation: "cont"
        case .nocontinuation: "nocont"
        }
    }
}

/// The type of a core import or export. (WebAssembly 3.0, `externtype`)
package enum CoreExternType: Sendable {
    /// A function of that type index; `isExact` when it may be of no subtype (custom descriptors).
    case function(typeIndex: UInt32, isExact: Bool)
    case table(CoreTableType)
    case memory(CoreMemoryType)
    case global(CoreGlobalType)
    case tag(typeIndex: UInt32)
}

/// The size limits of a table (elements) or a memory (pages).
package struct CoreLimits: Equatable, Sendable {
    /// The least size.
    package var minimum: UInt64
    /// The greatest size, if there is one.
    package var maximum: UInt64?
    /// Whether several threads may use it at once.
    package let isShared: Bool
    /// Whether it is indexed by `i64`.
    package let is64: Bool

    /// Makes limits.
    package init(minimum: UInt64, maximum: UInt64? = nil, isShared: Bool = false, is64: Bool = false) {
        self.minimum = minimum
        self.maximum = maximum
        self.isShared = isShared
        self.is64 = is64
    }
}

/// The type of a core table.
package struct CoreTableType: Equatable, Sendable {
    /// The type of the elements.
    package var element: CoreReferenceType
    /// The limits, in elements.
    package var limits: CoreLimits

    /// Makes a table type.
    package init(element: CoreReferenceType, limits: CoreLimits) {
        self.element = element
        self.limits = limits
    }
}

/// The type of a core memory.
package struct CoreMemoryType: Equatable, Sendable {
    /// The limits, in pages.
    package var limits: CoreLimits
    /// The page size as a power of two, when it is not the usual 16 (custom page sizes).
    package var pageSizeLog2: UInt32?

    /// Makes a memory type.
    package init(limits: CoreLimits, pageSizeLog2: UInt32? = nil) {
        self.limits = limits
        self.pageSizeLog2 = pageSizeLog2
    }
}

/// The type of a core global.
package struct CoreGlobalType: Equatable, Sendable {
    /// The type of its value.
    package var type: CoreValueType
    /// Whether it may be written.
    package let isMutable: Bool
    /// Whether several threads may use it at once.
    package let isShared: Bool

    /// Makes a global type.
    package init(type: CoreValueType, isMutable: Bool, isShared: Bool = false) {
        self.type = type
        self.isMutable = isMutable
        self.isShared = isShared
    }
}

/// An item of a core module type. (Binary.md, `core:moduledecl`)
package enum ModuleDeclaration: Sendable {
    case `import`(module: String, name: String, CoreExternType)
    case type(CoreTypeDefinition)
    case outerAlias(count: UInt32, index: UInt32)
    case export(name: String, CoreExternType)
}
