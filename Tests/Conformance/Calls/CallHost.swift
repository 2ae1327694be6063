// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailTestSupport
import Synchronization

/// The host of a run of kind `calls`: functions and resources that behave as the data says.
final class CallHost: Sendable {
    private struct State {
        var calls: [String: Int] = [:]
        var cells: [String: Value] = [:]
        var pools: [String: [Resource]] = [:]
    }

    private let definitions: [String: JSON]
    private let types: [String: ResourceType]
    /// The resources, and how often they were destroyed.
    let resources = HostResources()
    private let state = Mutex(State())

    /// Takes the member `host` of a run.
    /// - Throws: ``CaseSkipped`` for behaviour that is described in words.
    init(_ definitions: [String: JSON]) throws {
        for (name, definition) in definitions where definition.string != nil {
            throw CaseSkipped("the host for `\(name)` is described in words")
        }
        if definitions.values.contains(where: { $0["note"]?.string?.contains("stream") == true }) {
            throw CaseSkipped.needsStreams
        }
        self.definitions = definitions
        // A constructor that is only described in words makes handles to a resource that has no other name.
        let named = definitions.filter { $1["resource"]?.bool == true }.map(\.key)
        let made = definitions.filter { $0.key.contains("[constructor]") && $0.value["note"] != nil }
            .map { $0.key.replacing("[constructor]", with: "") }
        types = Dictionary(
            (named + made).map { ($0, ResourceType(name: Self.split($0).name)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Defines everything.
    func define(in linker: inout Linker) {
        let resources = resources
        for (key, type) in types {
            let (instance, name) = Self.split(key)
            linker.defineResource(name, in: instance, type: type) { _, rep in resources.dropped(type, rep: rep) }
        }
        for (key, definition) in definitions where types[key] == nil {
            let (instance, name) = Self.split(key)
            if key.contains("[constructor]"), definition["note"] != nil,
                let type = types[key.replacing("[constructor]", with: "")]
            {
                linker.define(name, in: instance) { _, _ in .resource(resources.make(type, rep: 1)) }
            } else {
                linker.define(name, in: instance) { [self] _, arguments in try call(key, definition, arguments) }
            }
        }
    }

    /// What the function that the data calls `key` returns.
    /// - Throws: ``CaseFailure`` when its arguments are not as expected.
    func answer(_ key: String, _ arguments: [Value]) throws -> Value? {
        guard let definition = definitions[key] else { throw CaseFailure("there is no host function `\(key)`") }
        return try call(key, definition, arguments)
    }

    /// A handle to a new resource of the type that the data calls `name`.
    func makeResource(_ name: String, rep: UInt32) throws -> Resource { resources.make(try type(name), rep: rep) }

    /// Checks how often each function was called.
    /// - Throws: ``CaseFailure`` when a count differs.
    func checkCounts() throws {
        let calls = state.withLock { $0.calls }
        for (key, definition) in definitions.sorted(by: { $0.key < $1.key }) {
            guard let expected = definition["count"]?.integer else { continue }
            let found = calls[key] ?? 0
            guard found == expected else {
                throw CaseFailure("expected \(expected) calls of the host's `\(key)`, found \(found)")
            }
        }
    }

    private static func split(_ key: String) -> (instance: String?, name: String) {
        guard let mark = key.lastIndex(of: "#") else { return (nil, key) }
        return (String(key[..<mark]), String(key[key.index(after: mark)...]))
    }

    private func type(_ name: String) throws -> ResourceType {
        guard let type = types[name] else { throw CaseFailure("there is no host resource `\(name)`") }
        return type
    }

    // MARK: - Behaviour

    private func call(_ key: String, _ definition: JSON, _ arguments: [Value]) throws -> Value? {
        let turn = state.withLock { state in
            defer { state.calls[key, default: 0] += 1 }
            return state.calls[key] ?? 0
        }
        if let expected = definition["expect_args"]?.array { try check(key, arguments, expected) }
        if let lists = definition["expect_args_in_turn"]?.array {
            guard lists.indices.contains(turn) else { throw CaseFailure("the host's `\(key)` is called too often") }
            try check(key, arguments, lists[turn].array ?? [])
        }
        return try result(definition, turn, arguments)
    }

    private func check(_ key: String, _ found: [Value], _ expected: [JSON]) throws {
        guard found.count == expected.count else {
            throw CaseFailure("the host's `\(key)` got \(found.count) arguments, expected \(expected.count)")
        }
        for (index, (value, wanted)) in zip(found, expected).enumerated() {
            var matcher = ValueMatcher(reader: ValueReader())
            do {
                try matcher.match(value, wanted)
            } catch {
                throw CaseFailure("argument \(index) of the host's `\(key)`: \(error)")
            }
        }
    }

    private func result(_ definition: JSON, _ turn: Int, _ arguments: [Value]) throws -> Value? {
        if let value = definition["return"] { return value.isNull ? nil : try ValueReader().value(value) }
        if let values = definition["returns_in_turn"]?.array {
            guard values.indices.contains(turn) else { throw CaseFailure("the host is called too often") }
            return values[turn].isNull ? nil : try ValueReader().value(values[turn])
        }
        if let name = definition["store"]?.string {
            let value = try arguments.argument(0)
            state.withLock { $0.cells[name] = value }
            return nil
        }
        if let name = definition["load"]?.string {
            let value = state.withLock { $0.cells[name] }
            return try value ?? definition["initial"].map { try ValueReader().value($0) }
        }
        if let suffix = (definition["append"] ?? definition["append_to_first"])?.string {
            guard case .string(let text) = try arguments.argument(0) else { throw CaseFailure("expected a string") }
            var changed = arguments
            changed[0] = .string(text + suffix)
            return try definition["echo"].map { try echo($0, changed) } ?? changed[0]
        }
        if let echo = definition["echo"] { return try self.echo(echo, arguments) }
        if definition["not"]?.bool == true {
            guard case .bool(let value) = try arguments.argument(0) else { throw CaseFailure("expected a bool") }
            return .bool(!value)
        }
        if definition["swap"]?.bool == true {
            guard case .tuple(let values) = try arguments.argument(0) else { throw CaseFailure("expected a tuple") }
            return .tuple(values.reversed())
        }
        if let rule = definition["convert"]?.string { return try convert(rule, try arguments.argument(0)) }
        return try handles(definition, arguments)
    }

    private func echo(_ rule: JSON, _ arguments: [Value]) throws -> Value? {
        if let name = rule.string {
            guard let index = Int(name.dropFirst()) else { throw CaseFailure("`\(name)` is no argument") }
            return try arguments.argument(index)
        }
        return arguments.count > 1 ? .tuple(arguments) : arguments.first
    }

    private func handles(_ definition: JSON, _ arguments: [Value]) throws -> Value? {
        if let name = definition["new"]?.string {
            return .resource(try makeResource(name, rep: try arguments.argument(0).number()))
        }
        if definition["rep"]?.bool == true { return .u32(try arguments.argument(0).handle().rep) }
        if let name = definition["drops"]?.string { return .u32(resources.count(try type(name))) }
        if let name = definition["last-drop"]?.string { return .u32(resources.last(try type(name))) }
        if let pool = definition["keep"]?.string {
            let resource = try arguments.argument(0).handle()
            state.withLock { $0.pools[pool, default: []].append(resource) }
            return nil
        }
        if let pool = definition["give"]?.string {
            guard let resource = state.withLock({ $0.pools[pool, default: []].popLast() }) else {
                throw CaseFailure("the pool `\(pool)` is empty")
            }
            return .resource(resource)
        }
        return nil
    }

    private func convert(_ rule: String, _ value: Value) throws -> Value {
        func rounded(_ value: Value) throws -> Value {
            guard case .f32(let number) = value, let result = UInt8(exactly: number.rounded()) else {
                throw CaseFailure("expected an f32 of 0 to 255, found \(value)")
            }
            return .u8(result)
        }
        switch value {
        case .option(let payload): return .option(try payload.map(rounded))
        case .ok(.u32(let number)?): return .ok(.f64(Double(number)))
        case .error(let payload?): return .error(try rounded(payload))
        default: throw CaseFailure("cannot convert \(value) (\(rule))")
        }
    }
}
