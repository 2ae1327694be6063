// SPDX-License-Identifier: Apache-2.0

/// What host code keeps with a store, one value of each type.
public struct StoreData {
    /// Holds a value, so that it is found again without a cast.
    @usableFromInline
    final class Box<T> {
        @usableFromInline let value: T

        @inlinable
        init(_ value: T) { self.value = value }
    }

    @usableFromInline
    struct Entry {
        @usableFromInline let type: ObjectIdentifier
        @usableFromInline let box: AnyObject

        @inlinable
        init(type: ObjectIdentifier, box: AnyObject) {
            self.type = type
            self.box = box
        }
    }

    // Few, and looked at in many calls of the host: quicker found one after the other than by a hash.
    @usableFromInline var entries: [Entry] = []

    init() {}

    /// The value of type `T` that was set for this store.
    @inlinable
    public subscript<T>(type: T.Type) -> T? {
        get {
            guard let index = index(of: T.self) else { return nil }
            // The box under this key is of this type, always.
            return unsafeDowncast(entries[index].box, to: Box<T>.self).value
        }
        set {
            if let index = index(of: T.self) { entries.remove(at: index) }
            if let newValue { entries.append(Entry(type: ObjectIdentifier(T.self), box: Box(newValue))) }
        }
    }

    @inlinable
    func index<T>(of type: T.Type) -> Int? {
        let wanted = ObjectIdentifier(T.self)
        var index = 0
        while index < entries.count {
            if entries[index].type == wanted { return index }
            index &+= 1
        }
        return nil
    }
}
