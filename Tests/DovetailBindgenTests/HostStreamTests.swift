// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Foundation
import Testing

private let isAvailable = GuestCompiler.shared != nil

/// A component in Swift that gives out streams and futures, and takes them.
private func makeService(_ change: (inout Store.Configuration) -> Void = { _ in }) throws -> TaskCallee.Service {
    let (engine, component) = try GuestLanguage.swift.component("callee")
    var configuration = Store.Configuration()
    configuration.maximumHandles = 200
    configuration.maximumMemory = 2 << 20
    change(&configuration)
    return try TaskCallee(component, in: Store(engine: engine, configuration: configuration)).service
}

@Suite("Streams and futures of guests", .enabled(if: isAvailable, "needs a toolchain with Embedded Swift for wasm32"))
struct HostStreamTests {
    private static let text = Array(
        String(repeating: "text that is longer than what is read at once. ", count: 3000).utf8)

    @Test("are read as they are written: strings, resources and nothing")
    func reading() async throws {
        let service = try makeService()
        var words: [String] = []
        for try await word in try await service.words(count: 40) { words.append(word) }
        #expect(words == (0..<40).map { "word \($0), which is longer than a small string" } + ["end"])
        #expect(try await service.pauses(count: 20).readAll().count == 20)
        let items = try await service.items(count: 3).readAll()
        #expect(try await items[2].name() == "item 2")
        #expect(try service.itemLive() == 3)
    }

    @Test("keep their store")
    func lifetime() async throws {
        let words = try await makeService().words(count: 3)
        #expect(try await words.readAll().count == 4)
    }

    @Test("end for the guest when they are dropped, by hand or with the last reference")
    func dropping() async throws {
        let service = try makeService()
        for isByHand in [true, false] {
            do {
                let items = try await service.items(count: 9)
                #expect(try await items.read(upTo: 2).count == 2)
                if isByHand { items.drop() }
            }
            // The guest learns of it and lets go of those that nobody took.
            _ = try await service.wait(turns: 3)
            #expect(try service.itemLive() == 0)
        }
    }

    @Test("come from the host, too, whole or as they are written")
    func writing() async throws {
        let service = try makeService()
        let all = try await service.upper(input: StreamReader(Self.text)).readAll()
        #expect(String(decoding: all, as: UTF8.self) == String(decoding: Self.text, as: UTF8.self).uppercased())
        let (writer, reader) = StreamReader.makeStream(of: UInt8.self)
        let sent = Task {
            var sent = 0
            for start in stride(from: 0, to: Self.text.count, by: 1000) {
                sent += try await writer.write(Array(Self.text[start..<min(start + 1000, Self.text.count)]))
            }
            writer.close()
            return sent
        }
        #expect(try await service.upper(input: reader).readAll() == all)
        #expect(try await sent.value == Self.text.count)
        #expect(writer.isClosed)
    }

    @Test("tell the host's writer when nobody reads any more")
    func droppedByGuest() async throws {
        let service = try makeService()
        let (writer, reader) = StreamReader.makeStream(of: UInt8.self)
        let upper = try await service.upper(input: reader)
        let sent = Task { try await writer.write(Self.text) }
        #expect(try await !upper.read(upTo: 10).isEmpty)
        upper.drop()
        _ = try await service.wait(turns: 5)
        #expect(try await sent.value < Self.text.count)
        #expect(writer.isClosed)
        #expect(try await writer.write(1) == false)
    }

    @Test("have futures beside them, which may never be written")
    func futures() async throws {
        let service = try makeService()
        #expect(try await service.promise(text: "hi", turns: 0).value() == "hi")
        #expect(try await service.promise(text: "hi", turns: 5).value() == "hi")
        #expect(try await service.promise(text: "", turns: 0).value() == "nothing was written")
    }

    @Test("can be read by the host that made them")
    func alone() async throws {
        let (writer, reader) = StreamReader.makeStream(of: String.self)
        let sent = Task { try await writer.write(["a", "b", "c"]) }
        #expect(try await reader.read(upTo: 2).first == "a")
        #expect(try await reader.read(upTo: 3).last == "c")
        #expect(try await sent.value == 3)
        writer.close()
        #expect(try await reader.readAll().isEmpty)
        #expect(try await FutureReader("x").value() == "x")
        let (promise, future) = FutureReader.makeFuture(of: Int.self)
        async let written = promise.write(5)
        #expect(try await future.value() == 5)
        #expect(try await written)
        await #expect(throws: CallError.self) { try await future.value() }
    }

    @Test("cannot be used twice, nor in another store")
    func misuse() async throws {
        let service = try makeService()
        let other = try makeService()
        let reader = StreamReader(Self.text)
        _ = try await service.upper(input: reader)
        let given = await #expect(throws: CallError.self) { try await reader.read(upTo: 1) }
        #expect(given?.message == "the stream or future cannot be read: it was given to a component")
        let twice = await #expect(throws: CallError.self) { _ = try await service.upper(input: reader) }
        #expect(twice?.message.contains("found one that was given away") == true)
        let words = try await service.upper(input: StreamReader(Self.text))
        let elsewhere = await #expect(throws: CallError.self) { _ = try await other.upper(input: words) }
        #expect(elsewhere?.message.contains("found one of another store") == true)
        // Back into the store that it is of.
        #expect(try await service.upper(input: words).readAll().count == Self.text.count)
    }

    @Test("end with the task that reads or writes")
    func cancelledEnds() async throws {
        nonisolated(unsafe) let service = try makeService()
        let (writer, input) = StreamReader.makeStream(of: UInt8.self)
        let reading = Task {
            let upper = try await service.upper(input: input)
            _ = try await upper.read(upTo: 5)
            return try await upper.read(upTo: 5)
        }
        #expect(try await writer.write([97, 98]) == 2)
        reading.cancel()
        await #expect(throws: CancellationError.self) { try await reading.value }
        let (second, unread) = StreamReader.makeStream(of: UInt8.self)
        let writing = Task { try await second.write([1]) }
        writing.cancel()
        #expect(try await writing.value == 0)
        second.close()
        #expect(try await unread.readAll().isEmpty)
    }

    @Test("end when the host writes no more")
    func ended() async throws {
        let service = try makeService()
        let (writer, reader) = StreamReader.makeStream(of: UInt8.self)
        let upper = try await service.upper(input: reader)
        writer.close()
        #expect(try await upper.readAll().isEmpty)
    }
}

@Suite("Calls, streams and futures", .enabled(if: isAvailable, "needs a toolchain with Embedded Swift for wasm32"))
struct HostStreamLeakTests {
    @Test("leave nothing behind, in guest or host, however they end")
    func leaks() async throws {
        let isStress = ProcessInfo.processInfo.environment["DOVETAIL_STRESS"] != nil
        let rounds = isStress ? 100_000 : 50
        // Few handles and little memory.
        nonisolated(unsafe) let service = try makeService()
        var before = 0
        for round in 0..<rounds {
            if round == rounds / 10 { before = ResidentMemory.bytes(ofProcess: "self") ?? 0 }
            #expect(try await service.repeat(text: "a text that is long", times: 3).utf8.count == 57)
            let (writer, reader) = StreamReader.makeStream(of: UInt8.self)
            let sent = Task { try await writer.write(Array(repeating: 97, count: 3000)) }
            let upper = try await service.upper(input: reader)
            #expect(try await !upper.read(upTo: 10).isEmpty)
            if round.isMultiple(of: 2) { upper.drop() } else { writer.close() }
            #expect(try await service.words(count: 2).readAll().count == 3)
            #expect(try await service.items(count: 3).read(upTo: 2).count == 2)
            #expect(try await service.promise(text: "a promise that is long", turns: 1).value().utf8.count == 22)
            _ = try await service.promise(text: "that nobody reads", turns: 1)
            let call = Task { try await service.never() }
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            if !round.isMultiple(of: 2) {
                #expect(try await upper.readAll().count > 2900)
                #expect(try await sent.value == 3000)
            }
            _ = try await service.wait(turns: 3)
            _ = try await sent.value
        }
        #expect(try service.itemLive() == 0)
        #expect(try service.cancelled() == UInt32(rounds))
        let grown = (ResidentMemory.bytes(ofProcess: "self") ?? 0) - before
        if isStress { #expect(grown < 4 << 20, "resident memory grew by \(grown) bytes") }
    }
}

@Suite("Calls that are cancelled", .enabled(if: isAvailable, "needs a toolchain with Embedded Swift for wasm32"))
struct CancelledCallTests {
    @Test("end the guest's task, and leave the instance as usable as before")
    func cooperative() async throws {
        nonisolated(unsafe) let service = try makeService()
        for round in 1...3 {
            let call = Task { try await service.never() }
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            #expect(try service.cancelled() == UInt32(round))
        }
        #expect(try await service.wait(turns: 3) == 3)
    }

    @Test("return what the guest returns nevertheless")
    func ignored() async throws {
        nonisolated(unsafe) let service = try makeService()
        let call = Task { try await service.wait(turns: 50) }
        call.cancel()
        #expect(try await call.value == 50)
    }

    @Test("stop the instance when the guest takes too long", arguments: [false, true])
    func tooLong(hasTimeLimit: Bool) async throws {
        nonisolated(unsafe) let service = try makeService { configuration in
            configuration.cancellationGrace = .zero
            // Then the guest has a stack of its own.
            if hasTimeLimit { configuration.timeout = .seconds(600) }
        }
        let call = Task { try await service.wait(turns: .max) }
        call.cancel()
        let error = await #expect(throws: Trap.self) { try await call.value }
        #expect(error?.code == .cancelled)
    }
}
