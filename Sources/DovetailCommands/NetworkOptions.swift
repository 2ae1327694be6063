// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailWASI

/// What a guest may do on the network; the same for every command that runs one.
struct NetworkOptions: ParsableArguments {
    @Flag(help: "Grant TCP sockets; the options below say what they may reach.")
    var tcp = false

    @Flag(help: "Grant UDP sockets; the options below say what they may reach.")
    var udp = false

    @Flag(help: "Allow the guest to look up any host name.")
    var allowIpNameLookup = false

    @Flag(help: "Allow the guest everything on the network that this process may do.")
    var inheritNetwork = false

    @Option(
        help: ArgumentHelp(
            "Let sockets and HTTP requests reach a host: a name, an address, or `10.0.0.0/8`.",
            valueName: "host[:port]"),
        transform: place)
    var allowOutbound: [NetworkPlace] = []

    @Option(
        help: ArgumentHelp(
            "Let sockets accept connections and datagrams at an address of this host.", valueName: "address:port"),
        transform: place)
    var allowListen: [NetworkPlace] = []

    init() {}

    /// The grants; what is denied is told on standard error, with the option that grants it.
    var grants: NetworkGrants {
        var grants = inheritNetwork ? NetworkGrants.everything : NetworkGrants()
        if !inheritNetwork {
            grants.tcp = tcp
            grants.udp = udp
            grants.nameLookup = allowIpNameLookup
            grants.outbound = .only(allowOutbound)
            grants.listen = .only(allowListen)
        }
        grants.onDenial = { denial in
            StandardError.line("note: \(denial); \(Self.options(denial.grant)) would grant it")
        }
        return grants
    }

    private static func options(_ grant: NetworkDenial.Grant) -> String {
        let option =
            switch grant {
            case .tcp: "--tcp"
            case .udp: "--udp"
            case .nameLookup: "--allow-ip-name-lookup"
            case .outbound(let address): "--allow-outbound \(address)"
            case .listen(let address): "--allow-listen \(address)"
            case .request(let host, let port): "--allow-outbound \(NetworkDenial.place(host, port))"
            }
        return "`\(option)` or `--inherit-network`"
    }
}

@Sendable private func place(_ text: String) throws -> NetworkPlace {
    do {
        return try NetworkPlace(text)
    } catch let error as WASIError {
        throw ValidationError(error.message)
    }
}
