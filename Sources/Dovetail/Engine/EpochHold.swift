// SPDX-License-Identifier: Apache-2.0

/// Keeps an engine's clock running between stores with a time limit, which would start and stop it one by one.
package final class EpochHold: Sendable {
    private let engine: Engine

    package init(_ engine: Engine) {
        self.engine = engine
        engine.ticker.retain()
    }

    deinit { engine.ticker.release() }
}
