// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import Synchronization

/// Owned resources that the host let go of, until the store can run their destructors.
final class DropQueue: ResourceOwner {
    private let waiting = Mutex<[(type: ResourceType, rep: UInt32)]>([])
    private let hasWork = Atomic<Bool>(false)

    func enqueueDrop(type: ResourceType, rep: UInt32) {
        waiting.withLock { $0.append((type, rep)) }
        hasWork.store(true, ordering: .releasing)
    }

    /// Whether there may be something to destroy; cheap enough for every call.
    var isEmpty: Bool { !hasWork.load(ordering: .acquiring) }

    /// Takes everything that waits.
    func take() -> [(type: ResourceType, rep: UInt32)] {
        hasWork.store(false, ordering: .releasing)
        return waiting.withLock { queue in
            let all = queue
            queue = []
            return all
        }
    }
}
