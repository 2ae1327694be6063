// SPDX-License-Identifier: Apache-2.0

internal import CDovetailNGHTTP2

/// The fields of a message as nghttp2 takes them: pseudo-header fields first, names in lower case, nothing that belongs to a connection.
struct HTTP2FieldWriter {
    private var bytes: [UInt8] = []
    /// Where each field begins and ends: name, then value.
    private var places: [(name: Int, value: Int, end: Int)] = []
    private var hasDate = false

    /// The head of a request.
    ///
    /// - Throws: ``HTTPError/httpRequestMethodInvalid`` or ``HTTPError/httpRequestURIInvalid``.
    init(_ request: HTTPRequest) throws(HTTPError) {
        guard HTTPSyntax.isToken(request.method) else { throw .httpRequestMethodInvalid }
        let isConnect = request.method == "CONNECT"
        add(":method", request.method)
        if !isConnect {
            guard let path = request.pathWithQuery, HTTP1Writer.isTarget(path, request.method) else {
                throw .httpRequestURIInvalid
            }
            add(":scheme", request.scheme ?? "https")
            add(":path", path)
        }
        guard let authority = request.authority ?? request.fields["host"],
            HTTPAuthority.isValid(authority)
        else {
            throw .httpRequestURIInvalid
        }
        add(":authority", authority)
        add(request.fields)
    }

    /// The head of a response, with a `date` if one is given and the response has none.
    init(_ response: HTTPResponse, date: UnsafeRawBufferPointer? = nil) {
        add(":status", "\(response.status)")
        add(response.fields)
        if let date, !hasDate { add("date", date) }
    }

    init(trailers: HTTPFields) { add(trailers) }

    private mutating func add(_ name: StaticString, _ value: String) {
        var value = value
        value.withUTF8 { add(name, UnsafeRawBufferPointer($0)) }
    }

    private mutating func add(_ name: StaticString, _ value: UnsafeRawBufferPointer) {
        let start = bytes.count
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        let middle = bytes.count
        bytes.append(contentsOf: value)
        places.append((start, middle, bytes.count))
    }

    private mutating func add(_ fields: HTTPFields) {
        bytes.reserveCapacity(bytes.count + fields.bytes.count)
        fields.forEach { name, value in
            guard !Self.belongsToConnection(name, value) else { return }
            if name.count == 4, HTTPSyntax.equals(name, "date") { hasDate = true }
            let start = bytes.count
            for byte in name { bytes.append(HTTPSyntax.lowercased(byte)) }
            let middle = bytes.count
            bytes.append(contentsOf: value)
            places.append((start, middle, bytes.count))
        }
    }

    /// Whether a field says something about the connection it comes over, which HTTP/2 does not have (RFC 9113, 8.2.2), or about the host.
    private static func belongsToConnection(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) -> Bool {
        switch name.count {
        case 2: HTTPSyntax.equals(name, "te") && !HTTPSyntax.equals(value, "trailers")
        case 4: HTTPSyntax.equals(name, "host")
        case 7: HTTPSyntax.equals(name, "upgrade")
        case 10: HTTPSyntax.equals(name, "connection") || HTTPSyntax.equals(name, "keep-alive")
        case 16: HTTPSyntax.equals(name, "proxy-connection")
        case 17: HTTPSyntax.equals(name, "transfer-encoding")
        default: false
        }
    }

    /// Hands the fields to nghttp2, which copies them.
    func submit(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> Int32) -> Int32 {
        bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return body(nil, 0) }
            // nghttp2 only reads through it.
            let start = UnsafeMutablePointer(mutating: base)
            return withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: places.count) { fields in
                for (index, place) in places.enumerated() {
                    fields[index] = nghttp2_nv(
                        name: start + place.name, value: start + place.value, namelen: place.value - place.name,
                        valuelen: place.end - place.value, flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue))
                }
                return body(fields.baseAddress, places.count)
            }
        }
    }
}
