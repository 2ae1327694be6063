// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem
internal import Synchronization

/// What the connections of a server on one event loop have in common.
final class ServerLoop: EventLoop.TurnEndHandler, @unchecked Sendable {
    // @unchecked because everything but the counts is used on the thread of the loop alone.

    let eventLoop: EventLoop
    let configuration: HTTPServer.Configuration
    let timeouts: ServerTimeouts
    let handler: any ExchangeHandler
    let counters = LoopCounters()
    let pool = BufferPool()
    /// How many connections may be open on this loop, and on those that share connections with it.
    private(set) var maximumConnections: Int
    /// What it shares with others; set before the first connection.
    private(set) var shared: SharedConnections?
    /// Its place among them, from 0.
    private var rank = 0
    private var watch: SharedWatch?
    /// Whether connections are closed after the request they are busy with.
    var isDraining = false
    /// Whether nobody closes connections any more that are made from now on.
    var isStopped = false
    /// Called when a connection has been closed.
    var onClose: (() -> Void)?

    /// The monotonic clock, as it was at the last tick.
    private(set) var now = SystemClock.monotonic
    @exclusivity(unchecked) private(set) var wheel: TimerWheel<ServerConnection>
    private var ticks = false
    private var dateSecond: Int64 = -1
    /// The line of the field `date`.
    private(set) var dateLine: [UInt8] = []
    @exclusivity(unchecked) private var postponed: [ServerConnection] = []
    @exclusivity(unchecked) private var sparePostponed = SpareArray<ServerConnection>()
    /// Connections whose responses go out together.
    @exclusivity(unchecked) private var held: [HTTP1Connection] = []
    @exclusivity(unchecked) private var heldSince: UInt64 = 0
    @exclusivity(unchecked) private var isQuick = false

    init(
        _ eventLoop: EventLoop, _ configuration: HTTPServer.Configuration, maximumConnections: Int,
        _ handler: any ExchangeHandler
    ) {
        self.eventLoop = eventLoop
        self.configuration = configuration
        self.maximumConnections = maximumConnections
        self.handler = handler
        timeouts = ServerTimeouts(configuration)
        wheel = TimerWheel(now: SystemClock.monotonic)
    }

    /// Runs `body` on the loop's thread and waits for it.
    ///
    /// - Throws: `CancellationError` when the loop has been stopped.
    func run(_ body: @escaping @Sendable () throws -> Void) async throws {
        if eventLoop.isCurrent { return try body() }
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = eventLoop.execute { continuation.resume(with: Result { try body() }) }
            if !isTaken { continuation.resume(throwing: CancellationError()) }
        }
    }

    // MARK: - Connections

    /// Has some loops share their connections.
    ///
    /// - Throws: ``SystemError`` when the system has no more descriptors.
    static func share(_ loops: ArraySlice<ServerLoop>) throws(SystemError) {
        guard let lead = loops.first else { return }
        let shared = try SharedConnections(lead.eventLoop, loops.map(\.counters))
        for (rank, loop) in loops.enumerated() {
            loop.shared = shared
            loop.rank = rank
            loop.maximumConnections *= loops.count
        }
    }

    /// Begins to take connections that it shares; on its thread.
    func watchShared() throws(SystemError) {
        guard let shared else { return }
        watch = try SharedWatch(self, shared, rank: rank)
    }

    /// Takes no more connections that it shares.
    func leaveShared() {
        watch?.end()
        watch = nil
    }

    /// Brings ``now`` up to date before a connection is made: without any, nothing does.
    func prepareForConnection() { if !ticks { now = SystemClock.monotonic } }

    /// Keeps ``now`` up to date while it has connections, as others may have begun to share theirs.
    func keepTime() { if !ticks { tick() } }

    /// Keeps a connection from now on.
    func add(_ connection: ServerConnection) {
        counters.connections.add(1)
        counters.accepted.add(1)
        counters.kept.add(1)
        schedule(connection)
        keepTime()
    }

    /// Has another connection take the place of one, which speaks another protocol.
    func replace(_ connection: ServerConnection, with other: ServerConnection) {
        wheel.remove(connection.timer)
        schedule(other)
    }

    /// Looks no more at a connection's time limit.
    func unschedule(_ connection: ServerConnection) { wheel.remove(connection.timer) }

    /// Forgets a connection that was closed.
    func remove(_ connection: ServerConnection) {
        counters.connections.add(-1)
        counters.kept.add(-1)
        wheel.remove(connection.timer)
        onClose?()
    }

    /// Connections that are open, with those of the loops that it shares them with.
    var openConnections: Int { shared?.openConnections ?? counters.connections.current }

    /// Whether it has connections, or some come; on any thread.
    var hasConnections: Bool { counters.coming.load(ordering: .acquiring) > 0 || openConnections > 0 }

    /// Has the loop take a connection, by `body` on its thread; false when it ends.
    func hand(_ body: @escaping @Sendable () -> Void) -> Bool {
        counters.coming.add(1, ordering: .relaxed)
        let isTaken = eventLoop.execute { [self] in
            // In this order: those that come are open, too.
            body()
            counters.coming.subtract(1, ordering: .releasing)
        }
        if !isTaken { counters.coming.subtract(1, ordering: .relaxed) }
        return isTaken
    }

    /// All connections.
    var connections: [ServerConnection] { wheel.all }

    // MARK: - Time

    /// Looks at a connection's time limit again when it has come; at the latest in a second where there is none, as one may begin.
    func schedule(_ connection: ServerConnection) {
        wheel.insert(connection.timer, at: connection.deadline ?? now + 1_000_000_000)
    }

    /// Looks at a connection's time limit in time, which may have come nearer.
    func hasten(_ connection: ServerConnection) {
        if !connection.isShared, let deadline = connection.deadline { wheel.hasten(connection.timer, to: deadline) }
    }

    private func tick() {
        now = SystemClock.monotonic
        let second = SystemClock.wall.seconds
        if second != dateSecond {
            dateSecond = second
            dateLine = Array("date: \(HTTPDate.text(Int64(clamping: second)))\r\n".utf8)
        }
        for entry in wheel.due(now) { entry.timeHasCome() }
        shared?.tick(self)
        ticks = wheel.count > 0 || shared?.isEmpty == false
        // Without connections, nothing wakes the thread.
        guard ticks else { return }
        _ = eventLoop.schedule(at: now + TimerWheel<ServerConnection>.resolution) { [weak self] in self?.tick() }
    }

    // MARK: - Later

    /// Lets a connection go on when others had their turn, and before the loop waits.
    func postpone(_ connection: ServerConnection) {
        postponed.append(connection)
        if postponed.count == 1 { eventLoop.callAtTurnEnd(self) }
    }

    func turnHasEnded() {
        sendHeld()
        var connections = sparePostponed.exchange(for: &postponed)
        for connection in connections { connection.goOn() }
        sparePostponed.keep(&connections)
    }

    // MARK: - Responses that go together

    /// How long a response may wait for others, in nanoseconds, and how many may go together; so it is also how many requests a loop takes at
    /// once of those that another one could answer.
    static let patience: (time: UInt64, count: Int) = (500_000, 32)

    /// Whether a response that is whole goes out with others at the end of the turn: one after the other, each wakes its client, which costs
    /// as much as all the rest of a small answer. Not where answers take long.
    func holds(_ connection: HTTP1Connection, begun: UInt64) -> Bool {
        let now = SystemClock.monotonic
        let wasQuick = isQuick
        isQuick = now &- begun < Self.patience.time
        guard isQuick, wasQuick else {
            sendHeld()
            return false
        }
        if held.isEmpty { heldSince = now }
        held.append(connection)
        if held.count >= Self.patience.count || now &- heldSince > Self.patience.time { sendHeld() }
        return true
    }

    private func sendHeld() {
        for connection in held { connection.flush() }
        held.removeAll(keepingCapacity: true)
    }
}

/// A connection of a server, whatever it speaks.
class ServerConnection: @unchecked Sendable {
    // @unchecked because it belongs to the thread of the loop that has it.

    /// The loop that has it.
    @exclusivity(unchecked) final fileprivate(set) var loop: ServerLoop
    final let transport: Transport
    /// Whether its loop has it only until it waits for a request again.
    @exclusivity(unchecked) final var isShared = false
    /// Its place among the time limits.
    private(set) lazy var timer = TimerWheel.Entry(self)

    init(_ transport: Transport, _ loop: ServerLoop) {
        self.transport = transport
        self.loop = loop
    }

    /// Goes over to another loop, while it waits for nothing on this one.
    func move(to loop: ServerLoop) {
        self.loop = loop
        transport.move(to: loop.eventLoop)
    }

    /// When the client is out of time; nil while it is not waited for.
    var deadline: UInt64? { nil }

    /// Called when ``deadline`` may have come.
    func timeHasCome() {}

    /// Called after ``ServerLoop/postpone(_:)``.
    func goOn() {}

    /// Has the connection closed as soon as nothing is in flight.
    func drain() {}

    /// Closes the connection at once; whoever works for it is told.
    func close() {
        guard !transport.isClosed else { return }
        transport.close()
        loop.remove(self)
    }
}
