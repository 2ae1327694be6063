// SPDX-License-Identifier: Apache-2.0

/// An empty array that is kept for its memory, between one use and the next.
package struct SpareArray<Element> {
    @usableFromInline var array: [Element] = []

    @inlinable package init() {}

    /// The empty array, to be filled; ``keep(_:)`` takes it back.
    @inlinable package mutating func take() -> [Element] {
        var taken: [Element] = []
        swap(&taken, &array)
        return taken
    }

    /// What `full` holds, which is the empty array then.
    @inlinable package mutating func exchange(for full: inout [Element]) -> [Element] {
        var taken = take()
        swap(&taken, &full)
        return taken
    }

    /// Empties an array and keeps its memory.
    @inlinable package mutating func keep(_ used: inout [Element]) {
        used.removeAll(keepingCapacity: true)
        swap(&used, &array)
    }
}
