// SPDX-License-Identifier: Apache-2.0

/// The objects of host classes that guests hold handles to, under the representations the guests know.
struct HostObjectTable {
    private var objects: [AnyObject?] = [nil]
    private var free: [UInt32] = []

    /// Enters an object.
    mutating func insert(_ object: AnyObject) -> UInt32 {
        if let rep = free.popLast() {
            objects[Int(rep)] = object
            return rep
        }
        objects.append(object)
        return UInt32(truncatingIfNeeded: objects.count - 1)
    }

    /// The object with representation `rep`, which the table keeps.
    subscript(rep: UInt32) -> Unmanaged<AnyObject>? {
        Int(rep) < objects.count ? objects[Int(rep)].map(Unmanaged.passUnretained) : nil
    }

    /// Takes an object out.
    mutating func remove(_ rep: UInt32) -> AnyObject? {
        guard Int(rep) < objects.count, let object = objects[Int(rep)] else { return nil }
        objects[Int(rep)] = nil
        free.append(rep)
        return object
    }
}
