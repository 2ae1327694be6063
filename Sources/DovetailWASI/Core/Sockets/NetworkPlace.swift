// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// Where a guest may reach, or be reached at: a host and a port, or all ports.
///
/// A host is a name, an address (in brackets before a port if it is of IPv6), or the addresses that begin alike, as `10.0.0.0/8`.
/// To listen at, `0.0.0.0` and `[::]` stand for all addresses of this host.
public struct NetworkPlace: Hashable, Sendable, CustomStringConvertible {
    enum Host: Hashable, Sendable {
        /// In lower case, without a dot at the end.
        case name(String)
        case prefix(IPAddress, bits: Int)
    }

    let host: Host
    /// The port; nil for all.
    public let port: UInt16?

    /// Reads `HOST` or `HOST:PORT`.
    ///
    /// - Throws: ``WASIError`` with code `configuration` for anything else.
    public init(_ text: String) throws {
        var host = text[...]
        var port: UInt16?
        if host.first == "[" {
            guard let end = host.firstIndex(of: "]") else { throw WASIError.notAPlace(text) }
            let rest = host[host.index(after: end)...]
            host = host[host.index(after: host.startIndex)..<end]
            if !rest.isEmpty {
                guard rest.first == ":", let number = UInt16(rest.dropFirst()) else { throw WASIError.notAPlace(text) }
                port = number
            }
        } else if let colon = host.lastIndex(of: ":"), host.firstIndex(of: ":") == colon {
            guard let number = UInt16(host[host.index(after: colon)...]) else { throw WASIError.notAPlace(text) }
            port = number
            host = host[..<colon]
        }
        guard let known = Self.host(host) else { throw WASIError.notAPlace(text) }
        self.host = known
        self.port = port
    }

    private static func host(_ text: Substring) -> Host? {
        if let address = IPAddress(text) { return .prefix(address, bits: address.family == .v4 ? 32 : 128) }
        if let slash = text.firstIndex(of: "/") {
            guard let address = IPAddress(text[..<slash]), let bits = Int(text[text.index(after: slash)...]),
                (0...(address.family == .v4 ? 32 : 128)).contains(bits)
            else { return nil }
            return .prefix(address, bits: bits)
        }
        return HostName(text).map { .name($0.text) }
    }

    /// `HOST` or `HOST:PORT`
    public var description: String {
        let host =
            switch host {
            case .name(let name): name
            case .prefix(let address, let bits):
                bits == (address.family == .v4 ? 32 : 128)
                    ? (address.family == .v6 && port != nil ? "[\(address)]" : "\(address)") : "\(address)/\(bits)"
            }
        return port.map { "\(host):\($0)" } ?? host
    }

    func covers(_ address: SocketAddress) -> Bool {
        guard case .prefix(let prefix, let bits) = host else { return false }
        return covers(address.port) && address.ip.hasPrefix(bits, of: prefix)
    }

    func covers(_ port: UInt16) -> Bool { self.port == nil || self.port == port }

    /// As ``covers(_:)``, where `0.0.0.0` and `::` stand for every address of their family.
    func coversLocal(_ address: SocketAddress) -> Bool {
        if case .prefix(let prefix, _) = host, prefix.isUnspecified, prefix.family == address.ip.family {
            return covers(address.port)
        }
        return covers(address)
    }
}

/// A host name that the domain name system can know.
struct HostName {
    /// In lower case, without a dot at the end.
    let text: String

    /// Nil for what is no name: empty or too long labels, characters that no name has.
    init?(_ text: some StringProtocol) {
        var bytes = Array(text.utf8)[...]
        if bytes.last == UInt8(ascii: ".") { bytes = bytes.dropLast() }
        guard (1...253).contains(bytes.count) else { return nil }
        for label in bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-"),
                // Letters that are not ASCII are the resolver's to encode.
                label.allSatisfy({
                    $0 >= 0x80 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                        || ($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z"))
                        || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
                })
            else { return nil }
        }
        self.text = String(decoding: bytes, as: UTF8.self).lowercased()
    }
}
