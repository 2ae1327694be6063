// SPDX-License-Identifier: Apache-2.0

/// What host code keeps with a store, one value of each type.
public struct StoreData {
    private var values: [ObjectIdentifier: Any] = [:]

    init() {}

    /// The value of type `T` that was set for this store.
    public subscript<T>(type: T.Type) -> T? {
        get { values[ObjectIdentifier(type)] as? T }
        set { values[ObjectIdentifier(type)] = newValue }
    }
}
