// SPDX-License-Identifier: Apache-2.0

public import DovetailTypes

/// A linear memory as it is between two runs of guest code.
@frozen
public struct GuestMemory {
    /// The first byte.
    public var base: UnsafeMutableRawPointer
    /// The number of bytes.
    public let count: Int

    /// Makes a memory of `count` bytes at `base`; without a base it is empty.
    @inlinable
    public init(base: UnsafeMutableRawPointer?, count: Int) {
        if let base {
            self.base = base
            self.count = count
        } else {
            // Never read: no range but the empty one is inside.
            self.base = UnsafeMutableRawPointer(bitPattern: 16).unsafelyUnwrapped
            self.count = 0
        }
    }
}

/// What goes down every lift and lower of one call, by reference.
///
/// ``environment`` is not retained: whoever makes the context keeps it alive for the call.
@frozen
public struct CanonicalContext {
    /// The guest's memory as it was last looked at; it may be larger by now.
    public var memory: GuestMemory
    /// The instance that values come from or go to; see ``environment``.
    @usableFromInline let reference: Unmanaged<CanonicalEnvironment>
    @usableFromInline let current: UnsafeMutablePointer<GuestMemory>
    /// Where borrows are counted; `nil` where none can occur (results).
    public var scope: UnsafeMutablePointer<BorrowScope>?
    /// The bytes that the guest may still make the host copy in this call.
    public var copyBudget: Int
    /// Whether the memory has 64-bit addresses.
    public let is64: Bool
    /// How strings lie in the memory.
    public let stringEncoding: StringEncoding

    /// Makes a context over the memory as `environment` knows it.
    @inlinable
    public init(
        _ environment: CanonicalEnvironment, scope: UnsafeMutablePointer<BorrowScope>? = nil,
        copyBudget: Int = CanonicalLimits.defaultCopyBudget
    ) {
        self.init(
            .passUnretained(environment), environment.memory, is64: environment.is64,
            stringEncoding: environment.stringEncoding, scope: scope, copyBudget: copyBudget)
    }

    /// Makes a context from parts that the runtime keeps at hand.
    @inlinable
    public init(
        _ environment: Unmanaged<CanonicalEnvironment>, _ current: UnsafeMutablePointer<GuestMemory>, is64: Bool,
        stringEncoding: StringEncoding, scope: UnsafeMutablePointer<BorrowScope>?, copyBudget: Int
    ) {
        memory = current.pointee
        self.current = current
        reference = environment
        self.scope = scope
        self.copyBudget = copyBudget
        self.is64 = is64
        self.stringEncoding = stringEncoding
    }

    /// A context for values that neither refer to memory nor have handles.
    @inlinable
    public static func plain(
        _ environment: Unmanaged<CanonicalEnvironment>, _ current: UnsafeMutablePointer<GuestMemory>
    ) -> CanonicalContext {
        CanonicalContext(environment, current)
    }

    @inlinable
    init(_ environment: Unmanaged<CanonicalEnvironment>, _ current: UnsafeMutablePointer<GuestMemory>) {
        memory = GuestMemory(base: nil, count: 0)
        self.current = current
        reference = environment
        scope = nil
        copyBudget = 0
        is64 = false
        stringEncoding = .utf8
    }

    /// The instance that values come from or go to.
    @inlinable public var environment: CanonicalEnvironment { reference.takeUnretainedValue() }

    /// Passes the environment to `body` without counting references.
    @inlinable @inline(__always)
    func withEnvironment<Result>(_ body: (CanonicalEnvironment) throws(ABIError) -> Result) throws(ABIError) -> Result {
        try reference._withUnsafeGuaranteedRef { environment in
            Swift.Result { () throws(ABIError) in try body(environment) }
        }.get()
    }

    /// The size of a pointer in the guest: 4 or 8.
    @inlinable public var pointerSize: Int { is64 ? 8 : 4 }

    /// Takes over the environment's memory as it was last refreshed.
    @inlinable
    public mutating func reload() { memory = current.pointee }

    /// Whether `size` bytes from `pointer` are inside the memory.
    ///
    /// Memories only grow, so what is inside of one as it was once is inside of it now; only what is not has to look again.
    @inlinable
    public mutating func contains(_ pointer: UInt64, size: UInt64) -> Bool {
        let (end, overflow) = pointer.addingReportingOverflow(size)
        return !overflow && (end <= UInt64(truncatingIfNeeded: memory.count) || hasGrown(to: end))
    }

    @usableFromInline @inline(never)
    mutating func hasGrown(to end: UInt64) -> Bool {
        environment.refreshMemory()
        reload()
        return end <= UInt64(truncatingIfNeeded: memory.count)
    }

    /// The offset of a block passed by pointer, aligned and inside the memory.
    @inlinable
    public mutating func check(_ pointer: UInt64, size: Int, alignment: Int) throws(ABIError) -> Int {
        guard pointer & UInt64(truncatingIfNeeded: alignment &- 1) == 0 else {
            throw .unaligned(pointer: pointer, alignment: UInt64(truncatingIfNeeded: alignment))
        }
        guard contains(pointer, size: UInt64(truncatingIfNeeded: size)) else {
            throw .pointerOutOfBounds(
                pointer: pointer, size: UInt64(truncatingIfNeeded: size), memory: memory.count)
        }
        return Int(truncatingIfNeeded: pointer)
    }

    /// The offset of a list's elements, with one check for all of them.
    @inlinable
    public mutating func checkList(_ pointer: UInt64, count: UInt64, stride: Int, alignment: Int) throws(ABIError)
        -> Int
    {
        let (size, overflow) = count.multipliedReportingOverflow(by: UInt64(truncatingIfNeeded: stride))
        guard !overflow, size <= CanonicalLimits.maxByteLength, count <= CanonicalLimits.maxByteLength else {
            throw .listTooLong(count: count, stride: stride)
        }
        guard pointer & UInt64(truncatingIfNeeded: alignment &- 1) == 0 else {
            throw .unaligned(pointer: pointer, alignment: UInt64(truncatingIfNeeded: alignment))
        }
        guard contains(pointer, size: size) else {
            throw .listOutOfBounds(pointer: pointer, size: size, memory: memory.count)
        }
        return Int(truncatingIfNeeded: pointer)
    }

    /// Takes `bytes` off what the guest may make the host copy.
    @inlinable
    public mutating func charge(_ bytes: Int) throws(ABIError) {
        guard bytes <= copyBudget else { throw .copyLimit() }
        copyBudget &-= bytes
    }

    /// A new block in the guest's memory, aligned and inside it.
    @inlinable
    public mutating func allocate(alignment: Int, size: Int) throws(ABIError) -> UInt64 {
        try reallocate(old: 0, oldSize: 0, alignment: alignment, newSize: size)
    }

    /// Asks the guest's `realloc` to make or resize a block, and checks what it returns.
    @inlinable
    public mutating func reallocate(
        old: UInt64, oldSize: Int, alignment: Int, newSize: Int
    ) throws(ABIError) -> UInt64 {
        let size = UInt64(truncatingIfNeeded: newSize)
        guard is64 || size <= 0xffff_ffff else { throw .listTooLong(count: size, stride: 1) }
        let pointer = try withEnvironment { (environment) throws(ABIError) in
            try environment.reallocate(
                old: old, oldSize: UInt64(truncatingIfNeeded: oldSize),
                alignment: UInt64(truncatingIfNeeded: alignment), newSize: size)
        }
        reload()
        guard pointer & UInt64(truncatingIfNeeded: alignment &- 1) == 0 else {
            throw .unaligned(pointer: pointer, alignment: UInt64(truncatingIfNeeded: alignment))
        }
        guard contains(pointer, size: size) else {
            throw .blockOutOfBounds(pointer: pointer, size: size, memory: memory.count)
        }
        return pointer
    }

    // MARK: Plain memory; offsets must have been checked.

    /// Reads a number; `offset` must be inside the memory.
    @inlinable
    public func read<Number: BitwiseCopyable>(_ offset: Int, as type: Number.Type = Number.self) -> Number {
        memory.base.loadUnaligned(fromByteOffset: offset, as: type)
    }

    /// Writes a number; `offset` must be inside the memory.
    @inlinable
    public func write<Number: BitwiseCopyable>(_ number: Number, at offset: Int) {
        memory.base.storeBytes(of: number, toByteOffset: offset, as: Number.self)
    }

    /// Reads a pointer or length of the memory's width.
    @inlinable
    public func readPointer(_ offset: Int) -> UInt64 {
        is64 ? read(offset, as: UInt64.self) : UInt64(read(offset, as: UInt32.self))
    }

    /// Writes a pointer or length of the memory's width.
    @inlinable
    public func writePointer(_ pointer: UInt64, at offset: Int) {
        if is64 { write(pointer, at: offset) } else { write(UInt32(truncatingIfNeeded: pointer), at: offset) }
    }

    /// Reads the discriminant of a variant with `count` cases.
    @inlinable
    public func loadDiscriminant(_ offset: Int, count: Int) throws(ABIError) -> Int {
        let value: UInt32
        switch StaticLayout.discriminantSize(count) {
        case 1: value = UInt32(read(offset, as: UInt8.self))
        case 2: value = UInt32(read(offset, as: UInt16.self))
        default: value = read(offset, as: UInt32.self)
        }
        guard Int(value) < count else { throw .invalidDiscriminant(value, count: count) }
        return Int(value)
    }

    /// Writes the discriminant of a variant with `count` cases.
    @inlinable
    public func storeDiscriminant(_ index: Int, at offset: Int, count: Int) {
        switch StaticLayout.discriminantSize(count) {
        case 1: write(UInt8(truncatingIfNeeded: index), at: offset)
        case 2: write(UInt16(truncatingIfNeeded: index), at: offset)
        default: write(UInt32(truncatingIfNeeded: index), at: offset)
        }
    }

    /// Checks a discriminant that came as a core value.
    @inlinable
    public func checkDiscriminant(_ value: UInt32, count: Int) throws(ABIError) -> Int {
        guard Int(value) < count else { throw .invalidDiscriminant(value, count: count) }
        return Int(value)
    }

    /// Reads the bits of a flags type with `count` labels; bits beyond them are cleared.
    @inlinable
    public func loadFlags(_ offset: Int, count: Int) -> UInt32 {
        let bits: UInt32
        switch StaticLayout.flagsSize(count) {
        case 1: bits = UInt32(read(offset, as: UInt8.self))
        case 2: bits = UInt32(read(offset, as: UInt16.self))
        default: bits = read(offset, as: UInt32.self)
        }
        return bits & StaticLayout.flagsMask(count)
    }

    /// Writes the bits of a flags type with `count` labels.
    @inlinable
    public func storeFlags(_ bits: UInt32, at offset: Int, count: Int) {
        let bits = bits & StaticLayout.flagsMask(count)
        switch StaticLayout.flagsSize(count) {
        case 1: write(UInt8(truncatingIfNeeded: bits), at: offset)
        case 2: write(UInt16(truncatingIfNeeded: bits), at: offset)
        default: write(bits, at: offset)
        }
    }
}
