// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// What elements are copied from or to: memory of a guest, or what the host has. (CanonicalABI.md, "Buffer State")
class TransferBuffer {
    /// How many elements were copied.
    final private(set) var progress = 0

    /// How many more there are, or fit in.
    var remain: Int { 0 }

    /// Sets up to `count` elements aside for the next copy; how many there are.
    func reserve(_ count: Int) -> Int { count }

    /// Copies `count` elements into `target`.
    func copy(_ count: Int, to target: TransferBuffer, copyBudget: Int) throws {}

    /// Copies `count` elements out of the memory of a guest.
    func fill(_ count: Int, from source: GuestBuffer, copyBudget: Int) throws {}

    func advance(_ count: Int) { progress += count }
}
