// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

extension Shelf: Shelf.Exports {
    static func log(msg: String) {}
}

extension Shelf.Store: Shelf.Store.Exports {
    final class Connection: ConnectionResource {
        private var values: [(key: String, value: String)] = []

        init() {}

        private func index(_ key: String) -> Int? { values.firstIndex { $0.key == key } }

        func get(key: String) -> String? { index(key).map { values[$0].value } }
        func set(key: String, value: String) {
            _ = remove(key: key)
            values.append((key, value))
        }
        func remove(key: String) -> String? { index(key).map { values.remove(at: $0).value } }
        func clear() { values = [] }
    }
}
