// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// What a host function is told about its call; valid only while the call runs.
public struct Caller {
    private let reference: Unmanaged<Store>

    init(_ store: Store) { reference = .passUnretained(store) }

    init(_ store: Unmanaged<Store>) { reference = store }

    /// The store the guest runs in.
    public var store: Store { reference.takeUnretainedValue() }
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
