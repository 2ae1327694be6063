// SPDX-License-Identifier: Apache-2.0

/// A dictionary that keeps the order in which its keys were added.
public struct OrderedMap<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// The keys, in order.
    public private(set) var keys: [Key] = []
    /// The values, in the order of their keys.
    public private(set) var values: [Value] = []
    private var positions: [Key: Int] = [:]

    /// Makes an empty map.
    public init() {}

    /// How many entries there are.
    public var count: Int { keys.count }
    /// Whether there is no entry.
    public var isEmpty: Bool { keys.isEmpty }

    /// The value of `key`. Setting an existing key keeps its place, a new one goes to the end, `nil` removes it.
    public subscript(key: Key) -> Value? {
        get { positions[key].map { values[$0] } }
        set {
            guard let newValue else {
                remove(key)
                return
            }
            if let position = positions[key] {
                values[position] = newValue
            } else {
                positions[key] = keys.count
                keys.append(key)
                values.append(newValue)
            }
        }
    }

    /// The place of `key` in the order.
    public func index(of key: Key) -> Int? { positions[key] }

    /// Replaces the value at `index`, which must be one of this map's.
    public mutating func replaceValue(at index: Int, with value: Value) { values[index] = value }

    /// Removes `key` and gives back what it had; the order of the others stays.
    @discardableResult
    public mutating func remove(_ key: Key) -> Value? {
        guard let position = positions.removeValue(forKey: key) else { return nil }
        keys.remove(at: position)
        let old = values.remove(at: position)
        for index in position..<keys.count { positions[keys[index]] = index }
        return old
    }

    /// Removes the entries whose keys `isRemoved` picks; the order of the others stays.
    public mutating func removeAll(where isRemoved: (Key) -> Bool) {
        var kept = OrderedMap()
        for (key, value) in self where !isRemoved(key) { kept[key] = value }
        self = kept
    }

    /// Adds an entry at `index`, or replaces the value of a key that is there.
    public mutating func insert(_ value: Value, forKey key: Key, at index: Int) {
        guard positions[key] == nil else {
            self[key] = value
            return
        }
        let place = Swift.min(Swift.max(index, 0), keys.count)
        keys.insert(key, at: place)
        values.insert(value, at: place)
        for index in place..<keys.count { positions[keys[index]] = index }
    }
}

extension OrderedMap: RandomAccessCollection {
    /// The first entry's place.
    public var startIndex: Int { 0 }
    /// The place behind the last entry.
    public var endIndex: Int { keys.count }
    /// The entry at a place.
    public subscript(position: Int) -> (key: Key, value: Value) { (keys[position], values[position]) }
}

extension OrderedMap: Equatable where Value: Equatable {
    /// Whether the entries and their order are equal.
    public static func == (left: OrderedMap, right: OrderedMap) -> Bool {
        left.keys == right.keys && left.values == right.values
    }
}

extension OrderedMap: Hashable where Value: Hashable {
    /// Hashes the entries in order.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(keys)
        hasher.combine(values)
    }
}
