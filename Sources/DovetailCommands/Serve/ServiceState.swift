// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem
import Synchronization

/// What the metrics and the health of a server are read from.
final class ServiceState: Sendable {
    /// The handler that new requests are given to.
    let handler = Mutex<ComponentHandler?>(nil)
    /// Whether it shuts down.
    let isDraining = Atomic(false)

    func gauges(_ server: HTTPServer) -> ServeMetrics.Gauges {
        var gauges = ServeMetrics.Gauges()
        if let load = handler.withLock({ $0?.load }) {
            (gauges.active, gauges.waiting, gauges.instances) = load
        }
        gauges.connections = server.counters.openConnections
        gauges.residentBytes = ThisProcess.residentBytes
        return gauges
    }
}
