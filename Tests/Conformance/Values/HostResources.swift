// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailTestSupport
import Synchronization

/// The resources of a test host, with their counts.
final class HostResources: ResourceOwner {
    private struct Drops {
        var count = 0
        var last: UInt32 = 0
    }

    private let drops = Mutex<[ResourceType: Drops]>([:])

    /// A handle that owns a new resource.
    func make(_ type: ResourceType, rep: UInt32) -> Resource {
        Resource(type: type, rep: rep, isOwned: true, owner: self)
    }

    /// Notes that a resource was destroyed.
    func dropped(_ type: ResourceType, rep: UInt32) {
        drops.withLock { drops in
            drops[type, default: Drops()].count += 1
            drops[type, default: Drops()].last = rep
        }
    }

    /// Notes that the host has dropped a handle.
    func enqueueDrop(type: ResourceType, rep: UInt32) { dropped(type, rep: rep) }

    /// How many of a type were destroyed.
    func count(_ type: ResourceType) -> UInt32 {
        drops.withLock { UInt32(truncatingIfNeeded: $0[type]?.count ?? 0) }
    }

    /// The representation of the last that was.
    func last(_ type: ResourceType) -> UInt32 { drops.withLock { $0[type]?.last ?? 0 } }
}

extension Value {
    /// The handle in a value of a resource.
    /// - Throws: ``CaseFailure`` when it is none.
    func handle() throws -> Resource {
        guard case .resource(let resource) = self else {
            throw CaseFailure("the host expected a handle, found \(kindName)")
        }
        return resource
    }

    /// The number in a `u32`.
    /// - Throws: ``CaseFailure`` when it is none.
    func number() throws -> UInt32 {
        guard case .u32(let number) = self else { throw CaseFailure("the host expected a u32, found \(kindName)") }
        return number
    }
}

extension [Value] {
    /// The argument at `index`.
    /// - Throws: ``CaseFailure`` when there is none.
    func argument(_ index: Int) throws -> Value {
        guard indices.contains(index) else { throw CaseFailure("the host was called with \(count) arguments") }
        return self[index]
    }
}
