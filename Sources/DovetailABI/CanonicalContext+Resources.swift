// SPDX-License-Identifier: Apache-2.0

/// Handles on their way in and out of an instance. (CanonicalABI.md, `lift_own`, `lift_borrow`, `lower_own`, `lower_borrow`)
extension CanonicalContext {
    /// Moves an owned handle out of the instance; the result is its representation.
    package func liftOwn(_ index: UInt32, _ type: ResourceType) throws(ABIError) -> UInt32 {
        try environment.handles.takeOwn(index, type)
    }

    /// Lends a handle of the instance to the call; the result is its representation.
    package func liftBorrow(_ index: UInt32, _ type: ResourceType) throws(ABIError) -> UInt32 {
        guard let scope else { throw .noBorrowScope() }
        return try environment.handles.lend(index, type, scope: scope)
    }

    /// Gives the instance an owned handle.
    package func lowerOwn(_ rep: UInt32, _ type: ResourceType) throws(ABIError) -> UInt32 {
        try environment.handles.addOwn(type, rep: rep)
    }

    /// Lends the instance a handle for the call; whoever defines the resource sees the representation itself.
    package func lowerBorrow(_ rep: UInt32, _ type: ResourceType) throws(ABIError) -> UInt32 {
        if type.implementer == environment.instanceIdentity { return rep }
        guard let scope else { throw .noBorrowScope() }
        return try environment.handles.addBorrow(type, rep: rep, scope: scope)
    }

    // MARK: Handles that the host holds

    /// Moves an owned handle to the host.
    package func liftOwnResource(_ index: UInt32, _ type: ResourceType) throws(ABIError) -> Resource {
        try environment.makeResource(type: type, rep: try liftOwn(index, type), owned: true)
    }

    /// Lends a handle to the host until the call ends.
    package func liftBorrowResource(_ index: UInt32, _ type: ResourceType) throws(ABIError) -> Resource {
        let resource = try environment.makeResource(type: type, rep: try liftBorrow(index, type), owned: false)
        scope?.pointee.addExpiring(resource)
        return resource
    }

    /// Moves a resource of the host into the instance.
    package func lowerOwnResource(_ resource: Resource, _ type: ResourceType) throws(ABIError) -> UInt32 {
        guard resource.type === type else {
            throw .resourceOfAnotherType(expected: type.name, found: resource.type.name)
        }
        return try lowerOwn(try resource.take(), type)
    }

    /// Lends a resource of the host to the instance until the call ends.
    package func lowerBorrowResource(_ resource: Resource, _ type: ResourceType) throws(ABIError) -> UInt32 {
        guard resource.type === type else {
            throw .resourceOfAnotherType(expected: type.name, found: resource.type.name)
        }
        guard let scope else { throw .noBorrowScope() }
        let rep = try resource.lend()
        scope.pointee.addLent(resource)
        return try lowerBorrow(rep, type)
    }
}
