// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Which way things cross the boundary of the component.
enum Direction: Hashable {
    case imported, exported
}

/// Who implements something.
enum Side: Hashable {
    case host, guest
}

/// A place that types are looked up from: a namespace, and the direction in which what is written there crosses.
struct Scope: Hashable {
    /// The position in ``WorldModel/namespaces``.
    var index: Int
    var direction: Direction
    /// Whether code stands inside the namespace, where what it declares needs no qualification.
    var isInside = true

    /// The world itself, seen from its imports.
    static let world = Scope(index: 0, direction: .imported)
}

/// Where the declarations of a namespace are.
enum Origin: Hashable {
    /// In what is generated.
    case generated
    /// In something that the user named, in words of the output's language.
    case given(String)
    /// In DovetailWASI, if anywhere.
    case library(WASIProvision)
}

/// What declarations belong to: the world itself, or an interface that it imports or exports.
struct Namespace {
    /// The interface, `nil` for the world itself.
    var interface: InterfaceID?
    var direction: Direction
    /// The name in the component, with its version; `nil` for the world itself.
    var externName: String?
    var origin = Origin.generated
    /// The named types, in order.
    var types: [TypeID] = []
    /// The functions that belong to no object: plain ones, constructors, static ones.
    var functions: [Signature] = []
    /// The resources declared here with their methods; aliases of resources are only among ``types``.
    var resources: [Resource] = []
    var documentation: String?
    /// Whether imports of it are left to DovetailWASI's definitions.
    var isServed = false
}

/// A resource and the functions of its objects.
struct Resource {
    var id: TypeID
    var methods: [Signature] = []
}
