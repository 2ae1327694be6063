// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem

extension NetworkAccess {
    /// The test that an address of a host has to pass before a request is sent there; nil where the host is out of reach whatever
    /// its addresses are, so that nobody looks its name up.
    ///
    /// A place that names the host stands for all addresses the name has at that time. Otherwise each address has to be granted,
    /// and the name may be looked up only if that is granted, too.
    package func addresses(of host: String, port: UInt16) -> (@Sendable (SocketAddress) -> Bool)? {
        guard case .only(let places) = grants.outbound else { return { _ in true } }
        if let ip = IPAddress(host) {
            let address = SocketAddress(ip, port: port)
            if mayReach(address) { return { $0.ip.unmapped == ip.unmapped && $0.port == port } }
        } else if let name = HostName(host) {
            if places.contains(where: { $0.host == .name(name.text) && $0.covers(port) }) {
                return { $0.port == port }
            }
            if grants.nameLookup, places.contains(where: { $0.isAddresses && $0.covers(port) }) {
                return { [self] address in mayReach(address) }
            }
        }
        denyRequest(to: host, port: port)
        return nil
    }
}

extension NetworkPlace {
    fileprivate var isAddresses: Bool {
        if case .prefix = host { true } else { false }
    }
}
