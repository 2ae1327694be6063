// SPDX-License-Identifier: Apache-2.0

internal import Dovetail
internal import DovetailABI

extension WASI02 {
    /// The interfaces of `wasi:http`: they link, every use of them ends in a trap that says so, sending answers `HTTP-request-denied`.
    static let http = [
        denied(
            "wasi:http/types",
            resources: [
                "fields", "incoming-request", "outgoing-request", "request-options", "response-outparam",
                "incoming-response", "incoming-body", "future-trailers", "outgoing-response", "outgoing-body",
                "future-incoming-response",
            ],
            [
                "[constructor]fields", "[static]fields.from-list", "[method]fields.get", "[method]fields.has",
                "[method]fields.set", "[method]fields.delete", "[method]fields.append", "[method]fields.entries",
                "[method]fields.clone", "[method]incoming-request.method", "[method]incoming-request.path-with-query",
                "[method]incoming-request.scheme", "[method]incoming-request.authority",
                "[method]incoming-request.headers", "[method]incoming-request.consume", "[constructor]outgoing-request",
                "[method]outgoing-request.body", "[method]outgoing-request.method",
                "[method]outgoing-request.set-method", "[method]outgoing-request.path-with-query",
                "[method]outgoing-request.set-path-with-query", "[method]outgoing-request.scheme",
                "[method]outgoing-request.set-scheme", "[method]outgoing-request.authority",
                "[method]outgoing-request.set-authority", "[method]outgoing-request.headers",
                "[constructor]request-options", "[method]request-options.connect-timeout",
                "[method]request-options.set-connect-timeout", "[method]request-options.first-byte-timeout",
                "[method]request-options.set-first-byte-timeout", "[method]request-options.between-bytes-timeout",
                "[method]request-options.set-between-bytes-timeout", "[method]response-outparam.send-informational",
                "[static]response-outparam.set", "[method]incoming-response.status",
                "[method]incoming-response.headers", "[method]incoming-response.consume",
                "[method]incoming-body.stream", "[static]incoming-body.finish", "[method]future-trailers.subscribe",
                "[method]future-trailers.get", "[constructor]outgoing-response",
                "[method]outgoing-response.status-code", "[method]outgoing-response.set-status-code",
                "[method]outgoing-response.headers", "[method]outgoing-response.body", "[method]outgoing-body.write",
                "[static]outgoing-body.finish", "[method]future-incoming-response.subscribe",
                "[method]future-incoming-response.get", "http-error-code",
            ]),
        denied("wasi:http/outgoing-handler", resources: [], ["handle"]),
    ]

    /// Functions that have an answer for guests that were not granted the interface; all others trap.
    private static let answers: [String: Value] = [
        "wasi:http/outgoing-handler#handle": .error(.variant("HTTP-request-denied", nil)),
        "wasi:http/types#http-error-code": .option(nil),
    ]

    /// An interface that can be imported and grants nothing.
    private static func denied(_ interface: String, resources: [String], _ functions: [String]) -> Interface {
        Interface(name: interface) { linker in
            let name = "\(interface)@\(version)"
            for resource in resources {
                linker.defineResource(resource, in: name, type: ResourceType(name: resource))
            }
            for function in functions {
                let full = "\(interface)#\(function)"
                linker.define(function, in: name) { _, _ in
                    guard let answer = answers[full] else { throw WASIError.denied(full) }
                    return answer
                }
            }
        }
    }
}
