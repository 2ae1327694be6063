// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI

/// The classes of traps in the data.
enum TrapClass {
    private static let codes: [String: ABIError.Code] = [
        "string out of bounds": .stringOutOfBounds, "list out of bounds": .listOutOfBounds,
        "pointer out of bounds": .pointerOutOfBounds, "out of bounds": .outOfBounds,
        "unaligned pointer": .unalignedPointer, "invalid utf-8": .invalidUTF8,
        "unpaired surrogate": .unpairedSurrogate, "invalid char": .invalidChar,
        "invalid discriminant": .invalidDiscriminant, "string too long": .stringTooLong,
        "list too long": .listTooLong, "unknown handle": .unknownHandle, "invalid handle": .unknownHandle,
        "handle of another type": .handleOfAnotherType, "handle is lent": .handleIsLent,
        "not an own handle": .notAnOwnHandle, "borrow handles still remain": .borrowHandlesRemain,
    ]

    /// Whether `trap` is of the class `name`.
    static func matches(_ trap: Trap, _ name: String) -> Bool {
        switch name {
        case "cannot leave component instance": trap.code == .cannotLeave
        case "cannot enter component instance": trap.code == .cannotEnter
        case "unreachable": trap.code == .unreachable
        // What is too long is out of bounds as well; the specification checks the length first.
        case "string out of bounds": [.stringOutOfBounds, .stringTooLong].contains((trap.cause as? ABIError)?.code)
        case "list out of bounds": [.listOutOfBounds, .listTooLong].contains((trap.cause as? ABIError)?.code)
        default: (trap.cause as? ABIError).map { $0.code == codes[name] } ?? false
        }
    }
}
