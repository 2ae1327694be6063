// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem
import DovetailTestSupport
import Foundation
import Testing

/// Servers that encrypt, and that speak HTTP/2, with curl as their client.
@Suite(.timeLimit(.minutes(2))) struct HTTPServerProtocolTests {
    static let hasCurl = FileManager.default.isExecutableFile(atPath: "/usr/bin/curl")

    static let hasH2load = FileManager.default.isExecutableFile(atPath: "/usr/bin/h2load")

    /// What curl prints.
    private func curl(_ arguments: [String]) async throws -> String {
        try await run("/usr/bin/curl", ["--silent", "--show-error", "--max-time", "30"] + arguments)
    }

    private func run(_ path: String, _ arguments: [String]) async throws -> String {
        try await BuiltProduct.run(path, arguments).output
    }

    @Test(.enabled(if: hasCurl, "curl is needed")) func `clients speak HTTP/2 without TLS if they know of it`()
        async throws
    {
        try await withServer(exchanges: echoing) { server, address in
            let format = "\n%{http_version}"
            let answer = try await curl(["--http2-prior-knowledge", "-w", format, "-d", "body", "http://\(address)/x"])
            #expect(answer == "POST /x body\n2")
            #expect(server.counters.requests == 1)
            let old = try await curl(["-w", format, "http://\(address)/x"])
            #expect(old == "GET /x \n1.1")
        }
    }

    @Test(
        .enabled(if: hasCurl, "curl is needed"),
        arguments: [("--http2", "2"), ("--http1.1", "1.1"), ("--tls-max", "2")])
    func `clients speak TLS, and agree on what to speak in it`(option: String, version: String) async throws {
        let certificates = try await TestCertificates.shared.get()
        let certificate = HTTPServer.Certificate(
            chain: certificates.server.certificate, privateKey: certificates.server.key)
        let options = option == "--tls-max" ? ["--tls-max", "1.2"] : [option]
        try await withServer({ $0.certificate = certificate }, exchanges: echoing) { _, address in
            let body = String(repeating: "x", count: 100_000)
            let answer = try await curl(
                options + [
                    "--cacert", certificates.authority, "--resolve", "localhost:\(address.port):127.0.0.1", "-w",
                    "\n%{http_version}", "-d", body, "https://localhost:\(address.port)/x",
                ])
            #expect(answer == "POST /x \(body)\n\(version)")
            let plain = try await HTTPTestClient.answer(address, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(!plain.contains("HTTP/1.1 200"))
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "openssl is needed"))
    func `a client that comes again needs no whole handshake, on any thread`() async throws {
        let certificates = try await TestCertificates.shared.get()
        let certificate = HTTPServer.Certificate(
            chain: certificates.server.certificate, privateKey: certificates.server.key, protocols: [.http1])
        try await withServer(
            {
                $0.certificate = certificate
                $0.threads = 2
            }, exchanges: echoing
        ) { _, address in
            let folder = try ScratchFolder()
            defer { folder.remove() }
            for version in ["-tls1_2", "-tls1_3"] {
                func connect(_ option: String) async throws -> String {
                    try await BuiltProduct.run(
                        "/usr/bin/openssl",
                        [
                            "s_client", "-connect", "\(address)", "-CAfile", certificates.authority, version, option,
                            folder.file("session"), "-ign_eof",
                        ], input: "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                    ).output
                }
                let first = try await connect("-sess_out")
                #expect(first.contains("\nNew, TLSv1.") && first.contains("GET / "), "\(first)")
                for _ in 0..<4 {
                    let again = try await connect("-sess_in")
                    #expect(again.contains("\nReused, TLSv1.") && again.contains("GET / "), "\(again)")
                }
            }
        }
    }

    @Test func `a certificate that cannot be used is an error`() async throws {
        let certificate = HTTPServer.Certificate(chain: "/nowhere", privateKey: "/nowhere")
        let server = HTTPServer(
            HTTPServer.Configuration(addresses: [SocketAddress(.loopback(.v4), port: 0)], certificate: certificate),
            exchanges: echoing)
        await #expect(throws: TLSConfigurationError.self) { try await server.start() }
    }

    @Test(.enabled(if: hasH2load, "h2load is needed")) func `many requests share a connection`() async throws {
        try await withServer(exchanges: echoing) { server, address in
            let report = try await run("/usr/bin/h2load", ["-n", "500", "-c", "2", "-m", "50", "http://\(address)/"])
            #expect(report.contains("500 succeeded, 0 failed, 0 errored"))
            #expect(server.counters.requests == 500 && server.counters.connections == 2)
        }
    }

    @Test func `half a preface of HTTP/2 is no request`() async throws {
        try await withServer({ $0.headTimeout = .seconds(2) }, exchanges: echoing) { _, address in
            let half = try await HTTPTestClient.answer(address, "PRI * HTTP/2.0\r\n\r\nS")
            #expect(half.hasPrefix("HTTP/1.1 408 "))
            let other = try await HTTPTestClient.answer(address, "PRI * HTTP/2.0\r\n\r\nXX")
            #expect(other.hasPrefix("HTTP/1.1 505 "))
        }
    }

    @Test func `a preface that comes byte by byte is understood, and what follows it judged`() async throws {
        try await withServer(exchanges: echoing) { server, address in
            let client = try await HTTPTestClient(address)
            for byte in "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8 { try await client.send([byte]) }
            // A frame of data without a stream.
            try await client.send([0, 0, 1, 0, 0, 0, 0, 0, 1, 0x61])
            let settings = try await client.receiveAll()
            #expect(settings.utf8.dropFirst(3).first == 4 && server.counters.requests == 0)
        }
    }
}
