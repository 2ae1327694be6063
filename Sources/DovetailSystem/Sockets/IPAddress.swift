// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles

/// An IPv4 or IPv6 address.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// The version of the protocol.
    public enum Family: Sendable {
        /// IPv4
        case v4
        /// IPv6
        case v6
    }

    /// The version of the protocol.
    public let family: Family
    /// Its bytes as numbers, the most significant first; an IPv4 address lies in the low half.
    private let high: UInt64
    private let low: UInt64

    /// An IPv4 address.
    public init(v4 bytes: (UInt8, UInt8, UInt8, UInt8)) {
        family = .v4
        high = 0
        low = UInt64(bytes.0) << 24 | UInt64(bytes.1) << 16 | UInt64(bytes.2) << 8 | UInt64(bytes.3)
    }

    /// An IPv6 address.
    public init(v6 groups: (UInt16, UInt16, UInt16, UInt16, UInt16, UInt16, UInt16, UInt16)) {
        family = .v6
        high = UInt64(groups.0) << 48 | UInt64(groups.1) << 32 | UInt64(groups.2) << 16 | UInt64(groups.3)
        low = UInt64(groups.4) << 48 | UInt64(groups.5) << 32 | UInt64(groups.6) << 16 | UInt64(groups.7)
    }

    /// Reads the usual text form; nil for anything else.
    public init?(_ text: some StringProtocol) {
        var raw = dovetail_sys_address()
        guard !text.utf8.contains(0), dovetail_sys_parse_ip(String(text), &raw) == 0 else { return nil }
        self.init(raw)
    }

    init(_ raw: dovetail_sys_address) {
        family = raw.family == 4 ? .v4 : .v6
        let count = raw.family == 4 ? 4 : 16
        (high, low) = withUnsafeBytes(of: raw.bytes) { bytes in
            var (high, low) = (UInt64(0), UInt64(0))
            for byte in bytes.prefix(count) {
                high = high << 8 | low >> 56
                low = low << 8 | UInt64(byte)
            }
            return (high, low)
        }
    }

    /// `0.0.0.0` or `::`: all interfaces when listening.
    public static func any(_ family: Family) -> IPAddress {
        family == .v4 ? IPAddress(v4: (0, 0, 0, 0)) : IPAddress(v6: (0, 0, 0, 0, 0, 0, 0, 0))
    }
    /// `127.0.0.1` or `::1`: this machine, from itself only.
    public static func loopback(_ family: Family) -> IPAddress {
        family == .v4 ? IPAddress(v4: (127, 0, 0, 1)) : IPAddress(v6: (0, 0, 0, 0, 0, 0, 0, 1))
    }

    /// The bytes of an IPv4 address.
    package var v4: (UInt8, UInt8, UInt8, UInt8) {
        func byte(_ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: low >> (24 - 8 * index)) }
        return (byte(0), byte(1), byte(2), byte(3))
    }

    /// The groups of an IPv6 address.
    package var v6: (UInt16, UInt16, UInt16, UInt16, UInt16, UInt16, UInt16, UInt16) {
        func group(_ half: UInt64, _ index: UInt64) -> UInt16 { UInt16(truncatingIfNeeded: half >> (48 - 16 * index)) }
        return (
            group(high, 0), group(high, 1), group(high, 2), group(high, 3), group(low, 0), group(low, 1),
            group(low, 2), group(low, 3)
        )
    }

    /// `0.0.0.0` or `::`.
    public var isUnspecified: Bool { high == 0 && low == 0 }
    /// An address of a group of receivers.
    package var isMulticast: Bool { family == .v4 ? low >> 28 == 0xE : high >> 56 == 0xFF }
    /// `255.255.255.255`
    package var isBroadcast: Bool { family == .v4 && low == 0xFFFF_FFFF }
    /// `::ffff:a.b.c.d`: an IPv4 address in an IPv6 one.
    package var isMappedV4: Bool { family == .v6 && high == 0 && low >> 32 == 0xFFFF }
    /// The IPv4 address that an IPv6 one holds, or itself.
    package var unmapped: IPAddress { isMappedV4 ? IPAddress(v4: IPAddress(low: low).v4) : self }

    private init(low: UInt64) {
        family = .v4
        high = 0
        self.low = low & 0xFFFF_FFFF
    }

    /// Whether the first `bits` bits are those of another address of the same family.
    package func hasPrefix(_ bits: Int, of other: IPAddress) -> Bool {
        guard family == other.family else { return false }
        if family == .v4 { return bits <= 0 || (low ^ other.low) >> UInt64(max(0, 32 - bits)) == 0 }
        if bits <= 64 { return bits <= 0 || (high ^ other.high) >> UInt64(64 - bits) == 0 }
        return high == other.high && (low ^ other.low) >> UInt64(max(0, 128 - bits)) == 0
    }

    func raw(port: UInt16 = 0) -> dovetail_sys_address {
        var raw = dovetail_sys_address()
        raw.family = family == .v4 ? 4 : 6
        raw.port = port
        let count = family == .v4 ? 4 : 16
        withUnsafeMutableBytes(of: &raw.bytes) { bytes in
            for index in 0..<count {
                let place = UInt64(count - 1 - index)
                bytes[index] = UInt8(truncatingIfNeeded: place >= 8 ? high >> (8 * (place - 8)) : low >> (8 * place))
            }
        }
        return raw
    }

    /// The usual text form.
    public var description: String {
        var raw = raw()
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            dovetail_sys_print_ip(&raw, buffer.baseAddress, buffer.count)
            return buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
    }
}

/// An IP address and port.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address.
    public var ip: IPAddress
    /// The port; 0 lets the system choose when binding.
    public var port: UInt16
    /// IPv6: flow label and traffic class.
    package var flow: UInt32
    /// IPv6: the network interface of a link-local address.
    package var scope: UInt32

    /// An address and port.
    public init(_ ip: IPAddress, port: UInt16) { self.init(ip, port: port, flow: 0, scope: 0) }

    package init(_ ip: IPAddress, port: UInt16, flow: UInt32, scope: UInt32) {
        self.ip = ip
        self.port = port
        self.flow = flow
        self.scope = scope
    }

    init(_ raw: dovetail_sys_address) {
        self.init(IPAddress(raw), port: raw.port, flow: raw.flow, scope: raw.scope)
    }

    var raw: dovetail_sys_address {
        var raw = ip.raw(port: port)
        raw.flow = flow
        raw.scope = scope
        return raw
    }

    /// `1.2.3.4:80` or `[::1]:80`
    public var description: String { ip.family == .v4 ? "\(ip):\(port)" : "[\(ip)]:\(port)" }
}
