// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes
import Testing

/// A call of `realloc`, as the guest saw it.
struct ReallocCall: Equatable, CustomStringConvertible {
    var oldSize: Int
    var alignment: Int
    var newSize: Int

    init(_ oldSize: Int, _ alignment: Int, _ newSize: Int) {
        self.oldSize = oldSize
        self.alignment = alignment
        self.newSize = newSize
    }

    var description: String { "realloc(\(oldSize), \(alignment), \(newSize))" }
}

/// A guest without code: a memory that grows, and moves as it does, with an allocator that never frees.
final class FakeGuest: CanonicalEnvironment {
    private(set) var reallocs: [ReallocCall] = []
    /// What `realloc` returns next, instead of a good block.
    var nextPointer: UInt64?
    var drops: DropLog = DropLog()
    var objects: [UInt32: AnyObject] = [:]
    var registered: [ObjectIdentifier: ResourceType] = [:]
    private var top = 64
    private var storage: UnsafeMutableRawPointer
    private let growsInPlace: Bool

    init(
        is64: Bool = false, encoding: StringEncoding = .utf8, handles: HandleTable = HandleTable(), memory: Int = 1024,
        growsInPlace: Bool = false
    ) {
        storage = .allocate(byteCount: memory, alignment: 16)
        storage.initializeMemory(as: UInt8.self, repeating: 0xa5, count: memory)
        self.growsInPlace = growsInPlace
        super.init(handles: handles, is64: is64, stringEncoding: encoding)
        self.memory.pointee = GuestMemory(base: storage, count: memory)
        // Contexts do not retain their environment, and an optimized test may let go of it early: test guests stay.
        _ = Unmanaged.passRetained(self)
    }

    deinit { storage.deallocate() }

    func forgetReallocs() { reallocs = [] }

    override func reallocate(
        old: UInt64, oldSize: UInt64, alignment: UInt64, newSize: UInt64
    ) throws(ABIError) -> UInt64 {
        reallocs.append(ReallocCall(Int(oldSize), Int(alignment), Int(newSize)))
        if let pointer = nextPointer { return pointer }
        let start = (top + Int(alignment) - 1) & ~(Int(alignment) - 1)
        let end = start + Int(newSize)
        if end > memory.pointee.count, !growsInPlace {
            let count = end * 2
            let larger = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
            larger.initializeMemory(as: UInt8.self, repeating: 0xa5, count: count)
            larger.copyMemory(from: storage, byteCount: memory.pointee.count)
            storage.deallocate()
            storage = larger
            memory.pointee = GuestMemory(base: larger, count: count)
        }
        top = end
        if oldSize > 0 {
            (storage + start).copyMemory(from: storage + Int(old), byteCount: Int(min(oldSize, newSize)))
        }
        return UInt64(start)
    }

    override func makeResource(type: ResourceType, rep: UInt32, owned: Bool) throws(ABIError) -> Resource {
        Resource(type: type, rep: rep, isOwned: owned, owner: drops)
    }

    override func resourceType(for type: ObjectIdentifier) -> ResourceType? { registered[type] }

    override func hostObject(rep: UInt32) -> Unmanaged<AnyObject>? { objects[rep].map(Unmanaged.passUnretained) }

    override func takeHostObject(rep: UInt32) throws(ABIError) -> AnyObject {
        guard let object = objects.removeValue(forKey: rep) else {
            throw ABIError(code: .unknownHandle, message: "no object \(rep)")
        }
        return object
    }

    override func insertHostObject(_ object: AnyObject, type: ResourceType) throws(ABIError) -> UInt32 {
        let rep = UInt32(objects.count + 1)
        objects[rep] = object
        return rep
    }

    func bytes(_ offset: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { storage.load(fromByteOffset: Int(offset) + $0, as: UInt8.self) }
    }

    /// Writes bytes at an offset and returns it.
    @discardableResult
    func put(_ bytes: [UInt8], at offset: Int) -> UInt64 {
        for (index, byte) in bytes.enumerated() {
            storage.storeBytes(of: byte, toByteOffset: offset + index, as: UInt8.self)
        }
        return UInt64(offset)
    }
}

/// Remembers which resources were dropped.
final class DropLog: ResourceOwner, @unchecked Sendable {
    // @unchecked because tests drop resources from one thread.
    private(set) var reps: [UInt32] = []

    func enqueueDrop(type: ResourceType, rep: UInt32) { reps.append(rep) }
}

/// Sixteen flat slots and more.
final class Slots {
    let base = UnsafeMutableRawPointer.allocate(byteCount: 64 * 16, alignment: 16)

    init(_ values: [UInt64] = []) {
        base.initializeMemory(as: UInt8.self, repeating: 0x5a, count: 64 * 16)
        for (index, value) in values.enumerated() {
            base.storeBytes(of: value, toByteOffset: index * 16, as: UInt64.self)
        }
    }

    deinit { base.deallocate() }

    var reader: FlatReader { FlatReader(UnsafeRawPointer(base)) }
    var writer: FlatWriter { FlatWriter(base) }

    subscript(index: Int) -> UInt64 { base.load(fromByteOffset: index * 16, as: UInt64.self) }
}

/// Expects that `body` throws an ``ABIError`` of `code`.
func fails(_ code: ABIError.Code, _ location: SourceLocation = #_sourceLocation, _ body: () throws -> Void) {
    do {
        try body()
        Issue.record("expected \(code), found no error", sourceLocation: location)
    } catch {
        #expect((error as? ABIError)?.code == code, "\(error)", sourceLocation: location)
    }
}

/// Conversions by a type's own codec.
extension ComponentConvertible {
    func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        try Codec.lower(self, &cx, into: &flat)
    }

    static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        try Codec.lift(&cx, from: &flat)
    }
}
