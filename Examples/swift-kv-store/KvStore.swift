// SPDX-License-Identifier: Apache-2.0

/// Opened at the first call and kept: what one call sets, the next one finds.
nonisolated(unsafe) private var connection: KvStore.Store.Connection?

extension KvStore: KvStore.Exports {
    static func replaceValue(key: String, value: String) -> String? {
        let store = connection ?? KvStore.Store.Connection()
        if connection == nil {
            connection = store
            Imports.log(msg: "opened a connection")
        }
        let old = store.get(key: key)
        store.set(key: key, value: value)
        Imports.log(msg: old == nil ? "set a new value" : "replaced a value")
        return old
    }
}
