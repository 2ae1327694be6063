// SPDX-License-Identifier: Apache-2.0

/// Where a request goes: connections with the same one can be used for each other's requests.
struct ClientDestination: Hashable {
    let isSecure: Bool
    /// A name in lower case, or an address without brackets.
    let host: String
    let port: UInt16

    /// - Throws: ``HTTPError/httpRequestURIInvalid`` for a scheme that is neither `http` nor `https`, and for an authority that is none.
    init(_ request: HTTPRequest) throws(HTTPError) {
        switch request.scheme?.lowercased() {
        case nil, "https": isSecure = true
        case "http": isSecure = false
        default: throw .httpRequestURIInvalid
        }
        guard let authority = request.authority, HTTPAuthority.isValid(authority) else {
            throw .httpRequestURIInvalid
        }
        var name = authority[...]
        var number: Substring?
        if let colon = authority.lastIndex(of: ":"), authority[colon...].firstIndex(of: "]") == nil {
            name = authority[..<colon]
            number = authority[authority.index(after: colon)...]
        }
        if name.first == "[" { name = name.dropFirst().dropLast() }
        guard !name.isEmpty else { throw .httpRequestURIInvalid }
        host = name.lowercased()
        if let number, !number.isEmpty {
            guard let port = UInt16(number), port > 0 else { throw .httpRequestURIInvalid }
            self.port = port
        } else {
            port = isSecure ? 443 : 80
        }
    }
}
