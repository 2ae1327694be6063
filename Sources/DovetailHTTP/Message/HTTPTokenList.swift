// SPDX-License-Identifier: Apache-2.0

/// A list of tokens with commas between them, `keep-alive, upgrade` for instance (RFC 9110, 5.6.1).
struct HTTPTokenList {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0
    /// Whether something was found that is no token.
    private(set) var isInvalid = false
    /// Whether there were members without a character, which are passed over.
    private(set) var hasEmptyMembers = false

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next token; nil behind the last, or when something else comes.
    mutating func next() -> UnsafeRawBufferPointer? {
        while !isInvalid, index < bytes.count {
            let start = index
            while index < bytes.count, bytes[index] != 0x2C { index += 1 }
            let member = HTTPSyntax.trimmed(UnsafeRawBufferPointer(rebasing: bytes[start..<index]))
            // A comma at the end has an empty member behind it.
            if index == bytes.count - 1 { hasEmptyMembers = true }
            index += 1
            if member.isEmpty {
                hasEmptyMembers = true
                continue
            }
            isInvalid = !HTTPSyntax.isToken(member)
            return isInvalid ? nil : member
        }
        return nil
    }
}
