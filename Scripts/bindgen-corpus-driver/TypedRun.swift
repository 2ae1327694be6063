// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailWASI
import Foundation

/// Calls the function of a name through generated bindings.
typealias TypedCall = (_ name: String, _ arguments: [Value]) throws -> Value?

/// A component of the corpus with its bindings.
struct TypedCase: Sendable {
    let suite: String
    let id: String
    let make: @Sendable (_ component: Component, _ store: Store, _ host: CallHost, _ linker: Linker) throws -> TypedCall
}

/// What functions of the bindings' `Imports` do.
struct TypedHost: Sendable {
    let host: CallHost

    func answer<P: Lowerable, R: Liftable>(_ key: String, _ count: Int, _ arguments: P, _ type: R.Type) throws -> R {
        try TypedConversion.typed(try host.answer(key, try TypedConversion.values(arguments, count: count)), type)
    }
}

/// Goes through the runs of kind `calls`, typed and dynamically.
struct TypedRuns {
    let engine: Engine
    let data: URL
    private(set) var runs = 0
    private(set) var calls = 0
    private(set) var skipped: [String: Int] = [:]
    private(set) var failures: [String] = []

    init(data: URL) throws {
        engine = try Engine()
        self.data = data
    }

    mutating func check(_ item: TypedCase, _ entry: JSON) throws {
        let file = data.appending(path: item.suite).appending(path: try entry.text("file"))
        for run in entry["runs"]?.array ?? [] where run["kind"]?.string == "calls" {
            do {
                let component = try Component(engine: engine, bytes: [UInt8](Data(contentsOf: file)))
                calls += try check(item, run, component)
                runs += 1
            } catch let reason as CaseSkipped {
                skipped[reason.description, default: 0] += 1
            } catch {
                failures.append("\(item.suite)/\(item.id) `\(run["name"]?.string ?? "")`: \(error)")
            }
        }
    }

    private func check(_ item: TypedCase, _ run: JSON, _ component: Component) throws -> Int {
        if run["concurrent"]?.bool == true || run["compose_with"] != nil {
            throw CaseSkipped("several components or calls at once")
        }
        let typedHost = try CallHost(run["host"]?.object ?? [:])
        let store = Store(engine: engine)
        try store.grantWASI(WASIConfiguration())
        let typed = try item.make(component, store, typedHost, Linker.wasi(engine: engine))
        let dynamicHost = try CallHost(run["host"]?.object ?? [:])
        var linker = Linker.wasi(engine: engine)
        dynamicHost.define(in: &linker)
        let other = Store(engine: engine)
        try other.grantWASI(WASIConfiguration())
        let instance = try linker.instantiate(component, in: other)
        let reader = ValueReader()
        var calls = 0
        for (index, step) in try run.list("steps").enumerated() {
            guard let name = step["call"]?.string else { throw CaseSkipped("steps that drop handles") }
            do {
                let arguments = try step.list("args").map { try reader.value($0) }
                let found = outcome { try typed(name, arguments) }
                let dynamic = outcome { try instance.function(name).call(arguments) }
                try compare(found, dynamic, step, reader)
            } catch let skipped as CaseSkipped {
                throw skipped
            } catch {
                throw CaseFailure("step \(index) \(name): \(error)")
            }
            calls += 1
        }
        try typedHost.checkCounts()
        return calls
    }

    private func outcome(_ body: () throws -> Value?) -> Result<Value?, any Error> { Result { try body() } }

    private func compare(
        _ typed: Result<Value?, any Error>, _ dynamic: Result<Value?, any Error>, _ step: JSON, _ reader: ValueReader
    ) throws {
        switch (typed, dynamic) {
        case (.failure(let error as CaseSkipped), _): throw error
        case (.failure(let error as CaseFailure), _): throw error
        case (.failure(let error as Trap), .failure(let other as Trap)):
            guard let wanted = step["traps"]?.string else { throw error }
            guard TrapClass.matches(error, wanted), error.code == other.code else {
                throw CaseFailure("expected a trap of class \(wanted), found: \(error), dynamically: \(other)")
            }
        case (.failure(let error), .success): throw CaseFailure("thrown where a dynamic call succeeds: \(error)")
        case (.failure(let error), .failure(let other)): throw CaseFailure("thrown: \(error), dynamically: \(other)")
        case (.success(let value), .failure(let other)):
            throw CaseFailure("got \(String(describing: value)), dynamically: \(other)")
        case (.success(let value), .success):
            if let wanted = step["traps"]?.string { throw CaseFailure("expected a trap (\(wanted))") }
            var matcher = ValueMatcher(reader: reader)
            try matcher.match(value, step["returns"])
        }
    }
}

@main
enum Main {
    static func main() throws {
        let data = URL(fileURLWithPath: CommandLine.arguments[1])
        var runs = try TypedRuns(data: data)
        var manifests: [String: [String: JSON]] = [:]
        for item in allCases {
            if manifests[item.suite] == nil {
                let text = try Data(contentsOf: data.appending(path: item.suite).appending(path: "manifest.json"))
                manifests[item.suite] = Dictionary(
                    uniqueKeysWithValues: try JSON(bytes: text).list("cases").map { (try $0.text("id"), $0) })
            }
            guard let entry = manifests[item.suite]?[item.id] else { continue }
            try runs.check(item, entry)
        }
        for failure in runs.failures { print("FAIL \(failure)") }
        for (reason, count) in runs.skipped.sorted(by: { $0.key < $1.key }) { print("SKIP \(count) \(reason)") }
        print("RESULT \(runs.runs) \(runs.calls) \(runs.failures.count) \(runs.skipped.values.reduce(0, +))")
    }
}
