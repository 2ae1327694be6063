// SPDX-License-Identifier: Apache-2.0
internal import Dovetail
internal import DovetailABI

extension WASI02 {
    /// The interfaces of `wasi:sockets`: they link, creating a socket or resolving a name answers `access-denied`.
    static let sockets = [
        denied("wasi:sockets/network", resources: ["network"], ["network-error-code"]),
        denied("wasi:sockets/instance-network", resources: [], ["instance-network"]),
        denied(
            "wasi:sockets/ip-name-lookup", resources: ["resolve-address-stream"],
            [
                "[method]resolve-address-stream.resolve-next-address", "[method]resolve-address-stream.subscribe",
                "resolve-addresses",
            ]),
        denied(
            "wasi:sockets/tcp", resources: ["tcp-socket"],
            [
                "[method]tcp-socket.start-bind", "[method]tcp-socket.finish-bind", "[method]tcp-socket.start-connect",
                "[method]tcp-socket.finish-connect", "[method]tcp-socket.start-listen",
                "[method]tcp-socket.finish-listen", "[method]tcp-socket.accept", "[method]tcp-socket.local-address",
                "[method]tcp-socket.remote-address", "[method]tcp-socket.is-listening",
                "[method]tcp-socket.address-family", "[method]tcp-socket.set-listen-backlog-size",
                "[method]tcp-socket.keep-alive-enabled", "[method]tcp-socket.set-keep-alive-enabled",
                "[method]tcp-socket.keep-alive-idle-time", "[method]tcp-socket.set-keep-alive-idle-time",
                "[method]tcp-socket.keep-alive-interval", "[method]tcp-socket.set-keep-alive-interval",
                "[method]tcp-socket.keep-alive-count", "[method]tcp-socket.set-keep-alive-count",
                "[method]tcp-socket.hop-limit", "[method]tcp-socket.set-hop-limit",
                "[method]tcp-socket.receive-buffer-size", "[method]tcp-socket.set-receive-buffer-size",
                "[method]tcp-socket.send-buffer-size", "[method]tcp-socket.set-send-buffer-size",
                "[method]tcp-socket.subscribe", "[method]tcp-socket.shutdown",
            ]),
        denied("wasi:sockets/tcp-create-socket", resources: [], ["create-tcp-socket"]),
        denied(
            "wasi:sockets/udp", resources: ["udp-socket", "incoming-datagram-stream", "outgoing-datagram-stream"],
            [
                "[method]udp-socket.start-bind", "[method]udp-socket.finish-bind", "[method]udp-socket.stream",
                "[method]udp-socket.local-address", "[method]udp-socket.remote-address",
                "[method]udp-socket.address-family", "[method]udp-socket.unicast-hop-limit",
                "[method]udp-socket.set-unicast-hop-limit", "[method]udp-socket.receive-buffer-size",
                "[method]udp-socket.set-receive-buffer-size", "[method]udp-socket.send-buffer-size",
                "[method]udp-socket.set-send-buffer-size", "[method]udp-socket.subscribe",
                "[method]incoming-datagram-stream.receive", "[method]incoming-datagram-stream.subscribe",
                "[method]outgoing-datagram-stream.check-send", "[method]outgoing-datagram-stream.send",
                "[method]outgoing-datagram-stream.subscribe",
            ]),
        denied("wasi:sockets/udp-create-socket", resources: [], ["create-udp-socket"]),
    ]
}
