// SPDX-License-Identifier: Apache-2.0

/// Why guest code stopped before it returned. The instance it ran in cannot be entered again.
public struct Trap: Error, Sendable {
    /// The class of a ``Trap``; new ones may join.
    public struct Code: Hashable, Sendable {
        enum Kind: Hashable {
            case stackOverflow, outOfBounds, unreachable, arithmetic, indirectCall, timeout, cancelled, other
            case canonicalABI, cannotEnter, cannotLeave, deadlock, limit, unsupported
        }
        let kind: Kind
        /// Core code used up its stack.
        public static let stackOverflow = Code(kind: .stackOverflow)
        /// Core code went past the end of a memory or table.
        public static let outOfBounds = Code(kind: .outOfBounds)
        /// Core code ran into `unreachable`.
        public static let unreachable = Code(kind: .unreachable)
        /// Division by zero, overflow or a bad conversion.
        public static let arithmetic = Code(kind: .arithmetic)
        /// An indirect call met no function, or one of another type.
        public static let indirectCall = Code(kind: .indirectCall)
        /// The time was up that the store gives each call, in guest code or while it waited.
        public static let timeout = Code(kind: .timeout)
        /// The task was cancelled that called, while guest code waited.
        public static let cancelled = Code(kind: .cancelled)
        /// A value or handle broke the rules of the canonical ABI; ``Trap/cause`` is an `ABIError`.
        public static let canonicalABI = Code(kind: .canonicalABI)
        /// The instance trapped earlier.
        public static let cannotEnter = Code(kind: .cannotEnter)
        /// Guest code called an import where it must not: inside `realloc` or `post-return`.
        public static let cannotLeave = Code(kind: .cannotLeave)
        /// Guest code waits for something that can never happen, or where it must not wait.
        public static let deadlock = Code(kind: .deadlock)
        /// A limit of the store was reached.
        public static let limit = Code(kind: .limit)
        /// Guest code used something this version does not offer.
        public static let unsupported = Code(kind: .unsupported)
        /// Any other reason.
        public static let other = Code(kind: .other)
    }

    /// A function of the wasm stack at the time of the trap, innermost first.
    public struct Frame: Sendable {
        /// The function's name, if the module names it.
        public var function: String?
        /// The module's name, if it has one.
        public var module: String?
        /// The function's index in its module.
        public let functionIndex: Int
        /// Where in the module's bytes the code stands, where the engine knows.
        public var moduleOffset: Int?
    }

    /// What kind of trap it is.
    public let code: Code
    /// The reason, in one sentence.
    public let message: String
    /// The wasm stack, innermost function first.
    public let backtrace: [Frame]
    /// The error behind the trap, if there is one.
    public let cause: (any Error)?
    /// What the guest itself says of it, if it does: of a component in Python, the traceback of the exception that nothing caught.
    public let guestMessage: String?

    init(
        code: Code, message: String, backtrace: [Frame] = [], cause: (any Error)? = nil, guestMessage: String? = nil
    ) {
        self.code = code
        self.message = message
        self.backtrace = backtrace
        self.cause = cause
        self.guestMessage = guestMessage
    }
}

extension Trap: CustomStringConvertible {
    /// The reason, what the guest says of it, and the wasm stack, a line a function.
    public var description: String {
        var text = message
        if let guestMessage { text += "\n" + Self.withoutEnd(guestMessage) }
        guard !backtrace.isEmpty else { return text }
        text += "\nwasm backtrace:"
        for (index, frame) in backtrace.enumerated() {
            let offset = frame.moduleOffset.map { "0x" + String($0, radix: 16) } ?? "?"
            let name = frame.function ?? "function \(frame.functionIndex)"
            text += "\n  \(index): \(offset) - \(frame.module ?? "<module>")!\(name)"
        }
        return text
    }

    private static func withoutEnd(_ text: String) -> Substring {
        text.last == "\n" ? text.dropLast() : text[...]
    }
}

extension Trap {
    static func cannotEnter(_ reason: String) -> Trap {
        Trap(code: .cannotEnter, message: "cannot enter component instance: it trapped earlier (\(reason))")
    }

    static func suspendedExclusively() -> Trap {
        Trap(
            code: .cannotEnter,
            message:
                "cannot enter component instance while another call of its store waits: the guest holds references "
                + "that the engine collects; use `callAsync`, which takes its turn")
    }

    static func cannotLeave() -> Trap {
        Trap(
            code: .cannotLeave,
            message: "cannot leave component instance: an import was called inside `realloc` or `post-return`")
    }

    /// The time was up while guest code ran.
    static func outOfTime() -> Trap { Trap(code: .timeout, message: "interrupted: the time limit was reached") }

    /// The time was up while guest code waited.
    package static func timeout() -> Trap {
        Trap(code: .timeout, message: "interrupted: the time limit was reached while the guest waited")
    }

    /// The task that called was cancelled.
    package static func cancelled(_ cause: (any Error)? = nil) -> Trap {
        Trap(code: .cancelled, message: "interrupted: the task that called was cancelled", cause: cause)
    }

    static func cannotWait() -> Trap {
        Trap(
            code: .unsupported,
            message: "a host function has to wait, but the guest was entered by a call that cannot; use `callAsync`")
    }

    static func cannotWaitNested() -> Trap {
        Trap(
            code: .unsupported,
            message: "a host function has to wait inside a call that another host function made; "
                + "only the guest that `callAsync` entered can wait")
    }

    static func stackExhausted() -> Trap {
        Trap(
            code: .stackOverflow,
            message: "too little stack is left to enter guest code: host and guest call each other too deeply, "
                + "or the thread has a small stack")
    }

    static func cannotBlock() -> Trap {
        Trap(code: .deadlock, message: "cannot block a synchronous task before returning")
    }

    static func deadlock() -> Trap {
        Trap(code: .deadlock, message: "deadlock: every task waits for another, and none can go on")
    }

    static func limit(_ what: String, _ limit: Int) -> Trap {
        Trap(code: .limit, message: "there are \(limit) \(what), which is the most that the store allows")
    }

    /// Whether it was thrown by a built-in that guest code called, and went no further yet.
    var isNew: Bool { code == .canonicalABI && cause == nil && backtrace.isEmpty }

    static func task(_ message: String) -> Trap { Trap(code: .canonicalABI, message: message) }

    static func unsupported(_ what: String) -> Trap {
        Trap(code: .unsupported, message: "\(what) is not supported")
    }

    static func abi(_ error: ABIErrorBox) -> Trap {
        Trap(code: .canonicalABI, message: error.text, cause: error.error)
    }

    func with(backtrace: [Frame]) -> Trap {
        Trap(
            code: code, message: message, backtrace: self.backtrace.isEmpty ? backtrace : self.backtrace, cause: cause,
            guestMessage: guestMessage)
    }

    /// The same trap with other words of the guest's, or without.
    package func with(guestMessage: String?) -> Trap {
        Trap(code: code, message: message, backtrace: backtrace, cause: cause, guestMessage: guestMessage)
    }
}

/// An error of the canonical ABI with the function it happened in.
struct ABIErrorBox {
    let text: String
    let error: any Error
}
