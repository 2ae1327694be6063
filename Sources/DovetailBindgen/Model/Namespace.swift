// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Which way things cross the boundary of the component.
package enum Direction: Hashable {
    case imported, exported
}

/// Who implements something.
package enum Side: Hashable {
    case host, guest
}

/// A place that types are looked up from: a namespace, and the direction in which what is written there crosses.
package struct Scope: Hashable {
    /// The position in ``WorldModel/namespaces``.
    package let index: Int
    package let direction: Direction
    /// Whether code stands inside the namespace, where what it declares needs no qualification.
    package var isInside = true

    package init(index: Int, direction: Direction, isInside: Bool = true) {
        self.index = index
        self.direction = direction
        self.isInside = isInside
    }

    /// The world itself, seen from its imports.
    package static let world = Scope(index: 0, direction: .imported)
}

/// Where the declarations of a namespace are.
package enum Origin: Equatable {
    /// In what is generated.
    case generated
    /// In something that the user named, in words of the output's language.
    case given(String)
    /// In DovetailWASI, if anywhere.
    case library(WASIProvision)
}

/// What declarations belong to: the world itself, or an interface that it imports or exports.
package struct Namespace {
    /// The interface, `nil` for the world itself.
    var interface: InterfaceID?
    package let direction: Direction
    /// The name in the component, with its version; `nil` for the world itself.
    package var externName: String?
    package var origin = Origin.generated
    /// The named types, in order.
    package var types: [TypeID] = []
    /// The functions that belong to no object: plain ones, constructors, static ones.
    package var functions: [Signature] = []
    /// The resources declared here with their methods; aliases of resources are only among ``types``.
    package var resources: [Resource] = []
    package var documentation: String?
    /// Whether imports of it are left to DovetailWASI's definitions.
    var isServed = false
}

/// A resource and the functions of its objects.
package struct Resource {
    package let id: TypeID
    package var methods: [Signature] = []
}
