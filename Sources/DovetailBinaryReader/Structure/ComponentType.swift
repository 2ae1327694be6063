// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// A value type as it is written: a primitive, or an index into the type index space. (Binary.md, `valtype`)
package enum ValueTypeReference: Hashable, Sendable {
    /// A primitive; never ``ValueType/defined(_:)``.
    case primitive(ValueType)
    case index(UInt32)
}

/// An entry of the type section. (Binary.md, "Type Definitions")
package indirect enum ComponentTypeDefinition: Sendable {
    case value(DefinedValueType)
    case function(FunctionTypeDefinition)
    case component([Located<TypeDeclaration>])
    case instance([Located<TypeDeclaration>])
    case resource(ResourceTypeDefinition)
}

/// A value type that a type definition makes. (Binary.md, `defvaltype`)
package enum DefinedValueType: Sendable {
    case primitive(ValueType)
    case record([LabeledType])
    case variant([VariantCase])
    case list(ValueTypeReference)
    case fixedLengthList(ValueTypeReference, UInt32)
    case tuple([ValueTypeReference])
    case flags([String])
    case `enum`([String])
    case option(ValueTypeReference)
    case result(ok: ValueTypeReference?, error: ValueTypeReference?)
    case own(UInt32)
    case borrow(UInt32)
    case stream(ValueTypeReference?)
    case future(ValueTypeReference?)
    case map(ValueTypeReference, ValueTypeReference)
}

/// A field of a record or a parameter of a function.
package struct LabeledType: Hashable, Sendable {
    /// The label, as written.
    package let label: String
    /// The type.
    package var type: ValueTypeReference

    /// Makes a field.
    package init(label: String, type: ValueTypeReference) {
        self.label = label
        self.type = type
    }
}

/// A case of a variant.
package struct VariantCase: Sendable {
    /// The label, as written.
    package let label: String
    /// The type of the payload, if there is one.
    package var type: ValueTypeReference?

    /// Makes a case.
    package init(label: String, type: ValueTypeReference?) {
        self.label = label
        self.type = type
    }
}

/// A function type. (Binary.md, `functype`)
package struct FunctionTypeDefinition: Hashable, Sendable {
    /// Whether the function may block before it returns.
    package let isAsync: Bool
    /// The parameters.
    package var parameters: [LabeledType]
    /// The result, if there is one.
    package var result: ValueTypeReference?

    /// Makes a function type.
    package init(isAsync: Bool, parameters: [LabeledType], result: ValueTypeReference?) {
        self.isAsync = isAsync
        self.parameters = parameters
        self.result = result
    }
}

/// A resource type. (Binary.md, `resourcetype`)
package struct ResourceTypeDefinition: Sendable {
    /// The core type of a resource's representation.
    package let representation: CoreValueType
    /// The index of the core function that is called when the last handle is dropped.
    package var destructor: UInt32?

    /// Makes a resource type.
    package init(representation: CoreValueType, destructor: UInt32?) {
        self.representation = representation
        self.destructor = destructor
    }
}

/// An item of a component type or an instance type. (Binary.md, `componentdecl`, `instancedecl`)
package enum TypeDeclaration: Sendable {
    case coreType(CoreTypeDefinition)
    case type(ComponentTypeDefinition)
    case alias(Alias)
    case `import`(ImportDeclaration)
    case export(ExportDeclaration)
}

/// An import of a component type.
package struct ImportDeclaration: Sendable {
    /// The name with its attributes.
    package var name: ExternName
    /// What is imported.
    package var type: ExternTypeReference

    /// Makes a declaration.
    package init(name: ExternName, type: ExternTypeReference) {
        self.name = name
        self.type = type
    }
}

/// An export of a component type or an instance type.
package struct ExportDeclaration: Sendable {
    /// The name with its attributes.
    package var name: ExternName
    /// What is exported.
    package var type: ExternTypeReference

    /// Makes a declaration.
    package init(name: ExternName, type: ExternTypeReference) {
        self.name = name
        self.type = type
    }
}

/// The type of an import or export, as indices into the type index spaces. (Binary.md, `externtype`)
package enum ExternTypeReference: Sendable {
    case coreModule(UInt32)
    case function(UInt32)
    case value(ValueBound)
    case type(TypeBound)
    case component(UInt32)
    case instance(UInt32)
}

/// What is known of an imported or exported type. (Binary.md, `typebound`)
package enum TypeBound: Sendable {
    case equal(UInt32)
    case subResource
}

/// What is known of an imported or exported value. (Binary.md, `valuebound`)
package enum ValueBound: Sendable {
    /// The same as the value of that index.
    case equal(UInt32)
    case type(ValueTypeReference)
}

extension ExternTypeReference {
    /// The index space that something of this type is put into.
    package var sort: Sort {
        switch self {
        case .coreModule: .core(.module)
        case .function: .function
        case .value: .value
        case .type: .type
        case .component: .component
        case .instance: .instance
        }
    }
}
