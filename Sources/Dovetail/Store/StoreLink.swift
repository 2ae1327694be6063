// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A way to a store for what must not keep it; not for use from another thread than the store.
///
/// One weak reference would make each count of references to the store slow from then on, and calls of the host count them.
package final class StoreLink {
    /// The store; `nil` once it has gone.
    package internal(set) unowned(unsafe) var store: Store?
    private let engine: Engine
    private let empty = Mutex<Unmanaged<Store>?>(nil)

    init(_ engine: Engine) { self.engine = engine }

    deinit { empty.withLock { $0?.release() } }

    /// An empty store in the place of the one that has gone.
    func substitute() -> Store {
        empty.withLock { known in
            if let known { return known.takeUnretainedValue() }
            let made = Store(engine: engine)
            known = .passRetained(made)
            return made
        }
    }
}
