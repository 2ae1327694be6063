// SPDX-License-Identifier: Apache-2.0

/// What an ``ABIError`` says, in one place.
extension ABIError {
    private static func hexadecimal(_ number: UInt64) -> String { "0x" + String(number, radix: 16) }

    @usableFromInline @inline(never)
    package static func stringOutOfBounds(pointer: UInt64, size: UInt64, memory: Int) -> ABIError {
        ABIError(
            code: .stringOutOfBounds,
            message:
                "string pointer \(hexadecimal(pointer)) + \(size) bytes is past the end of memory (\(memory) bytes)")
    }

    @usableFromInline @inline(never)
    package static func listOutOfBounds(pointer: UInt64, size: UInt64, memory: Int) -> ABIError {
        ABIError(
            code: .listOutOfBounds,
            message: "list pointer \(hexadecimal(pointer)) + \(size) bytes is past the end of memory (\(memory) bytes)")
    }

    @usableFromInline @inline(never)
    package static func pointerOutOfBounds(pointer: UInt64, size: UInt64, memory: Int) -> ABIError {
        ABIError(
            code: .pointerOutOfBounds,
            message: "pointer \(hexadecimal(pointer)) + \(size) bytes is past the end of memory (\(memory) bytes)")
    }

    @usableFromInline @inline(never)
    package static func blockOutOfBounds(pointer: UInt64, size: UInt64, memory: Int) -> ABIError {
        ABIError(
            code: .outOfBounds,
            message: "`realloc` returned \(hexadecimal(pointer)), but \(size) bytes from there are past the end of "
                + "memory (\(memory) bytes)")
    }

    @usableFromInline @inline(never)
    package static func unaligned(pointer: UInt64, alignment: UInt64) -> ABIError {
        ABIError(
            code: .unalignedPointer,
            message: "pointer \(hexadecimal(pointer)) is not aligned, expected a multiple of \(alignment)")
    }

    @usableFromInline @inline(never)
    package static func invalidUTF8(at offset: Int) -> ABIError {
        ABIError(code: .invalidUTF8, message: "string is not valid UTF-8 (at its byte \(offset))")
    }

    @usableFromInline @inline(never)
    package static func unpairedSurrogate(at offset: Int) -> ABIError {
        ABIError(
            code: .unpairedSurrogate, message: "string has an unpaired surrogate (at its UTF-16 code unit \(offset))")
    }

    @usableFromInline @inline(never)
    package static func invalidChar(_ value: UInt32) -> ABIError {
        ABIError(
            code: .invalidChar, message: "\(hexadecimal(UInt64(value))) is not a char, expected a Unicode scalar value")
    }

    @usableFromInline @inline(never)
    package static func invalidDiscriminant(_ value: UInt32, count: Int) -> ABIError {
        ABIError(code: .invalidDiscriminant, message: "no case \(value), only \(count) are defined")
    }

    @usableFromInline @inline(never)
    package static func stringTooLong(_ size: UInt64) -> ABIError {
        ABIError(
            code: .stringTooLong,
            message: "string of \(size) bytes is too long, at most \(CanonicalLimits.maxByteLength) may be passed")
    }

    @usableFromInline @inline(never)
    package static func listTooLong(count: UInt64, stride: Int) -> ABIError {
        ABIError(
            code: .listTooLong,
            message: "list of \(count) elements of \(stride) bytes is too long, "
                + "at most \(CanonicalLimits.maxByteLength) bytes may be passed")
    }

    @usableFromInline @inline(never)
    package static func copyLimit() -> ABIError {
        ABIError(
            code: .copyLimit,
            message: "the call copies more bytes from the guest than allowed; raise the limit on copies")
    }

    @usableFromInline @inline(never)
    package static func unknownHandle(_ index: UInt32) -> ABIError {
        ABIError(code: .unknownHandle, message: "unknown handle index \(index)")
    }

    @usableFromInline @inline(never)
    package static func handleOfAnotherType(_ index: UInt32, expected: String, found: String) -> ABIError {
        ABIError(
            code: .handleOfAnotherType,
            message: "handle \(index) is of another type, expected `\(expected)`, found \(found)")
    }

    @usableFromInline @inline(never)
    package static func handleIsLent(_ index: UInt32) -> ABIError {
        ABIError(
            code: .handleIsLent,
            message: "handle \(index) is lent, it cannot be moved or dropped until the call returns")
    }

    @usableFromInline @inline(never)
    package static func notAnOwnHandle(_ index: UInt32) -> ABIError {
        ABIError(code: .notAnOwnHandle, message: "handle \(index) is not an own handle, expected `own`, found `borrow`")
    }

    package static func borrowHandlesRemain(_ count: Int) -> ABIError {
        ABIError(
            code: .borrowHandlesRemain,
            message: "borrow handles still remain at the end of the call: \(count) were not dropped")
    }

    package static func tableFull(limit: Int) -> ABIError {
        ABIError(
            code: .tableFull, message: "the handle table is full (\(limit) handles); drop handles or raise the limit")
    }

    package static func noBorrowScope() -> ABIError {
        ABIError(code: .unsupported, message: "a borrowed handle can only be passed as a parameter of a call")
    }

    package static func resourceNotUsable(_ type: String, state: String) -> ABIError {
        ABIError(code: .resourceNotUsable, message: "resource `\(type)` cannot be used, it was \(state)")
    }

    package static func resourceIsLent(_ type: String) -> ABIError {
        ABIError(
            code: .handleIsLent,
            message: "resource `\(type)` is lent, it cannot be moved or dropped until the call returns")
    }

    package static func resourceNotOwned(_ type: String) -> ABIError {
        ABIError(
            code: .notAnOwnHandle,
            message: "resource `\(type)` is only borrowed, expected an owned one; it cannot be given away")
    }

    @usableFromInline @inline(never)
    package static func resourceOfAnotherType(expected: String, found: String) -> ABIError {
        ABIError(
            code: .handleOfAnotherType, message: "resource is of another type, expected `\(expected)`, found `\(found)`"
        )
    }

    @usableFromInline @inline(never)
    package static func unregisteredResource(_ type: String) -> ABIError {
        ABIError(
            code: .unsupported, message: "`\(type)` is not registered as a resource type; define it in the linker first"
        )
    }

    package static func noHostObject(_ rep: UInt32) -> ABIError {
        ABIError(code: .unknownHandle, message: "the host has no object with the representation \(rep)")
    }

    package static func unsupported(_ what: String) -> ABIError {
        ABIError(code: .unsupported, message: "\(what) cannot be passed here")
    }

    package static func typesTooDeep(limit: Int) -> ABIError {
        ABIError(code: .unsupported, message: "types are nested more than \(limit) levels deep")
    }

    package static func noRealloc() -> ABIError {
        ABIError(
            code: .reallocFailed,
            message: "a value has to be placed in the guest's memory, but the function has no `realloc` option")
    }

    package static func expected(_ expected: String, found: String) -> ABIError {
        ABIError(code: .typeMismatch, message: "expected \(expected), found \(found)")
    }

    package static func argumentCount(expected: Int, found: Int) -> ABIError {
        ABIError(
            code: .typeMismatch, message: "expected \(expected) argument\(expected == 1 ? "" : "s"), found \(found)")
    }

    package static func noSuchCase(_ name: String, of type: String, known: [String]) -> ABIError {
        let list = known.prefix(8).map { "`\($0)`" }.joined(separator: ", ") + (known.count > 8 ? ", …" : "")
        return ABIError(code: .typeMismatch, message: "\(type) has no case `\(name)`, expected one of \(list)")
    }

    package static func missingField(_ name: String) -> ABIError {
        ABIError(code: .typeMismatch, message: "field `\(name)` is missing")
    }

    package static func unknownField(_ name: String) -> ABIError {
        ABIError(code: .typeMismatch, message: "record has no field `\(name)`")
    }
}
