// SPDX-License-Identifier: Apache-2.0

/// Where the borrows of one call are counted; lives as long as the call, on its stack when the call is synchronous.
///
/// It stands for both ends of the specification's bookkeeping: the handles that the caller lent (given back at the
/// end), and the borrow handles that the callee was given (to be dropped by its end). The heap is touched only when
/// more than four handles are lent or the host holds part of the loan. (CanonicalABI.md, `add_lender`, `num_borrows`)
@frozen
public struct BorrowScope {
    /// How many borrow handles the callee has not dropped yet.
    public var borrowCount = 0
    @usableFromInline var lenderCount = 0
    @usableFromInline var lender0: UInt32 = 0
    @usableFromInline var lender1: UInt32 = 0
    @usableFromInline var lender2: UInt32 = 0
    @usableFromInline var lender3: UInt32 = 0
    @usableFromInline var overflow: Overflow?

    /// What does not fit in line.
    @usableFromInline
    final class Overflow {
        var lenders: [UInt32] = []
        /// Resources of the host that the call borrows.
        var lent: [Resource] = []
        /// Handles that the host was lent and that end with the call.
        var expiring: [Resource] = []
        /// Objects of the host that are in its table only for this call.
        var temporaries: [Resource] = []
        init() {}
    }

    /// Makes an empty scope.
    @inlinable
    public init() {}

    /// Whether ``release(in:)`` has something to do.
    @inlinable
    public var isEmpty: Bool { lenderCount == 0 && overflow == nil }

    @inline(__always)
    mutating func addLender(_ index: UInt32) {
        if lenderCount == 0 { lender0 = index } else { addFurtherLender(index) }
        lenderCount += 1
    }

    private mutating func addFurtherLender(_ index: UInt32) {
        switch lenderCount {
        case 1: lender1 = index
        case 2: lender2 = index
        case 3: lender3 = index
        default: withOverflow { $0.lenders.append(index) }
        }
    }

    private mutating func withOverflow(_ body: (Overflow) -> Void) {
        let existing = overflow ?? Overflow()
        overflow = existing
        body(existing)
    }

    /// Notes that the call borrows `resource`, whose lend count was raised.
    package mutating func addLent(_ resource: Resource) { withOverflow { $0.lent.append(resource) } }

    /// Notes that `resource`, a borrow held by the host, ends with the call.
    package mutating func addExpiring(_ resource: Resource) { withOverflow { $0.expiring.append(resource) } }

    /// Keeps `resource`, made only so that a host object can be lent, until the call ends.
    package mutating func addTemporary(_ resource: Resource) { withOverflow { $0.temporaries.append(resource) } }

    /// Ends the call: gives back what was lent from `table`, ends the borrows the host was given.
    public mutating func release(in table: HandleTable) {
        if lenderCount > 0 {
            table.giveBack(lender0)
            if lenderCount > 1 { giveBackFurther(to: table) }
            lenderCount = 0
        }
        if overflow != nil { releaseOverflow() }
    }

    /// Ends the call of an instance.
    public mutating func release(in environment: Unmanaged<CanonicalEnvironment>) {
        environment._withUnsafeGuaranteedRef { release(in: $0.handles) }
    }

    @inline(never)
    private mutating func giveBackFurther(to table: HandleTable) {
        table.giveBack(lender1)
        if lenderCount > 2 { table.giveBack(lender2) }
        if lenderCount > 3 { table.giveBack(lender3) }
        if let overflow { for index in overflow.lenders { table.giveBack(index) } }
    }

    @inline(never)
    private mutating func releaseOverflow() {
        if let overflow {
            for resource in overflow.lent { resource.giveBack() }
            for resource in overflow.expiring { resource.expire() }
            self.overflow = nil
        }
    }

    /// Throws when the callee ends with borrow handles it did not drop. (CanonicalABI.md, `Task.return_`)
    public func checkReturned() throws(ABIError) {
        if borrowCount != 0 { throw .borrowHandlesRemain(borrowCount) }
    }
}
