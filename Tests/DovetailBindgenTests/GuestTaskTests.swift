// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Foundation
import Testing

extension Guests {
    fileprivate func work(_ name: String, _ arguments: Value...) async throws -> Value? {
        try await call(in: TaskPair.work, name, arguments)
    }
}

@Suite(
    "Async guests", .serialized,
    .enabled(if: !TaskPair.available.isEmpty, "needs a toolchain with Embedded Swift for wasm32, or CPython as a guest")
)
struct GuestTaskTests {
    @Test("wait for calls, and for those that return at once", arguments: TaskPair.available)
    func calls(_ pair: TaskPair) async throws {
        let guest = try pair.make()
        #expect(try await guest.work("sum", .u32(5), .u32(2)) == .u32(20))
        #expect(try await guest.work("sum", .u32(3), .u32(200)) == .u32(603))
        #expect(try await guest.work("sum", .u32(100), .u32(0)) == .u32(4950))
    }

    @Test("have several calls at once, as tasks and in groups", arguments: TaskPair.available)
    func together(_ pair: TaskPair) async throws {
        let result = try await pair.make().work("together", .list([.string("a"), .string("bb"), .string("ccc")]))
        guard case .list(let texts)? = result else { throw Unexpected(value: result) }
        let first = String(repeating: "first, at the same time; ", count: 3)
        if pair == .swift {
            #expect(Array(texts) == ["ccc", "bbbb", "aaa", first, "4 bd, at the same time"].map(Value.string))
        }
        #expect(texts.count == 5)
        for text in ["aaa", "bbbb", "ccc", first, "4 bd, at the same time"] { #expect(texts.contains(.string(text))) }
    }

    private struct Unexpected: Error { let value: Value? }

    @Test("throw what calls throw, in tasks too", arguments: TaskPair.available)
    func errors(_ pair: TaskPair) async throws {
        let guest = try pair.make()
        #expect(try await guest.work("fail", .string("ab")) == .ok(.string("2 3")))
        #expect(try await guest.work("fail", .string("abc")) == .error(.string("abc! is too long")))
        #expect(try await guest.work("fail", .string("abcd")) == .error(.string("abcd is too long")))
    }

    @Test("cancel calls with their tasks, and are cancelled by their callers", arguments: TaskPair.available)
    func cancellation(_ pair: TaskPair) async throws {
        let guest = try pair.make()
        #expect(try await guest.work("race") == .string("7 99 1"))
        #expect(try await guest.work("hand-over", .string("item")) == .string("item true 0"))
    }

    @Test("are let go on by other calls, sync ones and async ones", arguments: TaskPair.inSwift)
    func otherCalls(_ pair: TaskPair) async throws {
        let guest = try pair.make()
        for function in ["send", "send-later"] {
            for round in 0..<50 {
                let texts = try await withThrowingTaskGroup(of: Value?.self) { group in
                    for _ in 0..<2 { group.addTask { try await guest.work("receive") } }
                    for number in 0..<2 { _ = try await guest.work(function, .string("\(round) \(number)")) }
                    return try await group.reduce(into: [Value?]()) { $0.append($1) }
                }
                let expected: [Value?] = [.string("\(round) 0"), .string("\(round) 1")]
                #expect(texts.count == 2 && expected.allSatisfy(texts.contains))
            }
        }
    }

    @Test("go on after they have returned", arguments: TaskPair.available)
    func afterwards(_ pair: TaskPair) async throws {
        let guest = try pair.make()
        for _ in 0..<3 { _ = try await guest.work("begin", .u32(5)) }
        for _ in 0..<100 where try await guest.work("begun") != .u32(3) {
            _ = try await guest.work("sum", .u32(3), .u32(3))
        }
        #expect(try await guest.work("begun") == .u32(3))
    }

    @Test("have actors", arguments: TaskPair.inSwift)
    func actors(_ pair: TaskPair) async throws {
        #expect(try await pair.make().work("count-actor", .u32(20)) == .u32(40))
    }

    @Test("read and write streams of bytes, strings, resources and nothing", arguments: TaskPair.available)
    func streams(_ pair: TaskPair) async throws {
        let guest = try pair.make()
        let text = String(repeating: "a text that is much longer than what is read at a time. ", count: 500)
        #expect(
            try await guest.work("shout", .string(text)) == .string("\(text.uppercased()) \(text.utf8.count)"))
        let words = (0..<40).map { Value.string("word \($0), which is longer than a small string") }
        #expect(
            try await guest.work("collect", .u32(40)) == .tuple([.list(words + [.string("end")]), .u32(40)]))
        #expect(try await guest.work("count-pauses", .u32(20)) == .u32(20))
        // In Swift, two are read at a time, of those that are written one by one.
        guard pair != .swiftCallsPython else { return }
        #expect(
            try await guest.work("some-items", .u32(9))
                == .list([.string("item 0"), .string("item 1"), .string("0")]))
    }

    @Test("read and write futures, those included that nobody writes", arguments: TaskPair.available)
    func futures(_ pair: TaskPair) async throws {
        let guest = try pair.make()
        #expect(try await guest.work("promised", .string("hi"), .u32(0)) == .option(.string("hi")))
        #expect(try await guest.work("promised", .string("hi"), .u32(200)) == .option(.string("hi")))
        #expect(try await guest.work("promised", .string(""), .u32(0)) == .option(.string("nothing was written")))
    }

    @Test("leave no memory, handle or task behind", arguments: TaskPair.available)
    func leaks(_ pair: TaskPair) async throws {
        let guest = try pair.make()
        let isStress = ProcessInfo.processInfo.environment["DOVETAIL_STRESS"] != nil
        let rounds = pair == .swift ? (long: 100_000, short: 100) : (long: 10_000, short: 60)
        if pair == .swift {
            for _ in 0..<(isStress ? 10_000 : 2) {
                #expect(try await guest.work("sum", .u32(1000), .u32(0)) == .u32(499_500))
            }
        }
        // There is room for 200 handles.
        for _ in 0..<(isStress ? rounds.long : rounds.short) {
            _ = try await guest.work("sum", .u32(10), .u32(pair == .swift ? 1 : 70))
            _ = try await guest.work("together", .list([.string("a text that is long enough to be allocated")]))
            _ = try await guest.work("race")
            _ = try await guest.work("hand-over", .string("an item with a name that is long"))
            _ = try await guest.work("shout", .string(String(repeating: "text ", count: 50)))
            _ = try await guest.work("collect", .u32(5))
            _ = try await guest.work("some-items", .u32(5))
            _ = try await guest.work("promised", .string("a promise that is long enough"), .u32(1))
            _ = try await guest.work("fail", .string("too long a name"))
        }
    }
}
