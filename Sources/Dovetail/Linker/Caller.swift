// SPDX-License-Identifier: Apache-2.0

/// What a host function is told about its call; valid only while the call runs.
public struct Caller {
    /// The store the guest runs in.
    public let store: Store
}
