// SPDX-License-Identifier: Apache-2.0

/// What a client that speaks HTTP/2 begins with (RFC 9113, 3.4).
enum HTTP2Preface {
    private static var text: StaticString { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" }

    /// Whether bytes begin with it; nil while there are too few to tell. What TLS has agreed on decides.
    static func begins(_ bytes: UnsafeRawBufferPointer, agreed name: String?) -> Bool? {
        if let name { return name == "h2" }
        let count = min(bytes.count, text.utf8CodeUnitCount)
        for index in 0..<count where bytes[index] != text.utf8Start[index] { return false }
        return count == text.utf8CodeUnitCount ? true : nil
    }
}
