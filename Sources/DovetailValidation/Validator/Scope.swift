// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes

/// The types that have a name outside of a component. (Explainer.md, "External Visibility of Types")
struct NamedTypes {
    private var resources: Set<ResourceReference> = []
    // The nodes are kept so that their identities stay taken.
    private var values: [ObjectIdentifier: DefinedNode] = [:]

    /// Whether everything in the type of an import or export has a name; what it introduces is named from then on.
    mutating func register(_ node: ExternNode) -> Bool {
        switch node {
        case .module, .component: return true
        case .function(let function): return isNamed(function)
        case .value(let value): return isNamed(value)
        case .instance(let instance):
            for export in instance.exports.entries where !register(export.value) { return false }
            return true
        case .type(let type):
            switch type {
            case .resource(let reference):
                resources.insert(reference)
                return true
            case .value(let value):
                if case .own(let reference) = value.shape, !resources.contains(reference) { return false }
                if case .borrow(let reference) = value.shape, !resources.contains(reference) { return false }
                for child in value.shape.children where !isNamed(child) { return false }
                values[ObjectIdentifier(value)] = value
                return true
            case .function(let function): return isNamed(function)
            case .instance(let instance):
                var inner = self
                return inner.register(.instance(instance))
            case .component: return true
            }
        }
    }

    /// Whether the resource has this name.
    func contains(_ reference: ResourceReference) -> Bool { resources.contains(reference) }

    /// Whether the type has a name.
    func contains(_ node: DefinedNode) -> Bool { values[ObjectIdentifier(node)] != nil }

    /// What registering costs beside the walk over the type: an instance type is looked at with a copy of the names.
    func cost(of node: ExternNode) -> Int {
        if case .type(.instance) = node { resources.count + values.count } else { 0 }
    }

    private func isNamed(_ function: FunctionNode) -> Bool {
        function.parameters.allSatisfy { isNamed($0.type) } && (function.result.map(isNamed) ?? true)
    }

    private func isNamed(_ value: ValueNode) -> Bool {
        guard case .defined(let node) = value else { return true }
        if values[ObjectIdentifier(node)] != nil { return true }
        switch node.shape {
        case .primitive: return true
        case .record, .variant, .flags, .enum: return false
        case .own(let reference), .borrow(let reference): return resources.contains(reference)
        default: return node.shape.children.allSatisfy(isNamed)
        }
    }
}

/// The names of the imports or of the exports of a scope, as far as later ones depend on them.
struct NameContext {
    private var keys: [String: String] = [:]
    private var resources: [String: ResourceReference] = [:]
    private var getters: [String: ValueNode] = [:]
    /// Whether resources under a name give meaning to later names; they do not in an instance put together of exports.
    private let namesResources: Bool

    init(namesResources: Bool = true) {
        self.namesResources = namesResources
    }

    /// Checks the name and attributes of an import or export of type `node`, and remembers them.
    /// (Binary.md, "Import and Export Definitions")
    mutating func add(
        _ name: ExternName, _ node: ExternNode, what: String, features: ComponentFeatures, at offset: Int
    ) throws(BinaryError) {
        let parsed = try NameGrammar.parse(name.name, features: features, at: offset)
        try checkAttributes(name, parsed, node, features: features, at: offset)
        let key = ExternName.canonical(name.name)
        if let previous = keys[key] { throw .conflict("\(what) name", name.name, previous, at: offset) }
        keys[key] = name.name
        switch parsed {
        case .label(let label):
            if namesResources, case .type(.resource(let reference)) = node { resources[label] = reference }
        case .interface: break
        default: try checkFunction(name.name, parsed, node, at: offset)
        }
    }

    private func checkAttributes(
        _ name: ExternName, _ parsed: ParsedName, _ node: ExternNode, features: ComponentFeatures, at offset: Int
    ) throws(BinaryError) {
        var version: String?
        var isInterface = false
        if case .interface(let found) = parsed {
            version = found
            isInterface = true
        }
        let isInstance = if case .instance = node { true } else { false }
        if let implements = name.implements {
            guard features.contains(.implements) else { throw .feature("`implements`", .implements, at: offset) }
            guard isInstance else { throw .name("only instances can have an `implements`", at: offset) }
            guard case .label = parsed else {
                throw .name("name `\(name.name)` is not valid with `implements`; expected a plain name", at: offset)
            }
            guard implements.utf8.contains(0x3a),
                case .interface(let found) = try NameGrammar.interface(implements, features: features, at: offset)
            else { throw .name("`implements` must be an interface, found `\(implements)`", at: offset) }
            version = found
            isInterface = true
        }
        if name.externalID != nil, !features.contains(.implements) {
            throw .feature("`external-id`", .implements, at: offset)
        }
        guard let suffix = name.versionSuffix else { return }
        guard features.contains(.canonicalNames) else {
            throw .feature("`version-suffix`", .canonicalNames, at: offset)
        }
        guard isInstance else { throw .name("only instances can have a `version-suffix`", at: offset) }
        guard isInterface else {
            throw .name("`version-suffix` requires an interface name or `implements`", at: offset)
        }
        guard !suffix.isEmpty else { throw .name("a version suffix cannot be empty", at: offset) }
        guard let version else { throw .name("a version suffix requires the name to have a version", at: offset) }
        guard let whole = SemanticVersion(version + suffix) else {
            throw .name("invalid interface version `\(version)\(suffix)`", at: offset)
        }
        guard NameGrammar.canonicalPart(whole) == version else {
            throw .name("`\(version)` is not the canonical version of `\(version)\(suffix)`", at: offset)
        }
    }

    private mutating func checkFunction(
        _ name: String, _ parsed: ParsedName, _ node: ExternNode, at offset: Int
    ) throws(BinaryError) {
        guard case .function(let function) = node else {
            throw .name("`\(name)` is not a func; only functions can have annotated names", at: offset)
        }
        func resource(_ label: String) throws(BinaryError) -> ResourceReference {
            guard let reference = resources[label] else {
                throw .name("resource `\(label)` of `\(name)` is not known in this context", at: offset)
            }
            return reference
        }
        var parameters = function.parameters[...]
        var accessor: ParsedName.Accessor?
        switch parsed {
        case .label, .interface: return
        case .accessor(let kind, _): accessor = kind
        case .constructor(let label):
            guard !function.isAsync else { throw .name("constructor `\(name)` cannot be async", at: offset) }
            guard let result = function.result else {
                throw .name("constructor `\(name)` should return one value", at: offset)
            }
            let made: ValueNode
            if case .result(let ok?, _) = result.shape { made = ok } else { made = result }
            guard case .own(let found) = made.shape else {
                throw .name("constructor `\(name)` should return `(own $T)` or `(result (own $T))`", at: offset)
            }
            guard try resource(label) == found else {
                throw .name("function `\(name)` does not match expected resource name `\(label)`", at: offset)
            }
            return
        case .method(let kind, let label, _):
            accessor = kind
            guard let first = parameters.popFirst() else {
                throw .name("method `\(name)` should have at least one argument", at: offset)
            }
            guard first.label == "self" else {
                throw .name("method `\(name)` should have a first argument called `self`", at: offset)
            }
            guard case .borrow(let found) = first.type.shape else {
                throw .name("method `\(name)` should take a first argument of `(borrow $T)`", at: offset)
            }
            guard try resource(label) == found else {
                throw .name("function `\(name)` does not match expected resource name `\(label)`", at: offset)
            }
        case .static(let kind, let label, _):
            accessor = kind
            _ = try resource(label)
        }
        guard let accessor else { return }
        guard !function.isAsync else { throw .name("accessor `\(name)` cannot be async", at: offset) }
        switch accessor {
        case .get:
            guard parameters.isEmpty else { throw .name("getter `\(name)` cannot have parameters", at: offset) }
            guard let result = function.result else {
                throw .name("getter `\(name)` should return a value", at: offset)
            }
            if case .result(let ok, _) = result.shape {
                guard let ok else { throw .name("result of getter `\(name)` should have an ok type", at: offset) }
                getters[name] = ok
            } else {
                getters[name] = result
            }
        case .set:
            guard parameters.count == 1, let value = parameters.first else {
                throw .name("setter `\(name)` should have exactly one parameter", at: offset)
            }
            if let result = function.result {
                guard case .result(nil, _) = result.shape else {
                    throw .name("setter `\(name)` should return nothing or a `result` without an ok type", at: offset)
                }
            }
            var getter = name
            if let range = name.firstRange(of: "[set]") { getter.replaceSubrange(range, with: "[get]") }
            guard let property = getters[getter] else {
                throw .name("setter `\(name)` should come after its getter `\(getter)`", at: offset)
            }
            let matcher = TypeMatcher(store: CoreTypeStore(), open: [], at: offset)
            do throws(BinaryError) {
                try matcher.match(value.type, property)
            } catch {
                throw error.inside("setter `\(name)`")
            }
        }
    }
}

/// The index spaces of a component, a component type or an instance type. (Explainer.md, "Index Spaces")
final class Scope {
    enum Kind { case component, componentType, instanceType }

    enum CoreType {
        case type(CoreTypeStore.ID)
        case module(ModuleNode)
    }

    let kind: Kind
    var coreModules: [ModuleNode] = []
    var coreInstances: [NamedList<CoreExternType>] = []
    var coreFunctions: [CoreTypeStore.ID] = []
    var coreTables: [CoreTableType] = []
    var coreMemories: [CoreMemoryType] = []
    var coreGlobals: [CoreGlobalType] = []
    var coreTags: [CoreTypeStore.ID] = []
    var coreTypes: [CoreType] = []
    var components: [ComponentNode] = []
    var instances: [InstanceNode] = []
    var functions: [FunctionNode] = []
    var values: [(type: ValueNode, isConsumed: Bool)] = []
    var types: [TypeNode] = []

    var imports = NamedList<ExternNode>()
    var exports = NamedList<ExternNode>()
    var importNames = NameContext()
    var exportNames = NameContext()
    var namedForImports = NamedTypes()
    var namedForExports = NamedTypes()

    /// The resources that imports introduced.
    var imported: [Int] = []
    /// The resources that exist once per instance of this scope, in order.
    var created: [Int] = []
    /// Whether the resource exists once per instance of this scope.
    func hasCreated(_ identity: Int) -> Bool {
        // Identities only grow.
        var (low, high) = (0, created.count)
        while low < high {
            let middle = low + (high - low) / 2
            if created[middle] < identity { low = middle + 1 } else { high = middle }
        }
        return low < created.count && created[low] == identity
    }

    /// The resources that a type definition of this component made, with their representations.
    var local: [Int: CoreValueType] = [:]
    /// The type of the slots that `context.get` and `context.set` reach.
    var contextType: CoreValueType?
    /// The weight of the types that outer aliases brought in.
    var aliasedWeight = 0

    init(_ kind: Kind) {
        self.kind = kind
    }
}

// The names of definitions in messages.
extension Scope {
    /// The definition that is about to be added: `instance 3`, `export `x``.
    func step(to definition: Definition) -> String {
        switch definition {
        case .coreModule: "core module \(coreModules.count)"
        case .coreInstance: "core instance \(coreInstances.count)"
        case .coreType: "core type \(coreTypes.count)"
        case .component: "component \(components.count)"
        case .instance: "instance \(instances.count)"
        case .alias(let alias): step(to: alias)
        case .type: "type \(types.count)"
        case .canonical(.lift): "function \(functions.count)"
        case .canonical: "core function \(coreFunctions.count)"
        case .start: "start"
        case .import(let item): "import `\(item.name.name)`"
        case .export(let item): "export `\(item.name.name)`"
        case .value: "value \(values.count)"
        }
    }

    /// The declaration that is about to be added.
    func step(to declaration: TypeDeclaration) -> String {
        switch declaration {
        case .coreType: "core type \(coreTypes.count)"
        case .type: "type \(types.count)"
        case .alias(let alias): step(to: alias)
        case .import(let item): "import `\(item.name.name)`"
        case .export(let item): "export `\(item.name.name)`"
        }
    }

    private func step(to alias: Alias) -> String {
        switch alias.target {
        case .export(let instance, let name): "alias of export `\(name)` of instance \(instance)"
        case .coreExport(let instance, let name): "alias of export `\(name)` of core instance \(instance)"
        case .outer(_, let index): "outer alias of \(alias.sort) \(index)"
        }
    }
}
