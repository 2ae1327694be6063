// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// What a host function is told about its call; valid only while the function runs.
public struct Caller {
    // Not counted: the store has the link, and so has the task of an async function.
    private let link: Unmanaged<StoreLink>

    init(_ store: Store) { link = store.core.pointee.link }

    init(_ link: Unmanaged<StoreLink>) { self.link = link }

    /// The store the guest runs in.
    ///
    /// An async function is cancelled when its store goes while it runs; what it still does then finds an empty store.
    public var store: Store { link._withUnsafeGuaranteedRef { $0.store ?? $0.substitute() } }
}

extension Caller {
    /// Takes over the memory as it is after host code ran, which may have called the guest.
    @usableFromInline
    func reload(_ cx: inout CanonicalContext) {
        guard cx.is64 else { return }
        cx.environment.refreshMemory()
        cx.reload()
    }
}
