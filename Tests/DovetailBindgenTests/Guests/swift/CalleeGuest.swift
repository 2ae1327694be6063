// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

// What callers wait for.

nonisolated(unsafe) private var liveItems: UInt32 = 0
nonisolated(unsafe) private var cancellations: UInt32 = 0

private func turns(_ count: UInt32) async {
    for _ in 0..<count { await Task.yield() }
}

extension Callee.Service: Callee.Service.Exports {
    final class Item: ItemResource {
        private let text: String

        init(name: String) {
            text = name
            liveItems += 1
        }

        deinit { liveItems -= 1 }

        func name() async -> String {
            await turns(1)
            return text
        }

        static func live() -> UInt32 { liveItems }
    }

    static func wait(turns count: UInt32) async -> UInt32 {
        await turns(count)
        return count
    }

    static func `repeat`(text: String, times: UInt32) async -> String {
        var all = ""
        for _ in 0..<times {
            all += text
            await Task.yield()
        }
        return all
    }

    static func check(name: String) async throws(ResultError<String>) -> UInt32 {
        guard name.utf8.count < 4 else {
            await turns(1)
            throw ResultError("\(name) is too long")
        }
        return UInt32(name.utf8.count)
    }

    static func mix(a: UInt32, b: String, c: [UInt8], d: String?) async -> (UInt32, String) {
        (a + UInt32(c.count), b + (d ?? "nothing"))
    }

    static func never() async -> UInt32 {
        while !Task.isCancelled { await Task.yield() }
        cancellations += 1
        confirmCancellation()
        return 0
    }

    static func cancelled() -> UInt32 { cancellations }

    static func pass(item: Item, turns count: UInt32) async -> Item {
        for _ in 0..<count {
            if confirmCancellation() { break }
            await Task.yield()
        }
        return item
    }

    static func upper(input: StreamReader<UInt8>) async -> StreamReader<UInt8> {
        let (writer, reader) = Callee.makeStream(of: UInt8.self)
        Task {
            while !writer.isClosed {
                let some = await input.read(upTo: 1000)
                if some.isEmpty { break }
                await writer.write(some.map { (97...122).contains($0) ? $0 - 32 : $0 })
            }
            writer.drop()
        }
        return reader
    }

    static func words(count: UInt32) async -> StreamReader<String> {
        let (writer, reader) = Callee.makeStream(of: String.self)
        Task {
            await writer.write((0..<count).map { "word \($0), which is longer than a small string" })
            await writer.write("end")
        }
        return reader
    }

    static func items(count: UInt32) async -> StreamReader<Item> {
        let (writer, reader) = Callee.makeStream(of: Item.self)
        Task { await writer.write((0..<count).map { Item(name: "item \($0)") }) }
        return reader
    }

    static func promise(text: String, turns count: UInt32) async -> FutureReader<String> {
        let (writer, reader) = Callee.makeFuture(of: String.self, otherwise: { "nothing was written" })
        guard !text.isEmpty else { return reader }
        Task {
            await turns(count)
            await writer.write(text)
        }
        return reader
    }

    static func pauses(count: UInt32) async -> StreamReader<Empty> {
        let (writer, reader) = Callee.makeStream(of: Empty.self)
        Task { for _ in 0..<count { await writer.write(Empty()) } }
        return reader
    }
}
