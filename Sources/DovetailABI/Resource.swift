// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Who runs the destructor of a resource that the host lets go of; may be called on any thread.
package protocol ResourceOwner: AnyObject, Sendable {
    /// Remembers that the owned resource `rep` of `type` is to be destroyed.
    func enqueueDrop(type: ResourceType, rep: UInt32)
}

/// A handle to a resource that the host holds: owned, or borrowed for the time of a call.
///
/// An owned one is destroyed when the last reference to it goes, or earlier by ``drop()``.
/// Passing it as `own` moves it: afterwards it cannot be used.
public final class Resource: @unchecked Sendable {
    // @unchecked because all that changes is one atomic word.

    /// The resource's type.
    public let type: ResourceType
    /// The representation that the implementer gave it.
    public let rep: UInt32
    /// Whether this handle owns the resource.
    public let isOwned: Bool
    private let owner: (any ResourceOwner)?
    /// The number of running calls that borrow the resource, or one of the values below.
    private let state = Atomic<UInt32>(0)

    private static let moved: UInt32 = .max
    private static let dropped: UInt32 = .max - 1
    private static let expired: UInt32 = .max - 2
    private static let mostLends: UInt32 = 1 << 30

    /// Makes a handle; `owner` destroys the resource if it is owned.
    package init(type: ResourceType, rep: UInt32, isOwned: Bool, owner: (any ResourceOwner)?) {
        self.type = type
        self.rep = rep
        self.isOwned = isOwned
        self.owner = owner
    }

    deinit {
        if isOwned, state.load(ordering: .acquiring) <= Self.mostLends { owner?.enqueueDrop(type: type, rep: rep) }
    }

    /// Whether the handle can still be used.
    public var isAlive: Bool { state.load(ordering: .acquiring) <= Self.mostLends }

    /// Destroys an owned resource now rather than when the last reference goes; does nothing the second time.
    ///
    /// - Throws: ``ABIError`` when a running call borrows the resource, or it is only borrowed itself.
    public func drop() throws(ABIError) {
        guard isOwned else { throw .resourceNotOwned(type.name) }
        let (done, found) = state.compareExchange(
            expected: 0, desired: Self.dropped, ordering: .acquiringAndReleasing)
        if done {
            owner?.enqueueDrop(type: type, rep: rep)
        } else if found <= Self.mostLends {
            throw .resourceIsLent(type.name)
        } else if found != Self.dropped {
            throw unusable(found)
        }
    }

    /// Gives the resource away: the handle cannot be used any more, the taker must destroy the resource.
    package func take() throws(ABIError) -> UInt32 {
        guard isOwned else { throw .resourceNotOwned(type.name) }
        let (done, found) = state.compareExchange(
            expected: 0, desired: Self.moved, ordering: .acquiringAndReleasing)
        if done { return rep }
        throw found <= Self.mostLends ? .resourceIsLent(type.name) : unusable(found)
    }

    /// Notes that a call borrows the resource.
    package func lend() throws(ABIError) -> UInt32 {
        var found = state.load(ordering: .acquiring)
        while true {
            guard found < Self.mostLends else { throw unusable(found) }
            let (done, now) = state.weakCompareExchange(
                expected: found, desired: found + 1, ordering: .acquiringAndReleasing)
            if done { return rep }
            found = now
        }
    }

    /// Ends what ``lend()`` began.
    package func giveBack() {
        _ = state.wrappingSubtract(1, ordering: .acquiringAndReleasing)
    }

    /// Ends a borrow that the host was lent for a call.
    package func expire() {
        guard !isOwned else { return }
        state.store(Self.expired, ordering: .releasing)
    }

    private func unusable(_ state: UInt32) -> ABIError {
        let text =
            switch state {
            case Self.moved: "given away"
            case Self.dropped: "dropped"
            case Self.expired: "borrowed for a call that has ended"
            default: "lent too often"
            }
        return .resourceNotUsable(type.name, state: text)
    }
}

extension Resource: Hashable {
    /// Whether both are the same handle.
    public static func == (left: Resource, right: Resource) -> Bool { left === right }

    /// Hashes the identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
