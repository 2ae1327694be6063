// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailValidation
import DovetailWITBinary

/// What the declarations of an encoded package stand for: each carries the position of its item in place of an offset, so
/// that the validator's errors lead back to WIT.
final class WITEncodingLog {
    private var items: [GraphItem]
    /// The position of the item that is being written.
    private(set) var place = 0
    private var definitions = 0
    /// What is encoded.
    var first: GraphItem { items[0] }

    /// Makes a log for the items of `item`.
    init(_ item: GraphItem) {
        items = [item]
    }

    /// Makes `item` the one that is written now, and gives its position.
    @discardableResult
    func enter(_ item: GraphItem) -> Int {
        items.append(item)
        place = items.count - 1
        return place
    }

    /// Goes on with the item at `place`.
    func resume(_ place: Int) {
        self.place = place
    }

    /// Counts a definition: what has more of them is not read back.
    func countDefinition() throws(BinaryError) {
        definitions += 1
        guard definitions <= Limits.definitions else {
            throw .limit("definitions of a package", maximum: Limits.definitions, at: place)
        }
    }

    /// The error about the item at its offset.
    func error(_ error: BinaryError) -> BinaryError {
        var error = error
        if error.item == nil, items.indices.contains(error.where.offset) { error.item = items[error.where.offset] }
        if let cause = error.cause {
            error.message += ": \((cause as? BinaryError)?.message ?? String(describing: cause))"
            error.cause = nil
        }
        return error
    }
}
