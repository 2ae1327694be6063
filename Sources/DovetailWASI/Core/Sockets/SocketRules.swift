// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// What `wasi:sockets` asks of addresses and settings, whatever the system would take.
enum SocketRules {
    /// An address that a socket of `family` can have.
    static func checkLocal(_ address: SocketAddress, _ family: IPAddress.Family) throws(SocketErrorCode) {
        let ip = address.ip
        guard ip.family == family, !ip.isMappedV4, !ip.isMulticast, !ip.isBroadcast else { throw .invalidArgument }
    }

    /// An address that a socket of `family` can connect or send to.
    static func checkRemote(_ address: SocketAddress, _ family: IPAddress.Family) throws(SocketErrorCode) {
        let ip = address.ip
        guard ip.family == family, !ip.isMappedV4, !ip.isUnspecified, address.port != 0 else { throw .invalidArgument }
    }

    /// A number for the system, which has to be more than 0; large ones are brought down to `limit`.
    static func positive(_ value: UInt64, limit: Int32) throws(SocketErrorCode) -> Int32 {
        guard value > 0 else { throw .invalidArgument }
        return Int32(min(value, UInt64(limit)))
    }
}

extension Socket {
    /// The hop limit of packets.
    func hopLimit(_ family: IPAddress.Family) throws(SocketErrorCode) -> UInt8 {
        UInt8(
            clamping: try SocketErrorCode.checking { () throws(SystemError) in
                try option(family == .v4 ? .hopsV4 : .hopsV6)
            })
    }

    func setHopLimit(_ value: UInt8, _ family: IPAddress.Family) throws(SocketErrorCode) {
        let value = try SocketRules.positive(UInt64(value), limit: 255)
        try set(family == .v4 ? .hopsV4 : .hopsV6, value)
    }

    /// The size of a buffer in bytes.
    func bufferSize(_ option: Option) throws(SocketErrorCode) -> UInt64 { UInt64(clamping: try get(option)) }

    /// Sets the size of a buffer; the system keeps it within its own limits.
    func setBufferSize(_ option: Option, _ value: UInt64) throws(SocketErrorCode) {
        try set(option, try SocketRules.positive(value, limit: Int32.max / 2))
    }

    func get(_ option: Option) throws(SocketErrorCode) -> Int32 {
        try SocketErrorCode.checking { () throws(SystemError) in try self.option(option) }
    }

    func set(_ option: Option, _ value: Int32) throws(SocketErrorCode) {
        try SocketErrorCode.checking { () throws(SystemError) in try setOption(option, value) }
    }
}
