// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailHTTP
import DovetailSystem
import DovetailTestSupport
import Foundation

/// `http`: what requests on standard input come to, for `Scripts/differential-http`.
struct HTTPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "http",
        abstract: "Read requests of HTTP/1 and print what they come to.",
        discussion: """
            Standard input has requests, each behind its length in four bytes, the lowest first. For each there is a line of JSON: how it was \
            refused, that it is not complete, or its parts in hexadecimal digits. A request has to come to the same in whatever pieces it \
            arrives; otherwise the exit code is 1.
            """)

    func run() throws {
        let input = FileHandle.standardInput
        while let size = try input.read(upToCount: 4), size.count == 4 {
            let count = size.reversed().reduce(0) { $0 << 8 | Int($1) }
            let bytes = Array(try input.read(upToCount: count) ?? Data())
            let outcomes = ParsedMessage.everyWay(.request, bytes)
            guard outcomes.count == 1 else {
                print("differs in pieces: \(Self.hexadecimal(bytes))\n\(outcomes)")
                throw ExitCode(1)
            }
            print(Self.line(outcomes[0]))
        }
    }

    private static func line(_ outcome: ParsedMessage) -> String {
        switch outcome {
        case .refused(let status, let reason): return "{\"refused\": \(status), \"reason\": \"\(reason)\"}"
        case .incomplete, .response: return "{}"
        case .request(let request, let body, let trailers, let keepsAlive, let rest):
            func fields(_ fields: HTTPFields?) -> String {
                let pairs = (fields ?? HTTPFields()).map {
                    "[\(text($0.name.lowercased())), \"\(hexadecimal($0.value))\"]"
                }
                return "[" + pairs.joined(separator: ", ") + "]"
            }
            return """
                {"method": \(text(request.method)), "authority": \(text(request.authority ?? "")), "path": \
                \(text(request.pathWithQuery ?? "")), "fields": \(fields(request.fields)), "body": \(text(body)), "trailers": \
                \(fields(trailers)), "keepsAlive": \(keepsAlive), "rest": \(text(rest))}
                """
        }
    }

    private static func text(_ text: String) -> String { "\"\(hexadecimal(Array(text.utf8)))\"" }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// `http-server`: a server without a guest, for `Scripts/serve-load`.
struct HTTPServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "http-server",
        abstract: "Answer requests without a guest: with a line of text, or with what was sent.")

    @Option(help: "The port on 127.0.0.1.") var port: UInt16
    @Option(help: "How many threads serve.") var threads: Int = 1

    private struct Handler: ExchangeHandler {
        // What the client gets no more since it is gone, the server has seen, too.
        nonisolated(nonsending) func handle(_ exchange: any ServerExchange) async { try? await echo(exchange) }

        func begin(_ exchange: any ServerExchange) -> ExchangeTask? {
            guard exchange.request.method == "GET" else { return { await handle(exchange) } }
            try? greet(exchange)
            return nil
        }

        private func greet(_ exchange: any ServerExchange) throws {
            let text = Array("Hello, World!\n".utf8)
            let fields = try HTTPFields([("content-type", "text/plain"), ("content-length", "\(text.count)")])
            let writer = try exchange.respond(HTTPResponse(fields: fields), hasBody: true)
            try text.withUnsafeBytes { try writer.write($0) }
            try writer.finish(trailers: nil)
        }

        private nonisolated(nonsending) func echo(_ exchange: any ServerExchange) async throws {
            var fields = HTTPFields()
            if let length = exchange.request.fields["content-length"] { try fields.add("content-length", length) }
            let (reader, loop) = (exchange.body, try EventLoop.nearest)
            let writer = try exchange.respond(HTTPResponse(fields: fields), hasBody: true)
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 32 * 1024, alignment: 16)
            defer { memory.deallocate() }
            while true {
                let room = min(try writer.capacity(), memory.count)
                if room == 0 {
                    try await loop.wait(for: [writer.readiness])
                    continue
                }
                switch try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[..<room])) {
                case .bytes(let count): try writer.write(UnsafeRawBufferPointer(rebasing: memory[..<count]))
                case .pending: try await loop.wait(for: [reader.readiness])
                case .end(let trailers): return try writer.finish(trailers: trailers)
                }
            }
        }
    }

    func run() async throws {
        let server = HTTPServer(
            HTTPServer.Configuration(
                addresses: [SocketAddress(.loopback(.v4), port: port)], threads: threads, maximumConnections: 100_000),
            exchanges: Handler())
        try await server.start()
        print("serving at http://127.0.0.1:\(port)/")
        try await EventLoop.nearest.wait(for: [.never])
    }
}
