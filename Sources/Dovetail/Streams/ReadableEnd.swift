// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// The end of a stream or future that the host may read, or give to a component.
final class ReadableEnd<Element> {
    private enum Source {
        /// One that came from a component.
        case guest(AsyncEnd, HostElement<Element>)
        /// One that the host has made and not given away.
        case host(StreamChannel<Element>)
        case given, ended
    }

    private var source: Source
    /// The store of one that came out of a call of the host's, which it keeps.
    private let store: Store?
    /// Elements that were read and not taken.
    private var ahead: ArraySlice<Element> = []

    /// An end that the host has made.
    init(_ channel: StreamChannel<Element>) {
        source = .host(channel)
        store = nil
    }

    /// Takes the end at `index` out of an instance.
    init(
        _ index: UInt32, isStream: Bool, _ element: HostElement<Element>, _ cx: borrowing CanonicalContext
    ) throws(ABIError) {
        guard let environment = cx.environment as? InstanceEnvironment else { throw .unsupported("a stream or future") }
        let end = try environment.takeReadable(index, isStream: isStream, ElementType(shape: element.shape))
        source = .guest(end, element)
        let core = environment.core.pointee.store
        store = core.pointee.liftsResult ? core.pointee.store.takeUnretainedValue() : nil
    }

    deinit { drop() }

    /// Gives the end to an instance.
    func give(
        isStream: Bool, _ element: HostElement<Element>, _ cx: borrowing CanonicalContext
    ) throws(ABIError) -> UInt32 {
        let wanted = "the readable end of a \(isStream ? "stream" : "future") that nobody has"
        guard let environment = cx.environment as? InstanceEnvironment else { throw .unsupported("a stream or future") }
        guard ahead.isEmpty else { throw .expected(wanted, found: "one of which elements were read ahead") }
        let link = environment.instance.store.link
        let index: UInt32
        switch source {
        case .guest(let end, _):
            guard end.store === link, end.state == .idle else {
                throw .expected(wanted, found: end.store === link ? "one that is being read" : "one of another store")
            }
            end.onEvent = nil
            index = try environment.giveReadable(end)
        case .host(let channel):
            let (readable, writable) = AsyncEnd.pair(
                isStream: isStream, ElementType(shape: element.shape), nil, in: link)
            index = try environment.giveReadable(readable)
            environment.instance.store.operations.add(writable, channel) { HostSource(element, channel) }
        case .given: throw .expected(wanted, found: "one that was given away")
        case .ended: throw .expected(wanted, found: "one that was read to its end or dropped")
        }
        source = .given
        return index
    }

    /// The next element; `nil` at the end.
    nonisolated(nonsending) func next() async throws -> Element? {
        if ahead.isEmpty {
            let count = if case .guest(_, let element) = source { element.ahead } else { 1 }
            ahead = try await receive(count)[...]
        }
        return ahead.popFirst()
    }

    /// Up to `count` elements; none at the end.
    nonisolated(nonsending) func read(_ count: Int) async throws -> [Element] {
        if !ahead.isEmpty {
            defer { ahead = ahead.dropFirst(count) }
            return Array(ahead.prefix(count))
        }
        return count > 0 ? try await receive(count) : []
    }

    private nonisolated(nonsending) func receive(_ count: Int) async throws -> [Element] {
        switch source {
        case .ended: return []
        case .given: throw CallError.notReadable("it was given to a component")
        case .host(let channel):
            let some = await channel.read(count)
            if some.isEmpty {
                try Task.checkCancellation()
                drop()
            }
            return some
        case .guest(let end, let element):
            guard let store = store ?? end.store.store else { throw CallError.notReadable("its store is gone") }
            guard end.state == .idle else { throw CallError.notReadable("it is being read already") }
            let sink = HostSink(element, capacity: count)
            try await HostRead.run(end, sink, store)
            if end.state == .done {
                source = .ended
            } else if sink.elements.isEmpty {
                throw CancellationError()
            }
            return sink.elements
        }
    }

    /// Lets whoever writes know that nobody reads any more.
    func drop() {
        switch source {
        case .guest(let end, _): end.drop()
        case .host(let channel): channel.drop()
        case .given, .ended: return
        }
        source = .ended
    }
}
