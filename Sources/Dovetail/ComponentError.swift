// SPDX-License-Identifier: Apache-2.0

/// Why a component cannot be loaded, though its bytes could be read.
public struct ComponentError: Error, Sendable {
    /// The kind of an error, for code that wants to tell them apart.
    public struct Code: Hashable, Sendable {
        enum Kind: Hashable { case invalid, malformed, truncated, unsupported, tooLarge, notAComponent, notReadable }
        let kind: Kind
        /// The component breaks a rule of the specification.
        public static let invalid = Code(kind: .invalid)
        /// The bytes do not follow the binary format.
        public static let malformed = Code(kind: .malformed)
        /// The bytes end in the middle of something.
        public static let truncated = Code(kind: .truncated)
        /// The component uses something that this version does not offer.
        public static let unsupported = Code(kind: .unsupported)
        /// The component is past one of the limits that protect the host.
        public static let tooLarge = Code(kind: .tooLarge)
        /// The bytes are a core module, text or something else.
        public static let notAComponent = Code(kind: .notAComponent)
        /// The file cannot be read.
        public static let notReadable = Code(kind: .notReadable)
    }

    /// What kind of error it is.
    public let code: Code
    /// What is wrong, in one sentence.
    public let message: String
    /// The byte in the file that the message is about.
    public let offset: Int?
    /// The section and the definitions around that byte, outermost first, in words.
    public let place: String?

    init(code: Code, message: String, offset: Int?, place: String? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
        self.place = place
    }
}

extension ComponentError: CustomStringConvertible {
    /// The message with its place.
    public var description: String {
        guard let offset else { return message }
        let rest = place.map { ", " + $0 } ?? ""
        return "\(message) (at offset 0x\(String(offset, radix: 16))\(rest))"
    }
}
