// SPDX-License-Identifier: Apache-2.0

public import DovetailABI
public import DovetailTypes

/// Where a guest calls host functions from: the memory and handles of its instance as lifting and lowering see them.
///
/// A function that is compiled for its types reads of it only what they need. It lies in its environment, which outlives the calls.
@usableFromInline
struct CallSite {
    @usableFromInline let caller: Caller
    @usableFromInline let environment: Unmanaged<CanonicalEnvironment>
    /// Where lifting and lowering look for the memory.
    @usableFromInline let memory: UnsafeMutablePointer<GuestMemory>
    /// The bytes that one call may make the host copy.
    @usableFromInline let copyBudget: Int
    @usableFromInline let is64: Bool
    @usableFromInline let encoding: StringEncoding
}

extension UnsafePointer where Pointee == CallSite {
    /// Finds the memory again after guest code ran, where it can have moved.
    ///
    /// The base of a 32-bit memory never moves, as the engine reserves all that it may grow to; that it grew is noticed when
    /// something is beyond its end.
    @inlinable @inline(__always)
    func refresh() {
        if pointee.is64 || pointee.memory.pointee.count == 0 { look() }
    }

    /// Brings base and size of the memory up to date.
    @usableFromInline @inline(never)
    func look() { pointee.environment._withUnsafeGuaranteedRef { $0.refreshMemory() } }

    /// What one call's lifting and lowering goes through.
    @inlinable @inline(__always)
    func context(_ scope: UnsafeMutablePointer<BorrowScope>?) -> CanonicalContext {
        CanonicalContext(
            pointee.environment, pointee.memory, is64: pointee.is64, stringEncoding: pointee.encoding, scope: scope,
            copyBudget: pointee.copyBudget)
    }

    /// Runs `body` with an account of what the guest lends, which it is given back when the call is over.
    @inlinable @inline(__always)
    func lending(_ body: (inout CanonicalContext) throws -> Void) throws {
        try withUnsafeTemporaryAllocation(of: BorrowScope.self, capacity: 1) { buffer in
            // Not empty, so it has a base.
            let scope = buffer.baseAddress.unsafelyUnwrapped
            scope.initialize(to: BorrowScope())
            // An empty one holds nothing that would have to be destroyed.
            defer { if !scope.pointee.isEmpty { scope.pointee.release(in: pointee.environment) } }
            var cx = context(scope)
            try body(&cx)
        }
    }
}
