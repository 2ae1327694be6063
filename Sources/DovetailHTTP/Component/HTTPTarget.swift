// SPDX-License-Identifier: Apache-2.0

/// The parts of a request's target (RFC 3986), as guests give them.
package enum HTTPTarget {
    /// Whether text can stand as path and query in a request: a path that begins with `/`, a query alone, `*`, or nothing.
    static func isPathWithQuery(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard let first = bytes.first else { return true }
            guard
                first == UInt8(ascii: "/") || first == UInt8(ascii: "?")
                    || (first == UInt8(ascii: "*") && bytes.count == 1)
            else {
                return false
            }
            let raw = UnsafeRawBufferPointer(bytes)
            return HTTPSyntax.endOfTarget(raw, from: 0) == raw.count
        }
    }

    /// Whether text is the name of a scheme (RFC 3986, 3.1).
    static func isScheme(_ text: String) -> Bool {
        guard let first = text.utf8.first, (HTTPSyntax.lowercased(first) &- 0x61) < 26 else { return false }
        return text.utf8.allSatisfy {
            (HTTPSyntax.lowercased($0) &- 0x61) < 26 || ($0 &- 0x30) < 10 || $0 == UInt8(ascii: "+")
                || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
        }
    }

    /// The host of an authority, without the brackets of an IPv6 address, and the port where there is one; nil for what is none.
    package static func hostAndPort(_ authority: String) -> (host: String, port: UInt16?)? {
        guard authority.utf8.allSatisfy({ HTTPSyntax.isHost($0) }) else { return nil }
        var (host, rest) = (authority[...], Substring())
        if host.first == "[" {
            guard let end = host.firstIndex(of: "]") else { return nil }
            rest = host[host.index(after: end)...]
            host = host[host.index(after: host.startIndex)..<end]
            guard host.utf8.allSatisfy({ $0 != UInt8(ascii: "[") }) else { return nil }
        } else if let colon = host.firstIndex(of: ":") {
            rest = host[colon...]
            host = host[..<colon]
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 != UInt8(ascii: "]") && $0 != UInt8(ascii: "[") }) else {
            return nil
        }
        if rest.isEmpty { return (String(host), nil) }
        guard rest.first == ":" else { return nil }
        let digits = rest.dropFirst()
        // `host:` is the same as `host` (RFC 3986, 3.2.3).
        if digits.isEmpty { return (String(host), nil) }
        guard digits.utf8.allSatisfy({ ($0 &- 0x30) < 10 }), let port = UInt16(digits) else { return nil }
        return (String(host), port)
    }
}
