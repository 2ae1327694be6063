// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// What DovetailWASI has of WASI, so that bindings need not: a test holds it against what DovetailWASI is generated from.
package struct WASIProvision: Equatable {
    /// The versions whose types it has are those compatible with this one.
    static let track = "0.2"

    /// The interfaces whose types it has, without their versions.
    package static let types: [String: Set<String>] = [
        "wasi:io/error": ["error"],
        "wasi:io/poll": ["pollable"],
        "wasi:io/streams": ["error", "pollable", "stream-error", "input-stream", "output-stream"],
        "wasi:clocks/monotonic-clock": ["pollable", "instant", "duration"],
        "wasi:clocks/wall-clock": ["datetime"],
        "wasi:filesystem/types": [
            "input-stream", "output-stream", "error", "datetime", "filesize", "descriptor-type", "descriptor-flags",
            "path-flags", "open-flags", "link-count", "descriptor-stat", "new-timestamp", "directory-entry",
            "error-code", "advice", "metadata-hash-value", "descriptor", "directory-entry-stream",
        ],
        "wasi:filesystem/preopens": ["descriptor"],
        "wasi:random/random": [],
        "wasi:random/insecure": [],
        "wasi:random/insecure-seed": [],
        "wasi:cli/environment": [],
        "wasi:cli/exit": [],
        "wasi:cli/stdin": ["input-stream"],
        "wasi:cli/stdout": ["output-stream"],
        "wasi:cli/stderr": ["output-stream"],
        "wasi:cli/terminal-input": ["terminal-input"],
        "wasi:cli/terminal-output": ["terminal-output"],
        "wasi:cli/terminal-stdin": ["terminal-input"],
        "wasi:cli/terminal-stdout": ["terminal-output"],
        "wasi:cli/terminal-stderr": ["terminal-output"],
        "wasi:sockets/network": [
            "error", "network", "error-code", "ip-address-family", "ipv4-address", "ipv6-address", "ip-address",
            "ipv4-socket-address", "ipv6-socket-address", "ip-socket-address",
        ],
        "wasi:sockets/instance-network": ["network"],
        "wasi:sockets/ip-name-lookup": ["pollable", "network", "error-code", "ip-address", "resolve-address-stream"],
        "wasi:sockets/tcp": [
            "input-stream", "output-stream", "pollable", "duration", "network", "error-code", "ip-socket-address",
            "ip-address-family", "shutdown-type", "tcp-socket",
        ],
        "wasi:sockets/tcp-create-socket": ["network", "error-code", "ip-address-family", "tcp-socket"],
        "wasi:sockets/udp": [
            "pollable", "network", "error-code", "ip-socket-address", "ip-address-family", "incoming-datagram",
            "outgoing-datagram", "udp-socket", "incoming-datagram-stream", "outgoing-datagram-stream",
        ],
        "wasi:sockets/udp-create-socket": ["network", "error-code", "ip-address-family", "udp-socket"],
    ]

    /// The packages that are its business even where it has no types of theirs.
    private static let packages: Set<String> = [
        "wasi:cli", "wasi:clocks", "wasi:filesystem", "wasi:http", "wasi:io", "wasi:random", "wasi:sockets",
    ]

    /// Whether imports of the interface are left to the linker, which DovetailWASI gave its definitions.
    let isServed: Bool
    /// The name without the version where types of the interface can be taken from DovetailWASI.
    let interface: String?
    private let types: Set<String>

    init(_ extern: String) {
        let parts = extern.split(separator: "@", maxSplits: 1)
        let plain = parts.first.map(String.init) ?? extern
        let version = parts.count > 1 ? SemanticVersion(parts[1]) : nil
        isServed = version != nil && Self.packages.contains(String(plain.prefix { $0 != "/" }))
        let known = version?.compatibilityTrack == Self.track ? Self.types[plain] : nil
        interface = known == nil ? nil : plain
        types = known ?? []
    }

    /// Whether it has that type of the interface.
    func has(_ type: String?) -> Bool { type.map(types.contains) ?? false }
}
