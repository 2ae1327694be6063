// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Certificates for `localhost` and `127.0.0.1`, made anew by the `openssl` tool for the process that tests.
package struct TestCertificates: Sendable {
    /// A server's certificate and key.
    package struct Server: Sendable {
        package let certificate: String
        package let key: String
    }

    private let folder: ScratchFolder
    /// The authority that has signed all but one, and one that has signed nothing.
    package let authority, otherAuthority: String
    /// For `localhost` and `127.0.0.1`.
    package let server: Server
    /// For `other.test` only.
    package let otherHost: Server
    /// One that was valid until yesterday.
    package let expired: Server
    /// A key that needs a password.
    package let encryptedKey: String

    /// The same for all tests of a process.
    package static let shared = BlockingWork.Once { try TestCertificates() }

    private init() throws {
        let folder = try ScratchFolder()
        self.folder = folder
        (authority, otherAuthority) = (folder.file("authority.pem"), folder.file("other-authority.pem"))
        for name in ["authority", "other-authority"] {
            try Self.openssl(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=\(name)", "-addext", "basicConstraints=critical,CA:TRUE", "-keyout",
                folder.file(name + ".key"), "-out", folder.file(name + ".pem"))
        }
        func sign(_ name: String, _ names: String, days: Int) throws -> Server {
            let server = Server(certificate: folder.file(name + ".pem"), key: folder.file(name + ".key"))
            try Self.openssl(
                "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)",
                "-keyout", server.key, "-out", folder.file(name + ".csr"))
            let extensions = try folder.write("subjectAltName=\(names)\n".utf8, to: name + ".ext")
            try Self.openssl(
                "x509", "-req", "-in", folder.file(name + ".csr"), "-CA", folder.file("authority.pem"), "-CAkey",
                folder.file("authority.key"), "-days", "\(days)", "-extfile", extensions, "-out", server.certificate)
            return server
        }
        server = try sign("server", "DNS:localhost,DNS:*.wild.test,IP:127.0.0.1", days: 2)
        otherHost = try sign("other", "DNS:other.test", days: 2)
        expired = try sign("expired", "DNS:localhost", days: -1)
        encryptedKey = folder.file("encrypted.key")
        try Self.openssl(
            "ec", "-in", server.key, "-aes128", "-passout", "pass:secret", "-out", encryptedKey)
    }

    private static func openssl(_ arguments: String...) throws {
        let outcome = try BuiltProduct.runHoldingThread("/usr/bin/env", ["openssl"] + arguments)
        guard outcome.code == 0 else {
            throw CaseFailure("openssl \(arguments.joined(separator: " ")): \(outcome.errors)")
        }
    }
}
