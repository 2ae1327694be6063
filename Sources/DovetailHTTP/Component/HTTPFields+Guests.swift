// SPDX-License-Identifier: Apache-2.0

extension HTTPFields {
    /// Whether a field says how a connection works, which is the host's business: guests neither see nor set it.
    package static func isHostsBusiness(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { isHostsBusiness(UnsafeRawBufferPointer($0)) }
    }

    private static func isHostsBusiness(_ name: UnsafeRawBufferPointer) -> Bool {
        // By the length first, which most other fields do not have.
        switch name.count {
        case 4: HTTPSyntax.equals(name, "host")
        case 7: HTTPSyntax.equals(name, "upgrade")
        case 10: HTTPSyntax.equals(name, "connection") || HTTPSyntax.equals(name, "keep-alive")
        case 14: HTTPSyntax.equals(name, "http2-settings")
        case 16: HTTPSyntax.equals(name, "proxy-connection")
        case 17: HTTPSyntax.equals(name, "transfer-encoding")
        case 18: HTTPSyntax.equals(name, "proxy-authenticate")
        case 19: HTTPSyntax.equals(name, "proxy-authorization")
        default: false
        }
    }

    /// What guests see of the fields of a message, which leaves out what `connection` names, too.
    package var forGuests: HTTPFields {
        var options: [[UInt8]] = []
        for value in values(of: "connection") {
            for option in value.split(separator: UInt8(ascii: ",")) {
                options.append(option.filter { $0 != 0x20 && $0 != 0x09 }.map(HTTPSyntax.lowercased))
            }
        }
        var visible = HTTPFields()
        forEach { name, value in
            if Self.isHostsBusiness(name) { return }
            if !options.isEmpty, options.contains(name.map(HTTPSyntax.lowercased)) { return }
            _ = visible.add(name: name, value: value)
        }
        return visible
    }
}
