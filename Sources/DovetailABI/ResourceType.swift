// SPDX-License-Identifier: Apache-2.0

/// A resource type at run time; its identity is the object's. (CanonicalABI.md, "Resource State")
///
/// Handle tables refer to it without keeping it alive: the environment that lists it must outlive their use.
public final class ResourceType: Sendable {
    /// The name for messages, in kebab-case.
    public let name: String
    /// The Swift class whose objects are this resource, for a resource of the host.
    public let hostType: ObjectIdentifier?
    /// The component instance that defines the resource, `nil` for the host.
    public let implementer: ObjectIdentifier?
    /// What the runtime keeps beside the type (its destructor); set before the type is used, then left alone.
    package nonisolated(unsafe) var userData: AnyObject?

    /// Makes a new resource type, different from all others.
    public init(name: String, hostType: ObjectIdentifier? = nil, implementer: ObjectIdentifier? = nil) {
        self.name = name
        self.hostType = hostType
        self.implementer = implementer
    }
}

extension ResourceType: Hashable {
    /// Whether both are the same type.
    public static func == (left: ResourceType, right: ResourceType) -> Bool { left === right }

    /// Hashes the identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
