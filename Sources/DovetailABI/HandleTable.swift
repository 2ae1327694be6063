// SPDX-License-Identifier: Apache-2.0

/// The handles of one component instance: resources, and objects of the runtime (waitables, error contexts, …).
///
/// Index 0 stays unused, freed indices are used again last-in first-out, as guests may rely on.
/// No operation but growing the table allocates. (CanonicalABI.md, "Table State", "Resource State")
public final class HandleTable {
    private enum Kind: UInt8 {
        case free, own, borrow, object
    }

    private struct Slot {
        var kind: Kind
        /// The representation; in a free slot the next free index, 0 at the end.
        let rep: UInt32
        var lends: UInt32
        /// The ``ResourceType``, not retained, or an object, retained.
        var reference: Unmanaged<AnyObject>?
        /// The call that a borrow handle belongs to.
        var scope: UnsafeMutablePointer<BorrowScope>?
    }

    /// What changes; behind a pointer, so that access needs no checks of exclusivity.
    private struct State {
        var slots: UnsafeMutablePointer<Slot>
        var capacity: Int
        /// One past the highest index ever used.
        var end = 1
        var firstFree: UInt32 = 0
        var count = 0
    }

    private let state: UnsafeMutablePointer<State>
    /// The most handles the table may hold.
    public let limit: Int

    private var slots: UnsafeMutablePointer<Slot> { state.pointee.slots }
    private var end: Int { state.pointee.end }
    /// The number of handles in the table.
    public var count: Int { state.pointee.count }

    /// The most that the specification allows.
    public static let maxLimit = (1 << 28) - 1

    /// Makes an empty table for up to `limit` handles.
    public init(limit: Int = 1_000_000) {
        self.limit = Swift.max(0, Swift.min(limit, Self.maxLimit))
        state = .allocate(capacity: 1)
        state.initialize(to: State(slots: .allocate(capacity: 8), capacity: 8))
    }

    deinit {
        removeObjects()
        slots.deallocate()
        state.deallocate()
    }

    // MARK: Adding

    private func insert(_ slot: Slot) throws(ABIError) -> UInt32 {
        let index: UInt32
        if state.pointee.firstFree != 0 {
            index = state.pointee.firstFree
            state.pointee.firstFree = slots[Int(index)].rep
        } else {
            guard end <= limit else { throw .tableFull(limit: limit) }
            if end == state.pointee.capacity { grow() }
            index = UInt32(end)
            state.pointee.end += 1
        }
        (slots + Int(index)).initialize(to: slot)
        state.pointee.count += 1
        return index
    }

    @inline(never)
    private func grow() {
        let larger = UnsafeMutablePointer<Slot>.allocate(capacity: state.pointee.capacity * 2)
        (larger + 1).moveInitialize(from: slots + 1, count: end - 1)
        slots.deallocate()
        state.pointee.slots = larger
        state.pointee.capacity *= 2
    }

    /// Adds an owned handle.
    ///
    /// - Throws: ``ABIError`` when the table is full, as the other functions that add.
    public func addOwn(_ type: ResourceType, rep: UInt32) throws(ABIError) -> UInt32 {
        try insert(Slot(kind: .own, rep: rep, lends: 0, reference: .passUnretained(type), scope: nil))
    }

    /// Adds a borrow handle that has to be dropped before the call of `scope` ends.
    public func addBorrow(
        _ type: ResourceType, rep: UInt32, scope: UnsafeMutablePointer<BorrowScope>
    ) throws(ABIError) -> UInt32 {
        let index = try insert(Slot(kind: .borrow, rep: rep, lends: 0, reference: .passUnretained(type), scope: scope))
        scope.pointee.borrowCount += 1
        return index
    }

    /// Adds an object of the runtime; the table keeps it alive.
    public func add(object: AnyObject) throws(ABIError) -> UInt32 {
        guard state.pointee.firstFree != 0 || end <= limit else { throw .tableFull(limit: limit) }
        return try insert(Slot(kind: .object, rep: 0, lends: 0, reference: .passRetained(object), scope: nil))
    }

    // MARK: Reading

    @inline(__always)
    private func slot(_ index: UInt32) throws(ABIError) -> UnsafeMutablePointer<Slot> {
        guard index != 0, Int(index) < end, slots[Int(index)].kind != .free else { throw .unknownHandle(index) }
        return slots + Int(index)
    }

    private func resourceSlot(_ index: UInt32, _ type: ResourceType) throws(ABIError) -> UnsafeMutablePointer<Slot> {
        let slot = try slot(index)
        guard slot.pointee.kind != .object,
            slot.pointee.reference?.toOpaque() == Unmanaged.passUnretained(type).toOpaque()
        else { throw .handleOfAnotherType(index, expected: type.name, found: describe(slot.pointee)) }
        return slot
    }

    private func describe(_ slot: Slot) -> String {
        guard let object = slot.reference?.takeUnretainedValue() else { return "nothing" }
        if slot.kind != .object, let type = object as? ResourceType { return "`\(type.name)`" }
        return "something that is no resource"
    }

    /// The representation behind a handle of `type`. (CanonicalABI.md, `canon resource.rep`)
    public func rep(_ index: UInt32, _ type: ResourceType) throws(ABIError) -> UInt32 {
        try resourceSlot(index, type).pointee.rep
    }

    /// The type of the resource handle at `index`.
    public func resourceType(at index: UInt32) throws(ABIError) -> ResourceType {
        let slot = try slot(index)
        guard slot.pointee.kind != .object, let type = slot.pointee.reference?.takeUnretainedValue()
        else { throw .handleOfAnotherType(index, expected: "resource", found: describe(slot.pointee)) }
        // Handles that are no objects always refer to a resource type.
        return unsafeDowncast(type, to: ResourceType.self)
    }

    /// The object at `index`, when it is a `Wanted`; `name` says in messages what was expected.
    public func object<Wanted: AnyObject>(
        at index: UInt32, as wanted: Wanted.Type = Wanted.self, expected name: String = "\(Wanted.self)"
    ) throws(ABIError) -> Wanted {
        let slot = try slot(index)
        guard slot.pointee.kind == .object, let object = slot.pointee.reference?.takeUnretainedValue() as? Wanted
        else { throw .handleOfAnotherType(index, expected: name, found: describe(slot.pointee)) }
        return object
    }

    /// What the handles in the table are of, for messages: the names of resource types, in the order of the handles.
    package var contents: [String] {
        (1..<end).filter { slots[$0].kind != .free }.map { describe(slots[$0]) }
    }

    // MARK: Removing

    private func free(_ index: UInt32) {
        slots[Int(index)] = Slot(kind: .free, rep: state.pointee.firstFree, lends: 0, reference: nil, scope: nil)
        state.pointee.firstFree = index
        state.pointee.count -= 1
    }

    /// Removes the object at `index`, when it is a `Wanted`.
    public func removeObject<Wanted: AnyObject>(
        at index: UInt32, as wanted: Wanted.Type = Wanted.self, expected name: String = "\(Wanted.self)"
    ) throws(ABIError) -> Wanted {
        let object = try object(at: index, as: wanted, expected: name)
        slots[Int(index)].reference?.release()
        free(index)
        return object
    }

    /// Moves an owned handle out of the table. (CanonicalABI.md, `lift_own`)
    public func takeOwn(_ index: UInt32, _ type: ResourceType) throws(ABIError) -> UInt32 {
        let slot = try resourceSlot(index, type)
        guard slot.pointee.lends == 0 else { throw .handleIsLent(index) }
        guard slot.pointee.kind == .own else { throw .notAnOwnHandle(index) }
        let rep = slot.pointee.rep
        free(index)
        return rep
    }

    /// Lends a handle to the call of `scope`. (CanonicalABI.md, `lift_borrow`)
    public func lend(
        _ index: UInt32, _ type: ResourceType, scope: UnsafeMutablePointer<BorrowScope>
    ) throws(ABIError) -> UInt32 {
        let slot = try resourceSlot(index, type)
        // As many lends as handles can never wrap: each lend is listed in a scope.
        slot.pointee.lends += 1
        scope.pointee.addLender(index)
        return slot.pointee.rep
    }

    /// Lends a handle to a resource of the host, an object of the class `host`, to the call of `scope`; `nil` when it is none.
    @inline(__always)
    func lend(_ index: UInt32, host: ObjectIdentifier, scope: UnsafeMutablePointer<BorrowScope>) -> UInt32? {
        guard index != 0, Int(index) < end else { return nil }
        let slot = slots + Int(index)
        guard slot.pointee.kind == .own || slot.pointee.kind == .borrow, let reference = slot.pointee.reference,
            // Handles that are no objects always refer to a resource type.
            reference._withUnsafeGuaranteedRef({ unsafeDowncast($0, to: ResourceType.self).hostType == host })
        else { return nil }
        slot.pointee.lends += 1
        scope.pointee.addLender(index)
        return slot.pointee.rep
    }

    /// Why there is no object of the class `host` behind a handle.
    func noHostObject(_ index: UInt32, host: ObjectIdentifier) -> ABIError {
        do throws(ABIError) {
            let slot = try slot(index).pointee
            if slot.kind != .object, try resourceType(at: index).hostType == host { return .noHostObject(slot.rep) }
            return .handleOfAnotherType(index, expected: "a resource of the host", found: describe(slot))
        } catch {
            return error
        }
    }

    func giveBack(_ index: UInt32) {
        guard index != 0, Int(index) < end, slots[Int(index)].lends > 0 else { return }
        slots[Int(index)].lends -= 1
    }

    /// Drops a handle of either kind; the caller runs the destructor when it was owned.
    /// (CanonicalABI.md, `canon resource.drop`)
    public func drop(_ index: UInt32, _ type: ResourceType) throws(ABIError) -> (rep: UInt32, wasOwned: Bool) {
        let slot = try resourceSlot(index, type)
        guard slot.pointee.lends == 0 else { throw .handleIsLent(index) }
        let rep = slot.pointee.rep
        let wasOwned = slot.pointee.kind == .own
        slot.pointee.scope?.pointee.borrowCount -= 1
        free(index)
        return (rep, wasOwned)
    }

    /// Empties the table when its instance goes: the owned resources, which the caller has to destroy.
    public func drain() -> [(type: ResourceType, rep: UInt32)] {
        var owned: [(type: ResourceType, rep: UInt32)] = []
        for index in 1..<end where slots[index].kind == .own {
            if let type = slots[index].reference?.takeUnretainedValue() as? ResourceType {
                owned.append((type, slots[index].rep))
            }
        }
        removeObjects()
        state.pointee.end = 1
        state.pointee.firstFree = 0
        state.pointee.count = 0
        return owned
    }

    private func removeObjects() {
        for index in 1..<end where slots[index].kind == .object {
            slots[index].reference?.release()
            slots[index].reference = nil
        }
    }
}
