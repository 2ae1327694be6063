// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBindgen
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import Foundation
import Testing

/// Two components, one of which calls the other; one of them at least is in Python.
private enum TaskPair: String, CaseIterable {
    case python, swiftCallsPython, pythonCallsSwift

    static var available: [TaskPair] {
        PythonGuests.carrier == nil ? [] : GuestCompiler.shared == nil ? [.python] : allCases
    }

    private static let components: [GuestReference: Result<[UInt8], any Error>] = Dictionary(
        uniqueKeysWithValues: [GuestReference.caller, .callee].map { reference in
            (reference, Result { try build(reference) })
        })

    private static func build(_ reference: GuestReference) throws -> [UInt8] {
        let (graph, world) = try reference.world()
        let code = "\(TestFiles.root)/Tests/DovetailBindgenTests/Guests/python/\(reference.rawValue)"
        var configuration = Engine.Configuration()
        configuration.compiler = .winch
        return try PythonComponentizer(try #require(PythonGuests.carrier)).component(
            of: PythonProgram(module: "app", folders: [code]), world: world, in: graph,
            engine: try Engine(configuration)
        ).component
    }

    private func component(_ reference: GuestReference) throws -> [UInt8] {
        let isSwift = self == (reference == .caller ? .swiftCallsPython : .pythonCallsSwift)
        return try isSwift ? SwiftGuests.component(reference) : #require(Self.components[reference]).get()
    }

    func make() throws -> Guests {
        let engine = try Engine()
        var configuration = Store.Configuration()
        configuration.maximumHandles = 200
        let store = try Store(engine: engine, configuration: configuration, wasi: WASIConfiguration())
        var linker = Linker.wasi(engine: engine)
        let callee = try linker.instantiate(Component(engine: engine, bytes: component(.callee)), in: store)
        linker.defineExports(of: callee)
        return Guests(try linker.instantiate(Component(engine: engine, bytes: component(.caller)), in: store))
    }
}

extension Guests {
    fileprivate func work(_ name: String, _ arguments: Value...) async throws -> Value? {
        try await call(in: "test:tasks/work", name, arguments)
    }
}

@Suite("Async guests in Python", .serialized)
struct PythonTaskTests {
    @Test("wait for calls, and for those that return at once", arguments: TaskPair.available)
    fileprivate func calls(_ pair: TaskPair) async throws {
        let guest = try pair.make()
        #expect(try await guest.work("sum", .u32(5), .u32(2)) == .u32(20))
        #expect(try await guest.work("sum", .u32(3), .u32(200)) == .u32(603))
        #expect(try await guest.work("sum", .u32(100), .u32(0)) == .u32(4950))
    }

    @Test("have several calls at once, as tasks and in groups", arguments: TaskPair.available)
    fileprivate func together(_ pair: TaskPair) async throws {
        let result = try await pair.make().work("together", .list([.string("a"), .string("bb"), .string("ccc")]))
        guard case .list(let texts)? = result else { throw Unexpected(value: result) }
        let first = String(repeating: "first, at the same time; ", count: 3)
        #expect(texts.count == 5)
        for text in ["aaa", "bbbb", "ccc", first, "4 bd, at the same time"] { #expect(texts.contains(.string(text))) }
    }

    private struct Unexpected: Error { let value: Value? }

    @Test("raise what calls raise, in tasks too", arguments: TaskPair.available)
    fileprivate func errors(_ pair: TaskPair) async throws {
        let guest = try pair.make()
        #expect(try await guest.work("fail", .string("ab")) == .ok(.string("2 3")))
        #expect(try await guest.work("fail", .string("abc")) == .error(.string("abc! is too long")))
        #expect(try await guest.work("fail", .string("abcd")) == .error(.string("abcd is too long")))
    }

    @Test("cancel calls with their tasks, and are cancelled by their callers", arguments: TaskPair.available)
    fileprivate func cancellation(_ pair: TaskPair) async throws {
        let guest = try pair.make()
        #expect(try await guest.work("race") == .string("7 99 1"))
        #expect(try await guest.work("hand-over", .string("item")) == .string("item true 0"))
    }

    @Test("go on after they have returned", arguments: TaskPair.available)
    fileprivate func afterwards(_ pair: TaskPair) async throws {
        let guest = try pair.make()
        for _ in 0..<3 { _ = try await guest.work("begin", .u32(5)) }
        for _ in 0..<100 where try await guest.work("begun") != .u32(3) {
            _ = try await guest.work("sum", .u32(3), .u32(3))
        }
        #expect(try await guest.work("begun") == .u32(3))
    }

    @Test("read and write streams of bytes, strings, resources and nothing", arguments: TaskPair.available)
    fileprivate func streams(_ pair: TaskPair) async throws {
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
    fileprivate func futures(_ pair: TaskPair) async throws {
        let guest = try pair.make()
        #expect(try await guest.work("promised", .string("hi"), .u32(0)) == .option(.string("hi")))
        #expect(try await guest.work("promised", .string("hi"), .u32(200)) == .option(.string("hi")))
        #expect(try await guest.work("promised", .string(""), .u32(0)) == .option(.string("nothing was written")))
    }

    @Test("leave no handle or task behind", arguments: TaskPair.available)
    fileprivate func leaks(_ pair: TaskPair) async throws {
        let guest = try pair.make()
        let isStress = ProcessInfo.processInfo.environment["DOVETAIL_STRESS"] != nil
        // There is room for 200 handles.
        for _ in 0..<(isStress ? 10_000 : 60) {
            _ = try await guest.work("sum", .u32(10), .u32(70))
            _ = try await guest.work("together", .list([.string("a text that is long enough to be allocated")]))
            _ = try await guest.work("race")
            _ = try await guest.work("hand-over", .string("an item with a name that is long"))
            _ = try await guest.work("shout", .string(String(repeating: "text ", count: 50)))
            _ = try await guest.work("collect", .u32(5))
            _ = try await guest.work("promised", .string("a promise that is long enough"), .u32(1))
            _ = try await guest.work("fail", .string("too long a name"))
        }
    }
}
