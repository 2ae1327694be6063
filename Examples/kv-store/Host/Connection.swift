// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A connection to a store of strings: what the guest knows as the resource `connection`.
final class Connection: Sendable {
    private let entries = Mutex<[String: String]>([:])

    func get(_ key: String) -> String? { entries.withLock { $0[key] } }
    func set(_ key: String, _ value: String) { entries.withLock { $0[key] = value } }
    func remove(_ key: String) -> String? { entries.withLock { $0.removeValue(forKey: key) } }
    func clear() { entries.withLock { $0 = [:] } }

    deinit { print("host: a connection is closed, it held \(entries.withLock { $0.count }) entries") }
}
