// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailHTTP

/// Answers the requests that the component sends: it believes that it talks to `http://stock.internal`.
struct Stock: HTTPHandler {
    nonisolated(nonsending) func respond(
        to request: HTTPRequest, body: HTTPBody
    ) async throws -> (HTTPResponse, HTTPBody) {
        print("the component asks \(request.authority ?? "nobody") for \(request.pathWithQuery ?? "nothing")")
        switch request.pathWithQuery {
        case "/apples": return (HTTPResponse(), HTTPBody("12"))
        default: return (HTTPResponse(status: 404), HTTPBody())
        }
    }
}

// The component is one handler, with its own limits and grants ...
var configuration = ComponentHandler.Configuration()
configuration.limits.timeout = .seconds(5)
configuration.limits.maximumMemory = 16 << 20
configuration.http = HTTPGrants(answeredBy: Stock())
configuration.onOutcome = { if let cause = $0.cause { print("a request failed: \(cause)") } }
let shop = try ComponentHandler(Component(engine: Engine(), path: "shop.wasm"), configuration: configuration)

// ... which a server in Swift mounts below `/shop`.
let server = HTTPServer(.init(addresses: [SocketAddress(.loopback(.v4), port: 0)])) { request, body in
    let path = request.pathWithQuery ?? "/"
    guard path.hasPrefix("/shop/") else { return (HTTPResponse(), HTTPBody("This is Swift.\n")) }
    var inner = request
    inner.pathWithQuery = String(path.dropFirst("/shop".count))
    return try await shop.respond(to: inner, body: body)
}
try await server.start()

// What a browser would do.
let client = HTTPClient()
for path in ["/", "/shop/apples", "/shop/pears"] {
    let request = HTTPRequest(scheme: "http", authority: "\(server.addresses[0])", pathWithQuery: path)
    let (response, body) = try await client.respond(to: request, body: HTTPBody())
    print(
        path, response.status, String(decoding: try await body.collect(limit: 1 << 20), as: UTF8.self), terminator: "")
}
await server.stop()
