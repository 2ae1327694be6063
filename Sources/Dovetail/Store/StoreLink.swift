// SPDX-License-Identifier: Apache-2.0

/// A way to a store for what must not keep it; not for use from another thread than the store.
///
/// One weak reference would make each count of references to the store slow from then on, and calls of the host count them.
package final class StoreLink {
    /// The store; `nil` once it has gone.
    package internal(set) unowned(unsafe) var store: Store?

    init(_ store: Store) { self.store = store }
}
