// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem

/// A client and a server that are joined by nothing but their output.
final class HTTP2Pair {
    final class End: HTTP2Session.Owner {
        var received: [HTTP2Stream] = []
        var closed: [HTTP2Stream] = []
        var told = 0

        func received(_ stream: HTTP2Stream) { received.append(stream) }
        func wantsToSend() { told += 1 }
        func progressed(_ stream: HTTP2Stream) {}
        func closed(_ stream: HTTP2Stream) { closed.append(stream) }
        var isSent: Bool { true }
    }

    let (atClient, atServer) = (End(), End())
    let client, server: HTTP2Session
    /// How many bytes are carried over at once.
    var pieces: Int

    init(pieces: Int = .max, client: HTTP2Limits = HTTP2Limits(), server: HTTP2Limits = HTTP2Limits())
        throws
    {
        self.pieces = pieces
        self.client = try HTTP2Session(isServer: false, limits: client, owner: atClient)
        self.server = try HTTP2Session(isServer: true, limits: server, owner: atServer)
        try carry()
    }

    deinit {
        client.close(.connectionTerminated)
        server.close(.connectionTerminated)
    }

    /// Carries over what there is until nothing moves.
    func carry() throws {
        while try move(client, server) || move(server, client) {}
    }

    private func move(_ from: HTTP2Session, _ to: HTTP2Session) throws -> Bool {
        from.prepareOutput(limit: 65536)
        var hasMoved = false
        while !from.output.isEmpty {
            hasMoved = true
            let piece = Array(from.output.bytes.prefix(pieces))
            from.output.removeFirst(piece.count)
            try piece.withUnsafeBytes { try to.receive($0) }
        }
        from.outputIsSent()
        return hasMoved
    }

    /// A request that has arrived at the server.
    func request(
        _ request: HTTPRequest = HTTPRequest(scheme: "https", authority: "localhost"),
        hasBody: Bool = false
    ) throws -> (client: HTTP2Stream, server: HTTP2Exchange) {
        let stream = try client.request(request, hasBody: hasBody)
        try carry()
        guard let received = atServer.received.last, received.id == stream.id else {
            throw HTTPError.httpProtocolError
        }
        return (
            stream,
            HTTP2Exchange(
                received, peer: HTTPPeer(address: SocketAddress(.loopback(.v4), port: 1), isSecure: true))
        )
    }
}

/// Everything that there is to read now; nil in `end` when it is not the end.
func readAll(_ reader: any BodyReader, _ limit: Int = 1 << 20) throws -> (
    bytes: [UInt8], end: HTTPFields??
) {
    var bytes: [UInt8] = []
    while true {
        switch try reader.read(limit) {
        case .bytes(let more): bytes += more
        case .pending: return (bytes, nil)
        case .end(let trailers): return (bytes, .some(trailers))
        }
    }
}
