// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Foundation
import Testing

/// Two components in Swift, one of which calls the other.
private enum Pair {
    static let work = "test:tasks/work"
    static let bytes: Result<[UInt8], any Error> = Result {
        try ComponentPair.bytes(
            caller: SwiftGuests.component(.caller), callee: SwiftGuests.component(.callee),
            import: "test:tasks/service", export: work)
    }

    /// An instance; few handles may be left behind.
    static func make() throws -> Guests {
        let engine = try Engine()
        let component = try Component(engine: engine, bytes: bytes.get())
        var configuration = Store.Configuration()
        configuration.maximumHandles = 200
        configuration.maximumMemory = 2 << 20
        configuration.waitsForOtherCalls = true
        let store = Store(engine: engine, configuration: configuration)
        return Guests(try Linker(engine: engine).instantiate(component, in: store))
    }
}

extension Guests {
    fileprivate func work(_ name: String, _ arguments: Value...) async throws -> Value? {
        try await call(in: Pair.work, name, arguments)
    }
}

private let isAvailable = GuestCompiler.shared != nil

@Suite("Async guests in Swift", .enabled(if: isAvailable, "needs a toolchain with Embedded Swift for wasm32"))
struct GuestTaskTests {
    @Test("wait for calls, and for those that return at once")
    func calls() async throws {
        let guest = try Pair.make()
        #expect(try await guest.work("sum", .u32(5), .u32(2)) == .u32(20))
        #expect(try await guest.work("sum", .u32(100), .u32(0)) == .u32(4950))
    }

    @Test("have several calls at once, by `async let` and groups")
    func together() async throws {
        let result = try await Pair.make().work("together", .list([.string("a"), .string("bb"), .string("ccc")]))
        let first = String(repeating: "first, at the same time; ", count: 3)
        #expect(
            result
                == .list([
                    .string("ccc"), .string("bbbb"), .string("aaa"), .string(first),
                    .string("4 bd, at the same time"),
                ]))
    }

    @Test("throw what calls throw, in tasks too")
    func errors() async throws {
        let guest = try Pair.make()
        #expect(try await guest.work("fail", .string("ab")) == .ok(.string("2 3")))
        #expect(
            try await guest.work("fail", .string("abc")) == .error(.string("abc! is too long")))
        #expect(
            try await guest.work("fail", .string("abcd")) == .error(.string("abcd is too long")))
    }

    @Test("cancel calls with their tasks, and are cancelled by their callers")
    func cancellation() async throws {
        let guest = try Pair.make()
        #expect(try await guest.work("race") == .string("7 99 1"))
        #expect(try await guest.work("hand-over", .string("item")) == .string("item true 0"))
    }

    @Test("are let go on by other calls, sync ones and async ones")
    func otherCalls() async throws {
        let guest = try Pair.make()
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

    @Test("go on after they have returned")
    func afterwards() async throws {
        let guest = try Pair.make()
        for _ in 0..<3 { _ = try await guest.work("begin", .u32(5)) }
        for _ in 0..<100 where try await guest.work("begun") != .u32(3) {
            _ = try await guest.work("sum", .u32(3), .u32(3))
        }
        #expect(try await guest.work("begun") == .u32(3))
    }

    @Test("have actors")
    func actors() async throws {
        #expect(try await Pair.make().work("count-actor", .u32(20)) == .u32(40))
    }

    @Test("read and write streams of bytes, strings, resources and nothing")
    func streams() async throws {
        let guest = try Pair.make()
        let text = String(repeating: "a text that is much longer than what is read at a time. ", count: 500)
        #expect(
            try await guest.work("shout", .string(text)) == .string("\(text.uppercased()) \(text.utf8.count)"))
        let words = (0..<40).map { Value.string("word \($0), which is longer than a small string") }
        #expect(
            try await guest.work("collect", .u32(40)) == .tuple([.list(words + [.string("end")]), .u32(40)]))
        #expect(
            try await guest.work("some-items", .u32(9))
                == .list([.string("item 0"), .string("item 1"), .string("0")]))
        #expect(try await guest.work("count-pauses", .u32(20)) == .u32(20))
    }

    @Test("read and write futures, those included that nobody writes")
    func futures() async throws {
        let guest = try Pair.make()
        #expect(try await guest.work("promised", .string("hi"), .u32(0)) == .option(.string("hi")))
        #expect(try await guest.work("promised", .string("hi"), .u32(4)) == .option(.string("hi")))
        #expect(try await guest.work("promised", .string(""), .u32(0)) == .option(.string("nothing was written")))
    }

    @Test("leave no memory, handle or task behind")
    func leaks() async throws {
        let guest = try Pair.make()
        let isStress = ProcessInfo.processInfo.environment["DOVETAIL_STRESS"] != nil
        for _ in 0..<(isStress ? 10_000 : 2) {
            #expect(try await guest.work("sum", .u32(1000), .u32(0)) == .u32(499_500))
        }
        for _ in 0..<(isStress ? 100_000 : 100) {
            _ = try await guest.work("sum", .u32(10), .u32(1))
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
