// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailHTTP
import DovetailSystem
import DovetailTestSupport
import DovetailWASI
import Synchronization
import Testing

/// Answers requests with the component of the tests on a loop, and keeps what is told about them.
struct Probe {
    final class Records: Sendable {
        let outcomes = Mutex<[RequestOutcome]>([])
        let lines = Mutex<[GuestLine]>([])
    }

    static let component = BlockingWork.Once { () async throws in
        var configuration = Engine.Configuration()
        configuration.cache = .off
        return try Component(engine: try Engine(configuration), bytes: try await ProbeComponent.bytes())
    }
    static let loop = Result { try EventLoop(threadNamed: "probe") }

    let handler: ComponentHandler
    let records = Records()

    init(
        _ change: (inout ComponentHandler.Configuration) -> Void = { _ in }
    ) async throws {
        try self.init(of: try await Self.component.get(), change)
    }

    init(of component: Component, _ change: (inout ComponentHandler.Configuration) -> Void = { _ in }) throws {
        var configuration = ComponentHandler.Configuration()
        configuration.limits.timeout = .seconds(20)
        configuration.limits.maximumMemory = 16 << 20
        configuration.onOutcome = { [records] outcome in records.outcomes.withLock { $0.append(outcome) } }
        configuration.onLine = { [records] line in records.lines.withLock { $0.append(line) } }
        change(&configuration)
        handler = try ComponentHandler(component, configuration: configuration)
    }

    /// Answers a request; `body` runs beside, on the loop.
    @discardableResult
    func answer(
        _ make: @escaping @Sendable () throws -> MemoryExchange,
        during body: (@Sendable (MemoryExchange) async throws -> Void)? = nil
    ) async throws -> Answer {
        let (handler, loop) = (handler, try Self.loop.get())
        let whole = Task(executorPreference: loop) {
            let exchange = try make()
            nonisolated(unsafe) let shared = exchange
            let task = Task(executorPreference: loop) { await handler.handle(shared) }
            if let body {
                try await body(exchange)
                if exchange.isClosed { task.cancel() }
            }
            await withTaskCancellationHandler {
                await task.value
            } onCancel: {
                task.cancel()
            }
            return Answer(exchange)
        }
        return try await withTaskCancellationHandler {
            try await whole.value
        } onCancel: {
            whole.cancel()
        }
    }

    /// Answers a request without a body.
    func get(_ target: String, fields: [(name: String, value: String)] = []) async throws -> Answer {
        try await answer { try MemoryExchange(target, fields: fields) }
    }

    /// What was told about the last request.
    func outcome() throws -> RequestOutcome { try #require(records.outcomes.withLock { $0.last }) }
}

/// What came of a request.
struct Answer: Sendable {
    let status: UInt16?
    let fields: HTTPFields
    /// Nil when it was cut short.
    let text: String?
    let bytes: Int
    let trailers: HTTPFields?
    let isCut: Bool
    let informational: [HTTPResponse]

    init(_ exchange: MemoryExchange) {
        status = exchange.response?.status
        fields = exchange.response?.fields ?? HTTPFields()
        text = exchange.text
        bytes = exchange.written.bytes.count
        trailers = exchange.written.trailers
        isCut = exchange.written.failure != nil
        informational = exchange.informational
    }
}

@Suite("A component that answers requests", .enabled(if: ProbeComponent.isPossible, ProbeComponent.hint))
struct ComponentHandlerTests {
    @Test("answers with status, fields and body")
    func hello() async throws {
        let probe = try await Probe()
        let answer = try await probe.get("/")
        #expect(answer.status == 200)
        #expect(answer.fields["content-type"] == "text/plain")
        #expect(answer.text == "Hello, World!")
        let outcome = try probe.outcome()
        #expect(outcome.status == 200)
        #expect(outcome.bytes == 13)
        #expect(outcome.fault == nil)
    }

    @Test("sees the request without what is the host's business")
    func request() async throws {
        let probe = try await Probe()
        let answer = try await probe.answer {
            try MemoryExchange(
                "/about?x=1", method: "PURGE",
                fields: [
                    ("Host", "example.org"), ("X-A", "1"), ("connection", "close, X-Hop"), ("x-hop", "2"),
                    ("te", "trailers"),
                ])
        }
        #expect(answer.text == "PURGE http example.org /about?x=1 X-A=1,te=trailers")
    }

    @Test("keeps the rules of fields", arguments: ["/fields", "/rules"])
    func rules(_ path: String) async throws {
        let probe = try await Probe()
        #expect(try await probe.get(path).text == "as it should be")
        #expect(try probe.outcome().cause == nil)
    }

    @Test("can set any final status", arguments: [200, 204, 404, 599] as [UInt16])
    func status(_ status: UInt16) async throws {
        #expect(try await Probe().get("/status?\(status)").status == status)
    }

    @Test("sends a body back as it comes, with trailers")
    func echo() async throws {
        let text = String(repeating: "All mimsy were the borogoves. ", count: 20_000)
        let trailers = try HTTPFields([("x-sum", "42")])
        let answer = try await Probe().answer {
            try MemoryExchange("/echo", method: "POST", fields: [("x-a", "b")], text: text, trailers: trailers)
        }
        let isSame = answer.text == text
        #expect(isSame)
        #expect(answer.fields["x-a"] == "b")
        #expect(answer.trailers == trailers)
    }

    @Test("waits for a client that takes its time, and holds little back meanwhile")
    func backPressure() async throws {
        let probe = try await Probe()
        let answer = try await probe.answer {
            let exchange = try MemoryExchange("/large?1000000", room: 10_000)
            exchange.written.onFull = { [unowned written = exchange.written] in
                nonisolated(unsafe) let written = written
                guard let loop = EventLoop.current else { return }
                _ = loop.schedule(at: SystemClock.monotonic &+ 1_000) { written.take() }
            }
            return exchange
        }
        #expect(answer.bytes == 1_000_000)
        #expect(answer.text?.utf8.count == 1_000_000)
    }

    @Test("sends an informational response before its own")
    func informational() async throws {
        let answer = try await Probe().get("/early")
        #expect(answer.informational.map(\.status) == [103])
        #expect(answer.informational.first?.fields["link"] == "</style.css>; rel=preload")
        #expect(answer.text == "late")
    }

    @Test("prints lines that carry the number of the request")
    func output() async throws {
        let probe = try await Probe()
        _ = try await probe.get("/")
        #expect(try await probe.get("/print").text == "printed")
        let lines = probe.records.lines.withLock { $0 }
        #expect(lines.map(\.text).sorted() == ["one", "three", "two"])
        #expect(lines.allSatisfy { $0.request == 2 })
        #expect(lines.filter(\.isError).map(\.text) == ["three"])
    }

    @Test("is a new one for each request, unless it may be used again")
    func reuse() async throws {
        let fresh = try await Probe()
        for _ in 0..<3 { #expect(try await fresh.get("/count").text == "1") }
        let kept = try await Probe { $0.reuse = 3 }
        var texts: [String?] = []
        for _ in 0..<4 { texts.append(try await kept.get("/count").text) }
        #expect(texts == ["1", "2", "3", "1"])
        #expect(kept.handler.load.instances == 1)
    }

    @Test("answers no more after a trap")
    func reuseAfterTrap() async throws {
        let probe = try await Probe { $0.reuse = 100 }
        #expect(try await probe.get("/count").text == "1")
        #expect(try await probe.get("/trap").status == 500)
        #expect(try await probe.get("/count").text == "1")
    }

    @Test("waits beside others without holding their thread")
    func waiting() async throws {
        let probe = try await Probe { $0.limits.timeout = nil }
        let waiting = (0..<100).map { _ in Task { try await probe.get("/sleep?3600000") } }
        // All of them at the same time, and others are answered.
        while probe.handler.load.active < 100 { try await Task.sleep(for: .milliseconds(1)) }
        #expect(try await probe.get("/").text == "Hello, World!")
        for task in waiting { task.cancel() }
        while probe.handler.load.active > 0 { try await Task.sleep(for: .milliseconds(1)) }
        #expect(probe.handler.load == (0, 0, 0))
    }
}

@Suite("A component that misbehaves", .enabled(if: ProbeComponent.isPossible, ProbeComponent.hint))
struct ComponentFaultTests {
    private func fault(
        _ target: String, _ change: (inout ComponentHandler.Configuration) -> Void = { _ in }
    ) async throws -> (Answer, RequestOutcome) {
        let probe = try await Probe(change)
        let answer = try await probe.get(target)
        let outcome = try probe.outcome()
        // Whatever it was, others are answered.
        #expect(try await probe.get("/").text == "Hello, World!")
        return (answer, outcome)
    }

    @Test("by a trap, costs its own request only: status 500, and the cause is told")
    func trap() async throws {
        let (answer, outcome) = try await fault("/trap")
        #expect(answer.status == 500)
        #expect(answer.text == "The service failed.\n")
        #expect(outcome.fault == .trap)
        #expect(outcome.cause?.hasPrefix("the guest trapped: ") == true)
    }

    @Test("by a trap in the middle of a body, is never seen as whole")
    func trapLater() async throws {
        let (answer, outcome) = try await fault("/trap-later")
        #expect(answer.status == 200)
        #expect(answer.text == nil)
        #expect(answer.isCut)
        #expect(outcome.fault == .trap)
        #expect(outcome.isCut)
    }

    @Test("by computing for ever, is ended when its time is up: status 504")
    func spin() async throws {
        let (answer, outcome) = try await fault("/spin") { $0.limits.timeout = .milliseconds(50) }
        #expect(answer.status == 504)
        #expect(outcome.fault == .timeout)
        #expect(outcome.cause == "the guest ran into the time limit")
    }

    @Test("by waiting for too long, is ended when its time is up: status 504")
    func sleep() async throws {
        let (answer, outcome) = try await fault("/sleep?60000") { $0.limits.timeout = .milliseconds(50) }
        #expect(answer.status == 504)
        #expect(outcome.fault == .timeout)
    }

    @Test("by taking memory without end, gets no more than its limit: status 500")
    func bomb() async throws {
        let (answer, outcome) = try await fault("/bomb")
        #expect(answer.status == 500)
        #expect(outcome.fault == .trap)
    }

    @Test("by not answering, gets status 500")
    func none() async throws {
        let (answer, outcome) = try await fault("/none")
        #expect(answer.status == 500)
        #expect(outcome.fault == .incomplete)
        #expect(outcome.cause == "the guest returned without a response")
    }

    @Test("by an error in the place of a response, gets the status of the error")
    func error() async throws {
        let (answer, outcome) = try await fault("/error")
        #expect(answer.status == 504)
        #expect(outcome.fault == .error)
        #expect(outcome.cause == "the guest answered with an error: \(HTTPError.connectionTimeout)")
    }

    @Test(
        "by dropping what has children that live, traps",
        arguments: [
            ("headers", "incoming-request"), ("stream", "incoming-body"), ("headers", "outgoing-request"),
            ("headers", "outgoing-response"), ("stream", "outgoing-body"), ("headers", "incoming-response"),
        ].enumerated().map { ($0, $1.0, $1.1) })
    func parents(_ index: Int, _ child: String, _ parent: String) async throws {
        let (answer, outcome) = try await fault("/parent?\(index)") { $0.http = HTTPGrants(answeredBy: HostUpstream()) }
        #expect(answer.status == 500)
        #expect(outcome.fault == .trap)
        let found = outcome.cause ?? ""
        #expect(found.contains("expected the \(child) of the `\(parent)` to be dropped before it"), "\(found)")
    }

    @Test("by not ending a body, has it cut short", arguments: ["/drop", "/short"])
    func unfinished(_ path: String) async throws {
        let (answer, outcome) = try await fault(path)
        #expect(answer.text == nil)
        #expect(answer.isCut)
        #expect(outcome.isCut)
        #expect(outcome.fault == .incomplete)
    }

    @Test("by a body without end, is ended when its time is up")
    func flood() async throws {
        let probe = try await Probe { $0.limits.timeout = .milliseconds(50) }
        let answer = try await probe.answer { try MemoryExchange("/flood", room: 1 << 20) }
        #expect(answer.isCut)
        #expect(answer.bytes <= 1 << 20)
        #expect(try probe.outcome().fault == .timeout)
        #expect(try await probe.get("/").text == "Hello, World!")
    }

    @Test("is left alone when the client goes", arguments: ["/sleep?60000", "/spin", "/flood"])
    func clientGone(_ path: String) async throws {
        let probe = try await Probe()
        let answer = try await probe.answer {
            try MemoryExchange(path, room: 1 << 16)
        } during: { exchange in
            try await EventLoop.nearest.wait(for: [.time(SystemClock.monotonic &+ 20_000_000)])
            exchange.leave()
        }
        #expect(answer.text == nil)
        #expect(try probe.outcome().fault == .clientGone)
        #expect(try await probe.get("/").text == "Hello, World!")
    }

    @Test("by computing, lets others on its thread have their turn")
    func slices() async throws {
        let probe = try await Probe { $0.limits.timeout = nil }
        let spinners = (0..<4).map { _ in Task { try await probe.get("/spin") } }
        while probe.handler.load.active < 4 { try await Task.sleep(for: .milliseconds(1)) }
        // Without slices, none of these would ever be answered.
        for _ in 0..<10 { #expect(try await probe.get("/").text == "Hello, World!") }
        for spinner in spinners { spinner.cancel() }
    }

    @Test("is not one too many: requests wait in line, and are refused where that is full")
    func overload() async throws {
        let probe = try await Probe {
            $0.maximumConcurrency = 2
            $0.maximumQueue = 3
        }
        var statuses: [UInt16: Int] = [:]
        try await withThrowingTaskGroup(of: UInt16?.self) { group in
            for _ in 0..<10 { group.addTask { try await probe.get("/sleep?300").status } }
            for try await status in group { statuses[status ?? 0, default: 0] += 1 }
        }
        #expect(statuses == [200: 5, 503: 5])
        #expect(probe.handler.load == (0, 0, 0))
    }
}
