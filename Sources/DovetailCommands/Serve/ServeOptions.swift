// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailSystem

/// How the server of `dovetail serve` works.
struct ServeOptions: ParsableArguments {
    /// How the log is written.
    enum LogFormat: String, CaseIterable, ExpressibleByArgument {
        case text, json
        /// No lines for requests, and none of guests.
        case none
    }

    @Option(
        help: ArgumentHelp("The address to listen on (127.0.0.1:8080).", valueName: "address:port"), transform: address)
    var addr = SocketAddress(.loopback(.v4), port: 8080)

    @Option(
        help: ArgumentHelp("The certificate chain; enables TLS and HTTP/2.", valueName: "pem"),
        completion: .file(extensions: ["pem", "crt"]))
    var tlsCert: String?

    @Option(
        help: ArgumentHelp("The private key of the certificate.", valueName: "pem"),
        completion: .file(extensions: ["pem", "key"]))
    var tlsKey: String?

    @Option(help: ArgumentHelp("How many threads answer requests (one for each processor).", valueName: "number"))
    var workers: Int?

    @Option(help: ArgumentHelp("Shut down after this many requests, to be restarted.", valueName: "number"))
    var maxRequests: Int?

    @Option(help: ArgumentHelp("How many requests are answered at once (1000); others wait.", valueName: "number"))
    var maxConcurrent = 1000

    @Option(help: ArgumentHelp("How many requests may wait (1000); others get status 503.", valueName: "number"))
    var maxQueue = 1000

    @Option(help: ArgumentHelp("How many requests an instance answers (1), unless it traps.", valueName: "number"))
    var reuse = 1

    @Option(help: "The format of the log.")
    var logFormat = LogFormat.text

    @Option(
        help: ArgumentHelp("The address of `/healthz` and `/metrics` (for Prometheus).", valueName: "address:port"),
        transform: address)
    var metricsAddr: SocketAddress?

    @Option(
        help: ArgumentHelp("How long requests may take to finish at shutdown (30s).", valueName: "time"),
        transform: parseDuration)
    var shutdownTimeout = Duration.seconds(30)

    @Flag(help: "Reload the file when it changes.")
    var watch = false

    init() {}

    func validate() throws {
        guard (tlsCert == nil) == (tlsKey == nil) else {
            throw ValidationError("expected `--tls-cert` and `--tls-key` together, found one of them")
        }
        let numbers = [
            ("--workers", workers), ("--max-requests", maxRequests), ("--max-concurrent", maxConcurrent),
            ("--reuse", reuse),
        ]
        for (name, number) in numbers {
            if let number, number < 1 {
                throw ValidationError("expected a positive number for `\(name)`, found \(number)")
            }
        }
        if maxQueue < 0 { throw ValidationError("expected a number for `--max-queue`, found \(maxQueue)") }
    }
}

/// Reads `ADDRESS:PORT`, where `localhost` stands for 127.0.0.1.
@Sendable private func address(_ text: String) throws -> SocketAddress {
    let wrong = ValidationError("expected an address and port such as `127.0.0.1:8080` or `[::]:80`, found `\(text)`")
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { throw wrong }
    var host = text[..<colon]
    if host == "localhost" { host = "127.0.0.1" }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard let ip = IPAddress(host) else { throw wrong }
    return SocketAddress(ip, port: port)
}
