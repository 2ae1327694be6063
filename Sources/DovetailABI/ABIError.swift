// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Why a value could not be carried across the boundary of a component. (CanonicalABI.md, "Lifting and Lowering Values")
///
/// The error is one reference wide, so that functions that throw it stay as cheap as functions that do not.
public struct ABIError: Error, Sendable {
    /// The class of an ``ABIError``; new ones may join.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        enum Kind: String {
            case stringOutOfBounds, listOutOfBounds, pointerOutOfBounds, outOfBounds, unalignedPointer
            case invalidUTF8, unpairedSurrogate, invalidChar, invalidDiscriminant, stringTooLong, listTooLong
            case unknownHandle, handleOfAnotherType, handleIsLent, notAnOwnHandle, borrowHandlesRemain, tableFull
            case resourceNotUsable, typeMismatch, copyLimit, reallocFailed, unsupported
        }
        let kind: Kind
        init(_ kind: Kind) { self.kind = kind }

        /// A string's bytes are not all inside the memory.
        public static let stringOutOfBounds = Code(.stringOutOfBounds)
        /// A list's elements are not all inside the memory.
        public static let listOutOfBounds = Code(.listOutOfBounds)
        /// Parameters or results passed through memory are not inside it.
        public static let pointerOutOfBounds = Code(.pointerOutOfBounds)
        /// The guest's `realloc` returned a block that is not inside the memory.
        public static let outOfBounds = Code(.outOfBounds)
        /// A pointer is not a multiple of its type's alignment.
        public static let unalignedPointer = Code(.unalignedPointer)
        /// A UTF-8 string is malformed.
        public static let invalidUTF8 = Code(.invalidUTF8)
        /// A UTF-16 string has half of a surrogate pair.
        public static let unpairedSurrogate = Code(.unpairedSurrogate)
        /// A char is not a Unicode scalar value.
        public static let invalidChar = Code(.invalidChar)
        /// A variant, enum, option or result names a case that does not exist.
        public static let invalidDiscriminant = Code(.invalidDiscriminant)
        /// A string has 2^28 bytes or more.
        public static let stringTooLong = Code(.stringTooLong)
        /// A list has 2^28 bytes or more.
        public static let listTooLong = Code(.listTooLong)
        /// A handle index names nothing.
        public static let unknownHandle = Code(.unknownHandle)
        /// A handle index names a handle of another resource, or something that is no resource.
        public static let handleOfAnotherType = Code(.handleOfAnotherType)
        /// A handle is moved or dropped while a call still borrows it.
        public static let handleIsLent = Code(.handleIsLent)
        /// A borrowed handle is passed where an owned one is needed.
        public static let notAnOwnHandle = Code(.notAnOwnHandle)
        /// A call returned without dropping the handles it was lent.
        public static let borrowHandlesRemain = Code(.borrowHandlesRemain)
        /// The handle table has reached its limit.
        public static let tableFull = Code(.tableFull)
        /// A resource held by the host was moved, dropped or lent only for a call that has ended.
        public static let resourceNotUsable = Code(.resourceNotUsable)
        /// A host value is not of the type that the component declares.
        public static let typeMismatch = Code(.typeMismatch)
        /// A call made the host copy more bytes than it may.
        public static let copyLimit = Code(.copyLimit)
        /// The guest has no `realloc`, or it failed.
        public static let reallocFailed = Code(.reallocFailed)
        /// The value cannot be carried here.
        public static let unsupported = Code(.unsupported)

        /// The name of the code.
        public var description: String { kind.rawValue }
    }

    /// A step into a value.
    public enum PathElement: Equatable, Sendable {
        /// A field, parameter or result.
        case field(String)
        /// An element of a list, map or tuple.
        case index(Int)
        /// The payload of a case.
        case `case`(String)
    }

    private struct Content {
        let code: Code
        var message: String
        let path: [PathElement]
        var cause: (any Error)?
    }

    @Boxed private var content: Content

    /// Makes an error; `path` leads from the parameter or result to the offending value.
    public init(code: Code, message: String, path: [PathElement] = [], cause: (any Error)? = nil) {
        content = Content(code: code, message: message, path: path, cause: cause)
    }

    /// The class of the error.
    public var code: Code { content.code }
    /// What is wrong, without the path.
    public var message: String { content.message }
    /// Where in the value, outermost first.
    public var path: [PathElement] { content.path }
    /// What guest code or the host threw, if that is the reason.
    public var cause: (any Error)? { content.cause }

    /// The same error one level further out.
    @inline(never)
    public func within(_ element: PathElement) -> ABIError {
        ABIError(code: code, message: message, path: [element] + path, cause: cause)
    }
}

extension ABIError: CustomStringConvertible {
    /// The path and the message: `order.items[3].price: expected u32, found string`.
    public var description: String {
        guard !path.isEmpty else { return message }
        var text = ""
        for element in path {
            switch element {
            case .field(let name), .case(let name):
                if !text.isEmpty { text += "." }
                text += name
            case .index(let index): text += "[\(index)]"
            }
        }
        return text + ": " + message
    }
}
