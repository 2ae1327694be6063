// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailTestSupport
import DovetailWASI

/// A run of kind `calls`: steps on a fresh instance.
struct CallRun {
    private let run: JSON
    private let component: Component
    /// The component whose exports are imports of this one.
    private let other: Component?
    private let hasWASI: Bool

    init(_ run: JSON, component: Component, other: Component? = nil, hasWASI: Bool) {
        self.run = run
        self.component = component
        self.other = other
        self.hasWASI = hasWASI
    }

    /// Executes the steps in order.
    /// - Throws: ``CaseFailure`` when a result is not the expected one.
    func execute() throws {
        var linker = Linker(engine: component.engine)
        if hasWASI { linker.addWASI() }
        let host = try CallHost(run["host"]?.object ?? [:])
        host.define(in: &linker)
        let store = Store(engine: component.engine)
        if let other { linker.defineExports(of: try linker.instantiate(other, in: store)) }
        let instance = try linker.instantiate(component, in: store)
        var reader = ValueReader()
        reader.makeResource = { name, rep in try host.makeResource(name, rep: rep) }
        if run["concurrent"]?.bool == true { try executeTogether(instance, reader) }
        for (index, step) in try run.list("steps").enumerated() where run["concurrent"]?.bool != true {
            do {
                try execute(step, instance, store, &reader)
            } catch let skipped as CaseSkipped {
                throw skipped
            } catch {
                throw CaseFailure("step \(index) \(step["call"]?.string ?? "drop"): \(error)")
            }
        }
        try host.checkCounts()
    }

    /// Starts all calls before any is waited for.
    private func executeTogether(_ instance: Instance, _ reader: ValueReader) throws {
        let calls = try run.list("steps").map { step in
            (
                try instance.function(try step.text("call")), try step.list("args").map { try reader.value($0) },
                step["returns"]
            )
        }
        for (result, wanted) in try Blocking.run(calls.map { ($0.0, $0.1) }).enumerated().map({ ($1, calls[$0].2) }) {
            var matcher = ValueMatcher(reader: reader)
            try matcher.match(result, wanted)
        }
    }

    private func execute(_ step: JSON, _ instance: Instance, _ store: Store, _ reader: inout ValueReader) throws {
        if let name = step["drop"]?.string {
            guard let resource = reader.handles.removeValue(forKey: name) else {
                throw CaseFailure("there is no handle `\(name)`")
            }
            return try store.drop(resource)
        }
        let function = try instance.function(try step.text("call"))
        let values = reader
        let arguments = try step.list("args").map { try values.value($0) }
        if let wanted = step["traps"]?.string {
            do {
                let result = try call(function, arguments)
                throw CaseFailure("expected a trap (\(wanted)), found \(result.map { "\($0)" } ?? "no result")")
            } catch let trap as Trap {
                guard TrapClass.matches(trap, wanted) else {
                    throw CaseFailure("expected a trap of class \(wanted), found: \(trap.message)")
                }
            }
            return
        }
        let result = try call(function, arguments)
        if let name = step["bind"]?.string {
            guard case .resource(let resource)? = result else { throw CaseFailure("expected a handle as result") }
            reader.handles[name] = resource
            return
        }
        var matcher = ValueMatcher(reader: reader)
        try matcher.match(result, step["returns"])
        reader.handles.merge(matcher.bound) { $1 }
    }

    private func call(_ function: Function, _ arguments: [Value]) throws -> Value? {
        function.type.isAsync ? try Blocking.run([(function, arguments)])[0] : try function.call(arguments)
    }
}
