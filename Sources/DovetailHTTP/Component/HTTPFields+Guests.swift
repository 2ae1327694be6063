// SPDX-License-Identifier: Apache-2.0

extension HTTPFields {
    /// The fields that say how a connection works, which is the host's business: guests neither see nor set them.
    private static let hostsBusiness: Set<String> = [
        "connection", "host", "http2-settings", "keep-alive", "proxy-authenticate", "proxy-authorization",
        "proxy-connection", "transfer-encoding", "upgrade",
    ]

    /// Whether guests may not set a field of this name.
    package static func isHostsBusiness(_ name: String) -> Bool {
        // None of them begins otherwise, and most fields of guests do.
        switch name.utf8.first.map(HTTPSyntax.lowercased) {
        case UInt8(ascii: "c"), UInt8(ascii: "h"), UInt8(ascii: "k"), UInt8(ascii: "p"), UInt8(ascii: "t"),
            UInt8(ascii: "u"):
            hostsBusiness.contains(name.lowercased())
        default: false
        }
    }

    /// What guests see of the fields of a message, which leaves out what names in `connection` belong to the connection, too.
    package var forGuests: HTTPFields {
        var visible = self
        for value in values(of: "connection") {
            for option in value.split(separator: UInt8(ascii: ",")) {
                visible.remove(String(decoding: option.filter { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self))
            }
        }
        for name in Self.hostsBusiness { visible.remove(name) }
        return visible
    }
}
