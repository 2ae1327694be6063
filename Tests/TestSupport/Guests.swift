// SPDX-License-Identifier: Apache-2.0

package import Dovetail

/// Instances that live in one store and are called from one isolation domain, several calls at the same time.
package actor Guests {
    private let instances: [Instance]

    /// Takes over an instance.
    package init(_ instance: sending Instance) { instances = [instance] }

    /// Makes instances in a new store.
    package init(_ prepared: InstancePre, _ engine: Engine, count: Int) throws {
        let store = Store(engine: engine)
        instances = try (0..<count).map { _ in try prepared.instantiate(in: store) }
    }

    /// Calls a function of an instance; the caller is suspended while the guest waits.
    @discardableResult
    package func call(_ name: String, _ arguments: Value..., of index: Int = 0) async throws -> Value? {
        try await instances[index].function(name).callAsync(arguments)
    }

    /// Calls a function of an instance; the guest may not wait for the host.
    @discardableResult
    package func callAtOnce(_ name: String, _ arguments: Value..., of index: Int = 0) throws -> Value? {
        try instances[index].function(name).call(arguments)
    }

    /// Calls a function of an interface that the first instance exports.
    @discardableResult
    package func call(in interface: String, _ name: String, _ arguments: [Value]) async throws -> Value? {
        try await instances[0].function(name, in: interface).callAsync(arguments)
    }
}
