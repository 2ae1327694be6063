// SPDX-License-Identifier: Apache-2.0
internal import Dovetail
internal import DovetailABI

/// The representation of `wasi:sockets/network.network`: a network that nothing can be reached through.
final class DeniedNetwork {}

extension WASI02 {
    /// Functions that have an answer for guests that were not granted the interface; all others trap.
    private static let answers: [String: Value] = [
        "wasi:sockets/tcp-create-socket#create-tcp-socket": .error(.enum("access-denied")),
        "wasi:sockets/udp-create-socket#create-udp-socket": .error(.enum("access-denied")),
        "wasi:sockets/ip-name-lookup#resolve-addresses": .error(.enum("access-denied")),
        "wasi:sockets/network#network-error-code": .option(nil),
        "wasi:http/outgoing-handler#handle": .error(.variant("HTTP-request-denied", nil)),
        "wasi:http/types#http-error-code": .option(nil),
    ]

    /// An interface that can be imported and grants nothing.
    static func denied(_ interface: String, resources: [String], _ functions: [String]) -> Interface {
        Interface(name: interface) { linker, name in
            for resource in resources {
                if resource == "network" {
                    linker.defineResource(resource, in: name, DeniedNetwork.self)
                } else {
                    linker.defineResource(resource, in: name, type: ResourceType(name: resource))
                }
            }
            for function in functions {
                if function == "instance-network" {
                    linker.define(
                        function, in: name, typed: { (_: Caller) -> Own<DeniedNetwork> in Own(DeniedNetwork()) })
                    continue
                }
                let full = "\(interface)#\(function)"
                linker.define(function, in: name) { _, _ in
                    guard let answer = answers[full] else { throw WASIError.denied(full) }
                    return answer
                }
            }
        }
    }
}
