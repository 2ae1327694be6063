// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes

/// A type as it was defined or named in some index space. Its position in ``WITEvaluator/types`` is its identity:
/// every import and every export of a type is a new one.
struct WITTypeNode {
    enum Shape {
        case value(DefinedValueType)
        case function(FunctionTypeDefinition)
        case resource
        case instance([Located<TypeDeclaration>])
        case component([Located<TypeDeclaration>])
    }

    /// The definition; its indices are those of ``scope``.
    let shape: Shape
    /// The position of the scope in which it was defined.
    let scope: Int
    /// The type that this one is another name of.
    var origin: Int?
}

/// What stands behind the name of an import or export, as far as WIT knows of it.
enum WITItem {
    /// A position in ``WITEvaluator/types``.
    case type(Int)
    /// The position of a function type in ``WITEvaluator/types``.
    case function(Int)
    /// A position in ``WITEvaluator/instances``.
    case instance(Int)
    case component(WITComponent)
    /// A core module or a value.
    case other
}

/// A name of an import or export and what stands behind it.
struct WITEntry {
    var name: ExternName
    var item: WITItem
}

/// A component that can be instantiated, or the type of one; indices in it are looked up in `scope` and around it.
enum WITComponent {
    case definition(ComponentBinary, scope: Int)
    case type([Located<TypeDeclaration>], scope: Int)
}

/// The exports of an instance.
struct WITInstance {
    private(set) var exports: [WITEntry] = []
    private var positions: [ExactName: Int] = [:]

    subscript(name: String) -> WITItem? {
        positions[ExactName(name)].map { exports[$0].item }
    }

    mutating func add(_ entry: WITEntry) {
        positions[ExactName(entry.name.name)] = exports.count
        exports.append(entry)
    }
}

/// The imports and exports of a component.
struct WITInterfaceOfComponent {
    var imports: [WITEntry] = []
    var exports = WITInstance()
}

/// The index spaces of a component, component type or instance type that WIT has to do with.
struct WITScope {
    /// The position of the scope around it.
    var parent: Int?
    var types: [Int] = []
    var functions: [Int] = []
    var instances: [Int] = []
    var components: [WITComponent] = []
}
