// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Hands requests to a handler that can be exchanged; requests that are under way keep the one they began with.
package final class HandlerSwitch: ExchangeHandler {
    private let current: Mutex<any ExchangeHandler>

    package init(_ handler: any ExchangeHandler) { current = Mutex(handler) }

    /// Lets another handler have the requests from now on.
    package func set(_ handler: any ExchangeHandler) { current.withLock { $0 = handler } }

    package nonisolated(nonsending) func handle(_ exchange: any ServerExchange) async {
        await current.withLock { $0 }.handle(exchange)
    }

    package func begin(_ exchange: any ServerExchange) -> ExchangeTask? {
        current.withLock { $0 }.begin(exchange)
    }
}
