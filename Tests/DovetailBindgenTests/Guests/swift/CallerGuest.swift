// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

// Calls that wait for others, several at once.

private typealias Service = Caller.Service

nonisolated(unsafe) private var messages: [String] = []
nonisolated(unsafe) private var receivers: [CheckedContinuation<String, Never>] = []
nonisolated(unsafe) private var beginnings: UInt32 = 0

private actor Counter {
    private var count: UInt32 = 0

    func increment() -> UInt32 {
        count += 1
        return count
    }
}

private func deliver(_ text: String) {
    if receivers.isEmpty { messages.append(text) } else { receivers.removeFirst().resume(returning: text) }
}

extension Caller.Work: Caller.Work.Exports {
    static func sum(count: UInt32, turns: UInt32) async -> UInt32 {
        var total: UInt32 = 0
        for number in 0..<count {
            let waited = await Service.wait(turns: turns)
            total &+= number &+ waited
        }
        return total
    }

    static func together(names: [String]) async -> [String] {
        async let first = Service.repeat(text: "first, at the same time; ", times: 3)
        async let mixed = Service.mix(a: 1, b: "b", c: [1, 2, 3], d: "d, at the same time")
        // Nobody asks for this one.
        async let _ = Service.repeat(text: "of no use, and longer than small strings", times: 2)
        var all = await withTaskGroup(of: String.self) { group in
            for (number, name) in names.enumerated() {
                group.addTask { await Service.repeat(text: name, times: UInt32(names.count - number)) }
            }
            var all: [String] = []
            for await text in group { all.append(text) }
            return all
        }
        all.append(await first)
        let (number, text) = await mixed
        all.append("\(number) \(text)")
        return all
    }

    static func fail(name: String) async throws(ResultError<String>) -> String {
        let length = try await Service.check(name: name)
        let task = Task { () async throws(ResultError<String>) -> UInt32 in try await Service.check(name: name + "!") }
        return "\(length) \(try await task.value)"
    }

    static func race() async -> String {
        let before = Service.cancelled()
        let (first, second) = await withTaskGroup(of: UInt32?.self) { group in
            group.addTask { await Service.neverUnlessCancelled() }
            group.addTask { await Service.wait(turns: 7) }
            let first = await group.next()
            group.cancelAll()
            return (first ?? nil, await group.next() ?? nil)
        }
        return "\(first ?? 0) \(second ?? 99) \(Service.cancelled() - before)"
    }

    static func receive() async -> String {
        if !messages.isEmpty { return messages.removeFirst() }
        return await withCheckedContinuation { receivers.append($0) }
    }

    static func send(text: String) { deliver(text) }

    static func sendLater(text: String) async {
        _ = await Service.wait(turns: 2)
        deliver(text)
    }

    static func handOver(name: String) async -> String {
        let item = Service.Item(name: name)
        let same = await Service.pass(item: item, turns: 2)
        let named = await same.name()
        // One that is cancelled while it has the item takes it along.
        let task = Task { await Service.passUnlessCancelled(item: same, turns: 1_000_000) == nil }
        _ = await Service.wait(turns: 3)
        task.cancel()
        return "\(named) \(await task.value) \(Service.Item.live())"
    }

    static func shout(text: String) async -> String {
        let (writer, reader) = Caller.makeStream(of: UInt8.self)
        let upper = await Service.upper(input: reader)
        async let sent = {
            let sent = await writer.write(Array(text.utf8))
            writer.drop()
            return sent
        }()
        let bytes = await upper.readAll()
        return String(decoding: bytes, as: UTF8.self) + " \(await sent)"
    }

    static func collect(count: UInt32) async -> ([String], UInt32) {
        var words: [String] = []
        for await word in await Service.words(count: count) { words.append(word) }
        let items = await Service.items(count: count)
        let first = await items.read(upTo: 3)
        return (words, UInt32(first.count) + UInt32(await items.readAll().count))
    }

    static func someItems(count: UInt32) async -> [String] {
        let items = await Service.items(count: count)
        var names: [String] = []
        for item in await items.read(upTo: 2) { names.append(await item.name()) }
        items.drop()
        // The other end learns of it, and drops those that nobody took.
        _ = await Service.wait(turns: 3)
        names.append("\(Service.Item.live())")
        return names
    }

    static func promised(text: String, turns: UInt32) async -> String? {
        await Service.promise(text: text, turns: turns).read()
    }

    static func countPauses(count: UInt32) async -> UInt32 {
        var seen: UInt32 = 0
        for await _ in await Service.pauses(count: count) { seen += 1 }
        return seen
    }

    static func begin(turns: UInt32) async {
        Task {
            _ = await Service.wait(turns: turns)
            beginnings += 1
        }
    }

    static func begun() -> UInt32 { beginnings }

    static func countActor(tasks: UInt32) async -> UInt32 {
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<tasks {
                group.addTask {
                    _ = await counter.increment()
                    await Task.yield()
                    _ = await counter.increment()
                }
            }
            await group.waitForAll()
        }
        return await counter.increment() - 1
    }
}
