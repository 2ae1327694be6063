// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailTestSupport
import Testing

/// A client and a server that are joined by nothing but arrays.
private final class TLSPair {
    let client, server: TLSSession
    var (atClient, atServer): ([UInt8], [UInt8]) = ([], [])

    convenience init(
        _ certificate: TestCertificates.Server, trusting authority: String, name: String,
        serverProtocols: [ApplicationProtocol] = [.http2, .http1],
        clientProtocols: [ApplicationProtocol] = [.http1, .http2]
    ) throws {
        let serverContext = try TLSContext(
            certificateChain: certificate.certificate, privateKey: certificate.key, protocols: serverProtocols)
        let clientContext = try TLSContext(trusting: .certificates(authority), protocols: clientProtocols)
        try self.init(serverContext, clientContext, name: name)
    }

    init(_ serverContext: TLSContext, _ clientContext: TLSContext, name: String, port: UInt16? = nil) throws {
        server = try TLSSession(serverContext)
        client = try TLSSession(clientContext, serverName: name, port: port)
        try client.handshake()
    }

    /// Carries over what there is, in pieces, until nothing moves.
    func carry(pieces: Int = .max) throws {
        while !client.output.isEmpty || !server.output.isEmpty {
            try Self.move(client, server, &atServer, pieces)
            try Self.move(server, client, &atClient, pieces)
        }
    }

    private static func move(_ from: TLSSession, _ to: TLSSession, _ text: inout [UInt8], _ pieces: Int) throws {
        while !from.output.isEmpty {
            let piece = Array(from.output.bytes.prefix(pieces))
            from.output.removeFirst(piece.count)
            try receive(piece, to, &text)
        }
    }

    static func receive(_ piece: [UInt8], _ session: TLSSession, _ text: inout [UInt8]) throws {
        var rest = piece
        repeat {
            try withUnsafeTemporaryAllocation(byteCount: 1000, alignment: 1) { buffer in
                let count = try rest.withUnsafeBytes { try session.receive($0, into: buffer) }
                text += buffer.prefix(count)
            }
            rest = []
        } while session.hasPending
    }
}

@Suite struct TLSSessionTests {
    private let certificates: TestCertificates
    init() async throws { certificates = try await TestCertificates.shared.get() }

    private func pair(_ name: String = "localhost") throws -> TLSPair {
        try TLSPair(certificates.server, trusting: certificates.authority, name: name)
    }

    @Test(arguments: [Int.max, 1, 7])
    func `client and server agree, and carry bytes both ways until each has said that it ends`(pieces: Int) throws {
        let pair = try pair()
        try pair.carry(pieces: pieces)
        #expect(pair.client.isEstablished && pair.server.isEstablished)
        #expect(pair.client.version == "TLSv1.3")
        #expect(pair.client.applicationProtocol == .http2 && pair.server.applicationProtocol == .http2)
        #expect(pair.server.serverName == "localhost")

        let long = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try long.withUnsafeBytes { try pair.client.send($0) }
        try Array("answer".utf8).withUnsafeBytes { try pair.server.send($0) }
        try pair.carry(pieces: pieces)
        #expect(pair.atServer == long)
        #expect(pair.atClient == Array("answer".utf8))

        #expect(pair.server.isTruncated)
        pair.client.close()
        try pair.carry(pieces: pieces)
        #expect(pair.server.isEnded && !pair.server.isTruncated)
        // The other direction is still open.
        #expect(!pair.client.isEnded && pair.client.isTruncated)
        try Array("more".utf8).withUnsafeBytes { try pair.server.send($0) }
        pair.server.close()
        try pair.carry(pieces: pieces)
        #expect(pair.atClient == Array("answermore".utf8))
        #expect(pair.client.isEnded)
        #expect(throws: HTTPError.tlsProtocolError) {
            try ([1] as [UInt8]).withUnsafeBytes { try pair.client.send($0) }
        }
    }

    @Test func `a record that is cut short gives nothing and no end`() throws {
        let pair = try pair()
        try pair.carry()
        try [UInt8](repeating: 7, count: 5000).withUnsafeBytes { try pair.server.send($0) }
        pair.server.close()
        let cut = Array(pair.server.output.bytes.prefix(3000))
        try TLSPair.receive(cut, pair.client, &pair.atClient)
        #expect(pair.atClient.isEmpty)
        #expect(pair.client.isTruncated && !pair.client.isEnded)
    }

    @Test func `a server is known by its name, by a name with a wildcard, or by its address`() throws {
        for name in ["localhost", "LOCALHOST", "localhost.", "a.wild.test", "127.0.0.1"] {
            let pair = try pair(name)
            try pair.carry()
            #expect(pair.client.isEstablished, "\(name)")
        }
    }

    @Test(arguments: ["other.test", "127.0.0.2", "::1", "localhost.localdomain", "a.b.wild.test", "xwild.test"])
    func `a certificate of another host is refused, and the server is told`(name: String) throws {
        try expectRefusal(certificates.server, certificates.authority, name, "mismatch")
    }

    @Test func `a certificate of an unknown authority, or one that has expired, is refused`() throws {
        try expectRefusal(certificates.server, certificates.otherAuthority, "localhost", "issuer certificate")
        try expectRefusal(certificates.expired, certificates.authority, "localhost", "expired")
        try expectRefusal(certificates.otherHost, certificates.authority, "localhost", "mismatch")
    }

    private func expectRefusal(
        _ server: TestCertificates.Server, _ authority: String, _ name: String, _ reason: String
    ) throws {
        let pair = try TLSPair(server, trusting: authority, name: name)
        #expect(throws: HTTPError.tlsCertificateError) { try pair.carry() }
        #expect(!pair.client.isEstablished)
        #expect(pair.client.failureText?.contains(reason) == true, "\(pair.client.failureText ?? "")")
        #expect(throws: HTTPError.tlsCertificateError) {
            try ([1] as [UInt8]).withUnsafeBytes { try pair.client.send($0) }
        }
        do {
            try pair.carry()
            Issue.record("expected the server to hear of it")
        } catch HTTPError.tlsAlertReceived(let id, let message) {
            #expect(id != nil && message?.isEmpty == false)
        }
    }

    /// Contexts of which many sessions are made.
    private func contexts(
        trusting authority: String? = nil
    ) throws -> (server: TLSContext, client: TLSContext) {
        let server = certificates.server
        return (
            try TLSContext(certificateChain: server.certificate, privateKey: server.key),
            try TLSContext(trusting: .certificates(authority ?? certificates.authority))
        )
    }

    @Test func `a session is resumed with the same server alone, each once, and verified as the first`() throws {
        let (server, client) = try contexts()
        func connects(_ name: String, _ port: UInt16?, _ client: TLSContext) throws -> Bool {
            let pair = try TLSPair(server, client, name: name, port: port)
            try pair.carry()
            #expect(pair.client.isEstablished)
            #expect(pair.client.isResumed == pair.server.isResumed)
            return pair.client.isResumed
        }
        #expect(try !connects("localhost", 443, client))
        #expect(try connects("localhost", 443, client))
        // Another port or name may be another server, other rules may not have let it pass; and who names no port resumes nothing.
        #expect(try !connects("localhost", 444, client))
        #expect(try !connects("127.0.0.1", 443, client))
        #expect(try !connects("localhost", nil, client))
        #expect(try !connects("localhost", 443, try contexts().client))
        // What a session leaves behind does not run out.
        for _ in 0..<10 { #expect(try connects("localhost", 443, client)) }
        // A server that knows nothing of it begins anew.
        let other = try contexts().server
        let pair = try TLSPair(other, client, name: "localhost", port: 443)
        try pair.carry()
        #expect(pair.client.isEstablished && !pair.client.isResumed)
        // One that was not verified leaves nothing behind.
        let strict = try contexts(trusting: certificates.otherAuthority).client
        for _ in 0..<2 {
            #expect(throws: HTTPError.tlsCertificateError) { _ = try connects("localhost", 443, strict) }
        }
        #expect(strict.keptSessions == 0 && client.keptSessions > 0)
    }

    @Test func `sessions are kept for some servers, those that were used last`() throws {
        let (server, client) = try contexts()
        func connects(_ port: Int) throws -> Bool {
            let pair = try TLSPair(server, client, name: "localhost", port: UInt16(port))
            try pair.carry()
            return pair.client.isResumed
        }
        for port in 1...300 { _ = try connects(port) }
        #expect(client.keptSessions == 256)
        #expect(try connects(300) && !connects(1))
    }

    @Test func `a client without a name to compare has no session`() throws {
        let context = try TLSContext(trusting: .certificates(certificates.authority))
        for name in [nil, "", "local\u{0}host"] {
            #expect(throws: HTTPError.tlsCertificateError) { _ = try TLSSession(context, serverName: name) }
        }
    }

    @Test func `what is no TLS at all is refused`() throws {
        let context = try TLSContext(
            certificateChain: certificates.server.certificate, privateKey: certificates.server.key)
        let session = try TLSSession(context)
        var text: [UInt8] = []
        for _ in 0..<2 {
            #expect(throws: HTTPError.tlsProtocolError) {
                try TLSPair.receive(Array("GET / HTTP/1.1\r\n\r\n".utf8), session, &text)
            }
        }
        #expect(session.failureText?.contains("http request") == true)
    }

    @Test func `ends that have no protocol in common do not agree`() throws {
        let pair = try TLSPair(
            certificates.server, trusting: certificates.authority, name: "localhost", serverProtocols: [.http2],
            clientProtocols: [.http1])
        #expect(throws: HTTPError.tlsProtocolError) { try pair.carry() }
        #expect(throws: HTTPError.tlsAlertReceived(id: 120, message: "no application protocol")) { try pair.carry() }
    }

    @Test func `files that cannot be used are named, with what is wrong`() throws {
        let server = certificates.server
        func message(_ certificate: String, _ key: String) -> String {
            do throws(TLSConfigurationError) {
                _ = try TLSContext(certificateChain: certificate, privateKey: key)
                return "none"
            } catch {
                return error.description
            }
        }
        #expect(message(server.certificate, server.key) == "none")
        // An expired certificate is its owner's business.
        #expect(message(certificates.expired.certificate, certificates.expired.key) == "none")
        #expect(
            message("/nowhere", server.key)
                == "cannot read the certificate in `/nowhere`: No such file or directory")
        #expect(
            message(server.certificate, "/nowhere")
                == "cannot read the private key in `/nowhere`: No such file or directory")
        #expect(
            message(server.key, server.key)
                == "cannot use the certificate in `\(server.key)`: expected certificates in PEM form, found no start line"
        )
        #expect(
            message(server.certificate, server.certificate).hasPrefix(
                "cannot use the private key in `\(server.certificate)`: expected a key in PEM form that is not encrypted, found "
            ))
        #expect(
            message(server.certificate, certificates.encryptedKey).hasPrefix(
                "cannot use the private key in `\(certificates.encryptedKey)`: expected a key in PEM form that is not encrypted, found "
            ))
        #expect(
            message(server.certificate, certificates.otherHost.key)
                == "the private key in `\(certificates.otherHost.key)` does not belong to the first certificate in "
                + "`\(server.certificate)`")
        #expect(throws: TLSConfigurationError.self) { _ = try TLSContext(trusting: .certificates(server.key)) }
        #expect(throws: TLSConfigurationError.self) { _ = try TLSContext(trusting: .certificates("/nowhere")) }
        #expect(throws: Never.self) { _ = try TLSContext() }
    }
}
