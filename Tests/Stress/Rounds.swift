// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailArguments
import DovetailTestSupport
import DovetailWASI
import Synchronization

/// What one round does between making a store and releasing it.
enum RoundKind: String, CaseIterable, ExpressibleByArgument {
    case calls, values, wasi, hostResources = "host-resources", guestResources = "guest-resources", traps
    case hostErrors = "host-errors", exits, timeouts, components
}

/// Repeats making a store and an instance, calling it, and releasing both.
struct Rounds {
    /// The result of a run of rounds.
    struct Report: CustomStringConvertible {
        var kind: RoundKind
        var count: Int
        /// By how many bytes resident memory grew, `nil` where the system does not tell.
        var resident: Int?
        /// Whether memory does not grow with the number of rounds: a few pages always come and go.
        var isSteady: Bool { (resident ?? 0) < 512 << 10 }

        var description: String {
            "\(kind.rawValue): \(count) rounds, resident memory grew by "
                + (resident.map { "\($0 / 1024) KiB" } ?? "an unknown number of bytes")
        }
    }

    private struct Refused: Error {}
    private final class Connection: Sendable {}

    private let engine: Engine
    private let root: String

    init(root: String) throws {
        self.root = root
        engine = try Engine()
    }

    /// Runs `count` rounds to warm up caches and the allocator, and then `count` measured ones.
    ///
    /// Threads that start and end take a few pages now and then; a leak grows each time. So growth counts only when
    /// two further measurements confirm it.
    func run(_ kind: RoundKind, count: Int) throws -> Report {
        let round = try round(kind)
        for _ in 0..<count { try round() }
        var report = Report(kind: kind, count: count, resident: nil)
        for _ in 0..<3 {
            let before = ResidentMemory.bytes(ofProcess: "self")
            for _ in 0..<count { try round() }
            let after = ResidentMemory.bytes(ofProcess: "self")
            guard let before, let after else { break }
            report.resident = min(report.resident ?? .max, after - before)
            if report.isSteady { break }
        }
        return report
    }

    private func load(_ path: String) throws -> Component {
        try Component(engine: engine, path: root + "/" + path)
    }

    private func expectFailure(_ body: () throws -> Void) throws {
        do { try body() } catch { return }
        throw Worker.Wrong(description: "an error was expected")
    }

    // MARK: The kinds

    private func round(_ kind: RoundKind) throws -> () throws -> Void {
        let engine = engine
        switch kind {
        case .calls:
            let component = try load("Examples/adder/adder.wasm")
            return {
                let instance = try Linker(engine: engine).instantiate(component, in: Store(engine: engine))
                _ = try instance.function("add").call(.s32(1), .s32(2))
            }
        case .values:
            let component = try load("Tests/Fixtures/echo.wasm")
            let texts = Value.list((0..<50).map { .string("text number \($0) with ä") })
            return {
                let instance = try Linker(engine: engine).instantiate(component, in: Store(engine: engine))
                _ = try instance.function("texts").call(texts)
                try expectFailure { _ = try instance.function("texts").call(.list([.string("a"), .u8(1)])) }
            }
        case .wasi:
            let component = try load("Tests/Fixtures/exit.wasm")
            let folder = root
            return {
                var linker = Linker(engine: engine)
                linker.addWASI()
                let store = try Store(
                    engine: engine,
                    wasi: WASIConfiguration(
                        arguments: ["a", "b"], environment: [("A", "b")], preopens: [Preopen(folder, as: "/")],
                        standardOutput: .collected(OutputCollector())))
                _ = try linker.instantiate(component, in: store)
            }
        case .hostResources:
            let component = try load("Examples/kv-store/kv-store.wasm")
            return {
                let instance = try keyValueLinker().instantiate(component, in: Store(engine: engine))
                _ = try instance.function("replace-value").call(.string("a"), .string("b"))
            }
        case .guestResources:
            let component = try load("Tests/Fixtures/faults.wasm")
            return {
                let store = Store(engine: engine)
                let instance = try Linker(engine: engine).instantiate(component, in: store)
                let make = try instance.function("[constructor]counter")
                let kept = try make.call(.u32(1))
                // One is dropped by the guest, one by the host, one with the store.
                if let taken = try make.call(.u32(2)) { _ = try instance.function("[static]counter.take").call(taken) }
                if case .resource(let handle)? = try make.call(.u32(3)) { try store.drop(handle) }
                if let kept { _ = try instance.function("[method]counter.value").call(kept) }
            }
        case .traps:
            let component = try load("Tests/Fixtures/faults.wasm")
            return {
                let store = Store(engine: engine)
                let instance = try Linker(engine: engine).instantiate(component, in: store)
                _ = try instance.function("[constructor]counter").call(.u32(1))
                try expectFailure { _ = try instance.function("divide").call(.s32(1), .s32(0)) }
                try expectFailure { _ = try instance.function("divide").call(.s32(1), .s32(1)) }
            }
        case .hostErrors:
            let component = try load("Examples/kv-store/kv-store.wasm")
            return {
                var linker = keyValueLinker()
                linker.define("log") { _, _ in throw Refused() }
                let instance = try linker.instantiate(component, in: Store(engine: engine))
                try expectFailure { _ = try instance.function("replace-value").call(.string("a"), .string("b")) }
            }
        case .exits:
            let component = try load("Tests/Fixtures/exit.wasm")
            return {
                var linker = Linker(engine: engine)
                linker.addWASI()
                let store = Store(engine: engine)
                let run = try linker.instantiate(component, in: store).function("run", in: "wasi:cli/run")
                try expectFailure { _ = try run.call() }
            }
        case .timeouts:
            let component = try load("Tests/Fixtures/faults.wasm")
            return {
                var limits = Store.Configuration()
                limits.timeout = .milliseconds(1)
                let store = Store(engine: engine, configuration: limits)
                let instance = try Linker(engine: engine).instantiate(component, in: store)
                try expectFailure { _ = try instance.function("spin").call() }
            }
        case .components:
            return {
                let component = try load("Tests/Fixtures/faults.wasm")
                let instance = try Linker(engine: engine).instantiate(component, in: Store(engine: engine))
                _ = try instance.function("divide").call(.s32(4), .s32(2))
            }
        }
    }

    private func keyValueLinker() -> Linker {
        var linker = Linker(engine: engine)
        let store = "example:kv-store/store@0.1.0"
        linker.defineResource("connection", in: store, Connection.self)
        linker.define("[constructor]connection", in: store) { (_: Caller) in Own(Connection()) }
        linker.define(
            "[method]connection.get", in: store
        ) { (_: Caller, _: Borrow<Connection>, key: String) -> String? in key }
        linker.define(
            "[method]connection.set", in: store
        ) { (_: Caller, _: Borrow<Connection>, _: String, _: String) -> Void in }
        linker.define(
            "[method]connection.remove", in: store
        ) { (_: Caller, _: Borrow<Connection>, _: String) -> String? in nil }
        linker.define(
            "[method]connection.clear", in: store
        ) { (_: Caller, _: Borrow<Connection>) -> Void in }
        linker.define("log") { (_: Caller, _: String) -> Void in }
        return linker
    }
}
