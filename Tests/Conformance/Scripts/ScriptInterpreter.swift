// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailBinary
import DovetailTestSupport

/// Runs the commands of one script, one after the other.
final class ScriptInterpreter {
    private let folder: DataFolder
    private let features: ComponentFeatures
    private let validatesOnly: Bool
    /// Whether components of the script call functions of the host, which may wait.
    private let usesHost: Bool
    /// Why the current instance was not made, when that is no failure.
    private var skipped: CaseSkipped?
    private let coreFeaturesOff: [String]
    private let engine: Engine
    private var linker: Linker
    private var definitions: [String: Component] = [:]
    private var latest: Component?
    private var instances: [String: Instance] = [:]
    private var current: Instance?

    /// The lines whose components the reference encodes without the immediate `shared?:<sh?>` that Binary.md,
    /// "Canonical Definitions", gives to the `thread.spawn` built-ins; by script.
    private static let withoutSharedByte: [String: Set<Int>] = [
        "wasm-tools/tests/cli/component-model/legacy-indices.wast": [71],
        "wasm-tools/tests/cli/shared-everything-threads/builtins.wast": [5, 16],
    ]
    private let lacksSharedByte: Set<Int>

    /// Lines of the older suite that a newer rule of the specification decides otherwise, or that a limit of ours keeps from
    /// running, with the reason; by script.
    private static let exceptions: [String: (lines: Set<Int>, reason: String)] = [
        "callback-yield-then-exit": ([50, 51], eagerTrap), "fused": ([148], eagerTrap),
        "future-read": ([125], eagerTrap),
        "task-builtins": (
            [721],
            "the older suite lets a second exclusive task in while the first one blocks; CanonicalABI.md, "
                + "`Task.enter_implicit_thread`"
        ),
        "exceptions": (
            [68, 146, 216],
            "blocks a task beside exceptions, whose references do not survive in the engine: refused, a limit of ours"
        ),
    ]
    private static let eagerTrap =
        "the older suite traps when a function that is not async could block; it may, and traps only when nothing of its "
        + "instance is ready: CanonicalABI.md, `canon lift`"
    private let exception: (lines: Set<Int>, reason: String)?

    init(_ script: JSON, folder: DataFolder, features: ComponentFeatures, validatesOnly: Bool) throws {
        self.folder = folder
        self.features = features
        self.validatesOnly = validatesOnly
        let uses = Set(script["uses"]?.strings ?? [])
        usesHost = uses.contains("host-imports")
        exception = Self.exceptions.first { (script["source"]?.string ?? "").hasSuffix("/async/\($0.key).wast") }?.value
        let known = Set(ComponentFeatures.names.map { "-" + $0.name })
        coreFeaturesOff = (script["features"]?.strings ?? []).filter { $0.hasPrefix("-") && !known.contains($0) }
        lacksSharedByte = Self.withoutSharedByte[script["source"]?.string ?? ""] ?? []
        engine = try SharedEngine.engine()
        linker = Linker(engine: engine)
        ScriptHost.defineControls(in: &linker)
        if usesHost { try ScriptHost.define(in: &linker, engine: engine) }
    }

    /// Runs one command.
    ///
    /// - Throws: what is wrong with its outcome, or why it cannot run here.
    func run(_ command: JSON) throws {
        let type = try command.text("type")
        if let exception, exception.lines.contains(command["line"]?.integer ?? 0) {
            throw CaseSkipped(exception.reason)
        }
        switch type {
        case "component": try component(command)
        case "component_definition":
            try validate(command)
            if validatesOnly { return }
            let component = try load(command)
            latest = component
            if let name = command["name"]?.string { definitions[name] = component }
        case "component_instance":
            current = nil
            skipped = nil
            let name = command["component"]?.string
            guard let component = name.map({ definitions[$0] }) ?? latest else {
                try executes()
                throw CaseFailure("there is no component `\(name ?? "")`")
            }
            try instantiate(component, name: command["instance"]?.string)
        case "assert_return":
            try executes()
            try assertReturn(command)
        case "invoke":
            try executes()
            _ = try invoke(command)
        case "assert_trap", "assert_exhaustion", "assert_suspension", "assert_exception":
            try executes()
            try expectTrap("expected a trap (\(try command.text("message"))), the call returned") {
                _ = try invoke(command)
            }
        case "assert_uninstantiable":
            let prepared = try linker.prepare(try load(command))
            let store = Store(engine: engine)
            try expectTrap("expected instantiation to trap") { _ = try prepared.instantiate(in: store) }
        case "assert_unlinkable": try assertUnlinkable(command)
        case "assert_invalid", "assert_malformed": try assertRefused(command)
        case "register":
            try executes()
            guard let instance = try instance(command["name"]?.string) else {
                throw CaseFailure("there is no instance to register")
            }
            linker.defineInstance(try command.text("as"), instance)
        case "module", "module_definition", "module_instance":
            throw CaseSkipped("core modules are not run by themselves")
        case "thread", "wait": throw CaseSkipped("threads of a script are not run")
        default: throw CaseFailure("commands of type \(type) are not known")
        }
    }

    // MARK: - Components

    private func component(_ command: JSON) throws {
        if command["assembler"]?.string == "fallback" {
            // The `cancellable` immediate, which the specification has removed since.
            current = nil
            guard (try? validate(command)) == nil else {
                throw CaseFailure("expected the old `cancellable` immediate to be refused, it was accepted")
            }
            skipped = CaseSkipped("calls a component with the old `cancellable` immediate, which is refused")
            return
        }
        current = nil
        skipped = nil
        if lacksSharedByte.contains(command["line"]?.integer ?? 0) {
            guard (try? validate(command)) == nil else {
                throw CaseFailure(
                    "expected built-ins without their `shared` immediate to be refused, they were accepted")
            }
            throw CaseSkipped("lacks the `shared` immediate of Binary.md and is refused for that")
        }
        try validate(command)
        if validatesOnly {
            // A few of these scripts call what they validate; those that cannot be linked are not meant to be.
            current = try? linker.instantiate(try load(command), in: Store(engine: engine))
            return
        }
        try instantiate(try load(command), name: command["name"]?.string)
    }

    private func instantiate(_ component: Component, name: String?) throws {
        let instance = try linker.instantiate(component, in: Store(engine: engine))
        current = instance
        skipped = nil
        guard let name else { return }
        instances[name] = instance
        // Later components see what does not belong to a store: modules and resources.
        linker.remove(name)
        linker.defineInstance(name, instance)
        for function in instance.functionNames { linker.remove(function, in: name) }
    }

    /// The component of a command.
    private func load(_ command: JSON) throws -> Component {
        try Component(engine: engine, bytes: folder.bytes(try command.text("filename")))
    }

    private func validate(_ command: JSON) throws {
        let bytes = try folder.bytes(try command.text("filename"))
        let binary = try ComponentDecoder.decode(bytes)
        _ = try ComponentValidator.validate(binary, bytes: bytes, features: features)
    }

    // MARK: - Assertions

    private func assertRefused(_ command: JSON) throws {
        guard let name = command["filename"]?.string else { throw CaseSkipped("needs a parser of the text format") }
        let bytes = try folder.bytes(name)
        let binary: ComponentBinary
        do {
            binary = try ComponentDecoder.decode(bytes)
            _ = try ComponentValidator.validate(binary, bytes: bytes, features: features)
        } catch {
            return
        }
        // Left to the engine: the bodies of core modules.
        for module in binary.coreModules {
            guard bytes.indices.contains(module.lowerBound), module.upperBound <= bytes.count else { return }
            do { _ = try Module(engine: engine, bytes: Array(bytes[module])) } catch { return }
        }
        let message = try command.text("message")
        if let reason = excuse(message) { throw CaseSkipped(reason) }
        throw CaseFailure("expected it to be refused (\(message)), it was accepted")
    }

    /// Why it may be right to accept what the reference refuses.
    private func excuse(_ message: String) -> String? {
        if message.hasSuffix("not supported") || message.hasSuffix("not implemented") {
            return "a limitation of the reference runtime, not of the specification"
        }
        return coreFeaturesOff.isEmpty
            ? nil
            : "switches core features off, which Dovetail has always on: \(coreFeaturesOff.joined(separator: ", "))"
    }

    private func assertUnlinkable(_ command: JSON) throws {
        try validate(command)
        let component = try load(command)
        do {
            _ = try linker.prepare(component)
        } catch {
            return
        }
        do {
            _ = try linker.instantiate(component, in: Store(engine: engine))
        } catch let error where !(error is Trap) {
            return
        }
        throw CaseFailure("expected imports that cannot be satisfied (\(try command.text("message"))), they were")
    }

    private func assertReturn(_ command: JSON) throws {
        let result = try invoke(command)
        let expected = try command.list("expected")
        guard expected.count <= 1 else { throw CaseFailure("expected \(expected.count) results, there is at most one") }
        var matcher = ValueMatcher(reader: ValueReader())
        try matcher.match(result, expected.first)
    }

    private func invoke(_ command: JSON) throws -> Value? {
        guard let action = command["action"] else { throw CaseFailure("the command has no action") }
        guard let instance = try instance(action["module"]?.string) else {
            throw CaseFailure("there is no instance, because an earlier command failed")
        }
        let function = try instance.function(try action.text("field"))
        let reader = ValueReader()
        let arguments = try action.list("args").map { try reader.value($0) }
        guard usesHost else { return try function.call(arguments) }
        return try Blocking.run([(function, arguments)])[0]
    }

    private func instance(_ name: String?) throws -> Instance? {
        guard let name else { return current }
        guard let instance = instances[name] else { throw CaseFailure("there is no instance `\(name)`") }
        return instance
    }

    private func executes() throws { if let skipped { throw skipped } }
}

/// Runs `body`, which has to trap.
func expectTrap(_ otherwise: String, _ body: () throws -> Void) throws {
    do {
        try body()
    } catch let trap as Trap {
        if trap.code == .unsupported { throw trap }
        return
    }
    throw CaseFailure(otherwise)
}

extension ComponentBinary {
    /// The byte ranges of all core modules, those of nested components included.
    var coreModules: [Range<Int>] {
        definitions.flatMap { definition -> [Range<Int>] in
            switch definition.value {
            case .coreModule(let range): [range]
            case .component(let nested): nested.coreModules
            default: []
            }
        }
    }
}
