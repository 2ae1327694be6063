// SPDX-License-Identifier: Apache-2.0

import Dovetail
import Synchronization

/// The one engine of a worker.
enum SharedEngine {
    private static let made = Mutex<Engine?>(nil)

    /// The engine, made at first use.
    static func engine() throws -> Engine {
        try made.withLock { made in
            if let made { return made }
            let engine = try Engine()
            made = engine
            return engine
        }
    }
}
