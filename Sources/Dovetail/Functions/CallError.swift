// SPDX-License-Identifier: Apache-2.0

/// Why a call was not made. No guest code ran for it, and the instance can be used as before.
public struct CallError: Error, Sendable {
    /// The class of a ``CallError``; new ones may join.
    public struct Code: Hashable, Sendable {
        enum Kind: Hashable { case noSuchFunction, hostFunction, typeMismatch, argument, storeBusy, notReadable }
        let kind: Kind
        /// The component exports no such function.
        public static let noSuchFunction = Code(kind: .noSuchFunction)
        /// The export only passes a function of the host on, which has to be called directly.
        public static let hostFunction = Code(kind: .hostFunction)
        /// Swift types do not stand for the types of the function.
        public static let typeMismatch = Code(kind: .typeMismatch)
        /// An argument cannot be passed; ``CallError/cause`` is an `ABIError`.
        public static let argument = Code(kind: .argument)
        /// Another thread is inside the store.
        public static let storeBusy = Code(kind: .storeBusy)
        /// A stream or future cannot be read: it was given away, is being read already, or its store is gone.
        public static let notReadable = Code(kind: .notReadable)
    }

    /// What kind of error it is.
    public let code: Code
    /// The function, by the name that it was looked up by; `nil` where the store itself was entered.
    public let function: String?
    /// What does not fit: the path to it, what was expected and what was found.
    public let message: String
    /// The error behind it, if there is one.
    public let cause: (any Error)?

    init(code: Code, function: String?, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.function = function
        self.message = message
        self.cause = cause
    }
}
