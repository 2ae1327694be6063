// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailTestSupport
import DovetailWASI
import Foundation

/// Calls the function of a name through generated bindings.
typealias TypedCall = (_ name: String, _ arguments: [Value]) throws -> Value?

/// A component of the corpus with its bindings.
struct TypedCase: Sendable {
    let suite: String
    let id: String
    /// The component, if it is another than that of the corpus.
    var file: String?
    /// What the names of exports begin with, then.
    var prefix = ""
    let make:
        @Sendable (_ component: Component, _ store: Store, _ context: TypedContext, _ linker: Linker) throws ->
            TypedCall
}

/// Goes through the runs of kind `calls`, typed and dynamically.
struct TypedRuns {
    let engine: Engine
    let data: URL
    private(set) var runs = 0
    private(set) var calls = 0
    private(set) var skipped: [String] = []
    private(set) var failures: [String] = []

    init(data: URL) throws {
        engine = try Engine()
        self.data = data
    }

    mutating func check(_ item: TypedCase, _ entry: JSON) throws {
        let file =
            try item.file.map { URL(fileURLWithPath: $0) }
            ?? data.appending(path: item.suite).appending(path: entry.text("file"))
        for run in entry["runs"]?.array ?? [] where run["kind"]?.string == "calls" {
            do {
                let component = try Component(engine: engine, bytes: [UInt8](Data(contentsOf: file)))
                calls += try check(item, run, component)
                runs += 1
            } catch let reason as CaseSkipped {
                skipped.append("\(item.id) \(reason)")
            } catch {
                failures.append("\(item.suite)/\(item.id) `\(run["name"]?.string ?? "")`: \(error)")
            }
        }
    }

    private func check(_ item: TypedCase, _ run: JSON, _ component: Component) throws -> Int {
        if run["concurrent"]?.bool == true || run["compose_with"] != nil {
            throw CaseSkipped("several components or calls at once")
        }
        if component.plan.lifted.contains(where: { $0.isAsync || $0.type.isAsync }) {
            throw CaseSkipped("async functions, streams, futures: the driver's calls are synchronous")
        }
        let typedHost = try CallHost(run["host"]?.object ?? [:])
        let store = Store(engine: engine)
        let context = TypedContext(typedHost)
        let typed = try item.make(component, store, context, Linker.wasi(engine: engine))
        let dynamicHost = try CallHost(run["host"]?.object ?? [:])
        var linker = Linker.wasi(engine: engine)
        dynamicHost.define(in: &linker)
        let other = Store(engine: engine)
        let instance = try linker.instantiate(component, in: other)
        var typedReader = ValueReader()
        typedReader.makeResource = { name, rep in try typedHost.makeResource(name, rep: rep) }
        var dynamicReader = ValueReader()
        dynamicReader.makeResource = { name, rep in try dynamicHost.makeResource(name, rep: rep) }
        var calls = 0
        for (index, step) in try run.list("steps").enumerated() {
            do {
                if let name = step["drop"]?.string {
                    try Self.drop(name, &typedReader, context.drop)
                    try Self.drop(name, &dynamicReader, other.drop)
                    continue
                }
                let name = item.prefix + (try step.text("call"))
                let found = outcome(step, typedReader) { try typed(name, $0) }
                let dynamic = outcome(step, dynamicReader) { try instance.function(name).call($0) }
                try compare(found, dynamic, step)
                if case .success(let value) = found { try Self.take(value, step, &typedReader) }
                if case .success(let value) = dynamic { try Self.take(value, step, &dynamicReader) }
            } catch let skipped as CaseSkipped {
                throw skipped
            } catch {
                throw CaseFailure("step \(index) \(step["call"]?.string ?? "drop"): \(error)")
            }
            calls += 1
        }
        try typedHost.checkCounts()
        return calls
    }

    private static func drop(_ name: String, _ reader: inout ValueReader, _ body: (Resource) throws -> Void) throws {
        guard let resource = reader.handles.removeValue(forKey: name) else {
            throw CaseFailure("there is no handle `\(name)`")
        }
        try body(resource)
    }

    /// Compares a result with what is expected and keeps the handles that the data names.
    private static func take(_ value: Value?, _ step: JSON, _ reader: inout ValueReader) throws {
        if let name = step["bind"]?.string {
            guard case .resource(let resource)? = value else { throw CaseFailure("expected a handle as result") }
            reader.handles[name] = resource
            return
        }
        var matcher = ValueMatcher(reader: reader)
        try matcher.match(value, step["returns"])
        reader.handles.merge(matcher.bound) { $1 }
    }

    private func outcome(
        _ step: JSON, _ reader: ValueReader, _ body: ([Value]) throws -> Value?
    ) -> Result<Value?, any Error> {
        Result { try body(step.list("args").map { try reader.value($0) }) }
    }

    private func compare(
        _ typed: Result<Value?, any Error>, _ dynamic: Result<Value?, any Error>, _ step: JSON
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
        case (.success, .success):
            if let wanted = step["traps"]?.string { throw CaseFailure("expected a trap (\(wanted))") }
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
        for skip in runs.skipped { print("SKIP \(skip)") }
        print("RESULT \(runs.runs) \(runs.calls) \(runs.failures.count) \(runs.skipped.count)")
    }
}
