// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem
internal import Synchronization

/// A socket that takes connections for one loop. Several share an address: the system spreads connections over them, by chance, so that a
/// loop with more than others hands on what it takes.
final class HTTPListener: EventLoop.Handler, @unchecked Sendable {
    // @unchecked because it belongs to the thread of its loop, once it has started.

    /// How many connections are taken before others have their turn.
    private static let turn = 64

    let address: SocketAddress
    private let loop: ServerLoop
    private let tls: TLSContext?
    private var descriptor: OwnedDescriptor?
    private var token: UInt64?
    private var mayAccept = true
    private let waitsForRoom = Atomic(false)
    /// All loops of the server, until the socket is closed.
    private var loops: [ServerLoop] = []

    /// Takes an address.
    ///
    /// - Parameter sharing: whether other loops have the same one.
    /// - Throws: ``SystemError/addressInUse`` when somebody else has it, or another error of the system's.
    init(
        _ address: SocketAddress, sharing: Bool, backlog: Int32, _ loop: ServerLoop, _ tls: TLSContext?
    ) throws(SystemError) {
        let socket = try Socket.tcp(address.ip.family)
        try socket.setOption(.reuseAddress, 1)
        if sharing { try socket.setOption(.reusePort, 1) }
        try socket.bind(address)
        try socket.listen(backlog: backlog)
        self.address = try socket.localAddress()
        self.loop = loop
        self.tls = tls
        descriptor = socket.source.descriptor
    }

    /// Whether an address is free. Sockets that share one do not notice those of another program of the same user.
    static func probe(_ address: SocketAddress) throws(SystemError) {
        guard address.port != 0 else { return }
        let socket = try Socket.tcp(address.ip.family)
        try socket.setOption(.reuseAddress, 1)
        try socket.bind(address)
    }

    /// Whether it takes connections for a loop.
    func isOn(_ loop: ServerLoop) -> Bool { self.loop === loop }

    /// Begins to take connections for a loop, and for others of the server; on the loop's thread.
    func start(among loops: [ServerLoop]) throws(SystemError) {
        guard let descriptor else { return }
        self.loops = loops.count > 1 ? loops : []
        token = try loop.eventLoop.register(descriptor.number, self)
    }

    /// Takes no more connections but those that the system has made already.
    func close() {
        // Whether there are any may not have been told yet.
        mayAccept = true
        loops = []
        accept(isLast: true)
        if let descriptor, let token { loop.eventLoop.deregister(descriptor.number, token) }
        descriptor = nil
    }

    func handle(_ ready: ReadySet) {
        mayAccept = true
        accept()
    }

    /// Goes on when a connection was closed, on whichever loop.
    func hasRoom() {
        guard waitsForRoom.load(ordering: .sequentiallyConsistent) else { return }
        if loop.eventLoop.isCurrent { accept() } else { loop.eventLoop.execute { [self] in accept() } }
    }

    private func accept(isLast: Bool = false) {
        waitsForRoom.store(false, ordering: .relaxed)
        for _ in 0..<(isLast ? Int.max : Self.turn) {
            guard let descriptor, mayAccept else { return }
            if loop.openConnections >= loop.maximumConnections {
                waitsForRoom.store(true, ordering: .sequentiallyConsistent)
                // Another loop may have closed one just before.
                if loop.openConnections >= loop.maximumConnections { return }
            }
            do throws(SystemError) {
                let (accepted, peer) = try descriptor.acceptConnection()
                let target = idlest
                if target === loop || !target.hand({ [self] in take(accepted, peer, on: target) }) {
                    take(accepted, peer, on: loop)
                }
            } catch {
                // A client that has gone already leaves others behind it.
                if error == .connectionAborted { continue }
                if error.isWouldBlock || isLast {
                    mayAccept = false
                } else {
                    // The system is short of descriptors or memory: others may give some back.
                    retry(after: 100_000_000)
                }
                return
            }
        }
        loop.eventLoop.execute { [self] in accept() }
    }

    private func retry(after nanoseconds: UInt64) {
        _ = loop.eventLoop.schedule(at: SystemClock.monotonic + nanoseconds) { [weak self] in self?.accept() }
    }

    /// This loop, unless one has fewer connections by two at least: with one less, neither had it better.
    private var idlest: ServerLoop {
        var (found, fewest) = (loop, loop.counters.load - 1)
        for other in loops where other.counters.load < fewest { (found, fewest) = (other, other.counters.load) }
        return found
    }

    /// On the thread of `loop`.
    private func take(_ accepted: OwnedDescriptor, _ peer: SocketAddress, on loop: ServerLoop) {
        if loop.isStopped { return }
        try? accepted.setOption(.noDelay, 1)
        var session: TLSSession?
        if let tls {
            // Without memory for it, the client is turned away.
            guard let made = try? TLSSession(tls) else { return }
            session = made
        }
        loop.prepareForConnection()
        let transport = Transport(accepted, peer: peer, on: loop.eventLoop, security: session)
        let connection = HTTP1Connection(transport, loop)
        do throws(SystemError) {
            loop.add(connection)
            try transport.start(connection)
        } catch {
            connection.close()
        }
    }
}
