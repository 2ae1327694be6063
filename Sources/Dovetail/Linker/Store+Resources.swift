// SPDX-License-Identifier: Apache-2.0

public import DovetailABI

extension Store {
    /// Makes an owned handle to a resource of the host, to be passed to guests as a `Value`.
    ///
    /// Whoever owns the handle last, guest or host, drops it; then the destructor runs that the linker was given with `type`.
    ///
    /// - Parameters:
    ///   - type: the identity that ``Linker/defineResource(_:in:type:drop:)`` was given.
    ///   - rep: what the host knows the resource by.
    public func makeResource(_ type: ResourceType, rep: UInt32) -> Resource {
        Resource(type: type, rep: rep, isOwned: true, owner: dropQueue)
    }
}
