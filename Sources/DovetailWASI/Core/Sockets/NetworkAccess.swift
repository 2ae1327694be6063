// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem
internal import Synchronization

/// Decides what the guests of a store may do on the network.
///
/// An allowed name stands for the addresses that it had when a guest looked it up, so nothing is gained by resolving it twice:
/// what is connected to is an address, and that has been seen here.
package final class NetworkAccess: Sendable {
    private struct State {
        /// Addresses that allowed names had, with the ports that are allowed with them; nil stands for all.
        var resolved: [IPAddress: Set<UInt16?>] = [:]
        /// The same in the order they came, of which the first are forgotten when there are too many.
        var order: [IPAddress] = []
        var denied: Set<Int> = []
    }

    private static let remembered = 4096

    package let grants: NetworkGrants
    private let state = Mutex(State())

    package init(_ grants: NetworkGrants) { self.grants = grants }

    /// - Throws: ``SocketErrorCode/accessDenied``.
    package func allowTCP() throws(SocketErrorCode) { if !grants.tcp { throw deny(.tcp) } }
    /// - Throws: ``SocketErrorCode/accessDenied``.
    package func allowUDP() throws(SocketErrorCode) { if !grants.udp { throw deny(.udp) } }

    /// - Throws: ``SocketErrorCode/accessDenied`` unless the address may be connected or sent to.
    package func allowOutbound(_ address: SocketAddress) throws(SocketErrorCode) {
        if !mayReach(address) { throw deny(.outbound(address)) }
    }

    /// Whether an address may be connected or sent to.
    package func mayReach(_ address: SocketAddress) -> Bool {
        guard case .only(let places) = grants.outbound else { return true }
        if places.contains(where: { $0.covers(address) }) { return true }
        let ports = state.withLock { $0.resolved[address.ip] }
        return ports.map { $0.contains(nil) || $0.contains(address.port) } ?? false
    }

    /// Whether there is a place to reach at all.
    private var hasOutbound: Bool {
        if case .only(let places) = grants.outbound { !places.isEmpty } else { true }
    }

    /// Whether an address of this host may be listened at.
    package func mayListen(_ address: SocketAddress) -> Bool {
        guard case .only(let places) = grants.listen else { return true }
        return places.contains { $0.coversLocal(address) }
    }

    /// - Throws: ``SocketErrorCode/accessDenied`` unless the address may be listened at.
    package func allowListening(_ address: SocketAddress) throws(SocketErrorCode) {
        if !mayListen(address) { throw deny(.listen(address)) }
    }

    /// Binding is a part of listening, or, with a port of the system's choosing, of reaching others.
    ///
    /// - Throws: ``SocketErrorCode/accessDenied``.
    package func allowBinding(_ address: SocketAddress) throws(SocketErrorCode) {
        if mayListen(address) || (address.port == 0 && hasOutbound) { return }
        throw deny(.listen(address))
    }

    /// - Throws: ``SocketErrorCode/accessDenied`` unless the name may be looked up.
    func allowLookup(_ name: HostName) throws(SocketErrorCode) {
        if grants.nameLookup || !ports(of: name).isEmpty { return }
        throw deny(.nameLookup(name.text))
    }

    /// Nobody is asked about an address in text form, so any grant will do.
    ///
    /// - Throws: ``SocketErrorCode/accessDenied``.
    func allowParsing(_ address: String) throws(SocketErrorCode) {
        if !grants.nameLookup && !grants.tcp && !grants.udp { throw deny(.nameLookup(address)) }
    }

    /// Allows the addresses that a name was found to have, if the name is allowed.
    func found(_ addresses: [IPAddress], of name: HostName) {
        let ports = ports(of: name)
        guard !ports.isEmpty else { return }
        state.withLock { state in
            for address in addresses {
                if state.resolved[address] == nil { state.order.append(address) }
                state.resolved[address, default: []].formUnion(ports)
            }
            let surplus = state.order.count - Self.remembered
            guard surplus > 0 else { return }
            for address in state.order.prefix(surplus) { state.resolved[address] = nil }
            state.order.removeFirst(surplus)
        }
    }

    private func ports(of name: HostName) -> Set<UInt16?> {
        guard case .only(let places) = grants.outbound else { return [] }
        return Set(places.filter { $0.host == .name(name.text) }.map(\.port))
    }

    /// Tells of a request that may not be sent.
    func denyRequest(to host: String, port: UInt16) { _ = deny(.request(host: host, port: port)) }

    private func deny(_ grant: NetworkDenial.Grant) -> SocketErrorCode {
        let kind =
            switch grant {
            case .tcp: 0
            case .udp: 1
            case .nameLookup: 2
            case .outbound: 3
            case .listen: 4
            case .request: 5
            }
        if state.withLock({ $0.denied.insert(kind).inserted }) { grants.onDenial?(NetworkDenial(grant: grant)) }
        return .accessDenied
    }
}
