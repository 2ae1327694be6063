// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// An export that bindings looked up and compared with the type they have for it.
struct BoundExport: Sendable {
    enum Item: Sendable {
        /// A function, its full name, and the ``BoundFunction`` it was compared with.
        case function(FunctionItem, String, types: ObjectIdentifier)
        /// A resource, by the index of its type.
        case resource(Int)
    }

    let name: String
    let interface: String?
    let item: Item
}

/// What bindings found in a component, by their type: the same for each instance, so the work is done once.
/// (wasmtime's bindings keep it in their `…Indices`.)
final class BoundExports: Sendable {
    private let worlds = Mutex<[ObjectIdentifier: [BoundExport]]>([:])

    /// What the bindings `world` found, in the order they looked; `nil` before they did.
    subscript(world: ObjectIdentifier) -> [BoundExport]? {
        get { worlds.withLock { $0[world] } }
        set { worlds.withLock { $0[world] = newValue } }
    }
}
