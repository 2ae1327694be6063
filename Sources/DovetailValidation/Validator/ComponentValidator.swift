// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader

/// Checks a decoded component against the rules of Binary.md and Explainer.md.
package struct ComponentValidator {
    let bytes: UnsafeRawBufferPointer
    let features: ComponentFeatures
    /// The core modules met so far, by the offset at which they begin.
    private var coreModules: [Int: ModuleNode] = [:]
    var store: CoreTypeStore
    var scopes: [Scope] = []
    /// Where the definition lies that is being checked.
    var offset = 0
    private var lastResource = 0
    /// The names that names of resources were made of.
    private(set) var aliasOrigins: [Int: Int] = [:]
    /// How many parts of types may still be walked.
    private var work = Limits.work

    private init(bytes: UnsafeRawBufferPointer, features: ComponentFeatures) {
        self.bytes = bytes
        self.features = features
        store = CoreTypeStore(features: features)
    }

    /// Validates `binary`, which was decoded from `bytes`.
    ///
    /// - Throws: a ``BinaryError`` with the offset and the path of the first definition that breaks a rule.
    package static func validate(
        _ binary: ComponentBinary, bytes: UnsafeRawBufferPointer, features: ComponentFeatures = .supported
    ) throws(BinaryError) -> ValidComponent {
        var validator = ComponentValidator(bytes: bytes, features: features)
        let root = try validator.component(binary)
        return ValidComponent(
            binary: binary, features: features, root: root, coreTypes: validator.store,
            coreModules: validator.coreModules)
    }

    /// Validates `binary`; see ``validate(_:bytes:features:)-(_,UnsafeRawBufferPointer,_)``.
    package static func validate(
        _ binary: ComponentBinary, bytes: [UInt8], features: ComponentFeatures = .supported
    ) throws(BinaryError) -> ValidComponent {
        let result = bytes.withUnsafeBytes { buffer -> Result<ValidComponent, BinaryError> in
            do throws(BinaryError) {
                return .success(try validate(binary, bytes: buffer, features: features))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// The innermost scope.
    var scope: Scope { scopes[scopes.count - 1] }

    /// A resource that is no other one.
    mutating func freshResource() -> ResourceReference {
        lastResource += 1
        return ResourceReference(identity: lastResource, alias: lastResource)
    }

    /// Another name of a resource.
    mutating func freshAlias(_ reference: ResourceReference) -> ResourceReference {
        lastResource += 1
        aliasOrigins[lastResource] = reference.alias
        return ResourceReference(identity: reference.identity, alias: lastResource)
    }

    /// Refuses `what`, which needs `needed`, unless all of them are switched on.
    func require(_ needed: ComponentFeatures, _ what: @autoclosure () -> String) throws(BinaryError) {
        guard !features.isSuperset(of: needed) else { return }
        throw .feature(what(), needed.subtracting(features), at: offset)
    }

    func entry<Item>(_ space: [Item], _ index: UInt32, _ what: String) throws(BinaryError) -> Item {
        guard Int(index) < space.count else {
            throw .unknownIndex(index, what, count: space.count, at: offset)
        }
        return space[Int(index)]
    }

    /// Accounts for a walk over so many parts of types: a small file could ask for the same large type again and again.
    mutating func charge(_ parts: Int) throws(BinaryError) {
        work -= parts
        guard work >= 0 else { throw .limit("parts of types to check", maximum: Limits.work, at: offset) }
    }

    /// Refuses types that are too large or too deep.
    func bounded(_ facts: TypeFacts) throws(BinaryError) {
        guard facts.depth <= Limits.typeDepth else {
            throw .nestedTooDeeply("types", maximum: Limits.typeDepth, at: offset)
        }
        guard facts.weight <= Limits.typeSize else {
            throw .limit("effective size of a type", maximum: Limits.typeSize, at: offset)
        }
    }

    /// Checks one component and resolves its definitions.
    mutating func component(_ binary: ComponentBinary) throws(BinaryError) -> ResolvedComponent {
        let scope = Scope(.component)
        scopes.append(scope)
        var resolved: [Located<ResolvedDefinition>] = []
        for definition in binary.definitions {
            offset = definition.offset
            do throws(BinaryError) {
                if let found = try check(definition.value) { resolved.append(Located(found, at: definition.offset)) }
            } catch {
                throw error.inside(scope.step(to: definition.value))
            }
        }
        offset = max(binary.range.upperBound - 1, binary.range.lowerBound)
        for (index, value) in scope.values.enumerated() where !value.isConsumed {
            throw .invalid("value \(index) is not used; it has to be used once", at: offset)
        }
        return ResolvedComponent(definitions: resolved, type: try closeComponent(), range: binary.range)
    }

    /// Ends the innermost scope, which is a component's or a component type's.
    mutating func closeComponent() throws(BinaryError) -> ComponentNode {
        let scope = scopes.removeLast()
        let node = ComponentNode(
            imports: scope.imports, exports: scope.exports, importBound: scope.imported,
            exportBound: Self.used(scope.created, in: scope.exports))
        try bounded(node.facts)
        try charge(node.facts.weight)
        return node
    }

    /// Those of `resources` that occur in `exports`.
    static func used(_ resources: [Int], in exports: NamedList<ExternNode>) -> [Int] {
        guard !resources.isEmpty else { return [] }
        var free = FreeResources()
        for export in exports.entries { free.visit(export.value) }
        return resources.filter { free.found.contains($0) }
    }

    /// Checks a definition and resolves it; types and their aliases leave nothing behind but what others resolve to.
    private mutating func check(_ definition: Definition) throws(BinaryError) -> ResolvedDefinition? {
        switch definition {
        case .coreModule(let range):
            try limit(
                scope.coreModules.count + scope.components.count, Limits.modulesAndComponents, "modules and components")
            let module = try CoreModuleReader.read(bytes, range: range, store: &store)
            coreModules[range.lowerBound] = module
            scope.coreModules.append(module)
            return .coreModule(range)
        case .coreInstance(let expression):
            try coreInstance(expression)
            return .coreInstance(expression)
        case .coreType(let type):
            try coreType(type)
            return nil
        case .component(let nested):
            try limit(
                scope.coreModules.count + scope.components.count, Limits.modulesAndComponents, "modules and components")
            let start = offset
            let component = try component(nested)
            offset = start
            scope.components.append(component.type)
            return .component(component)
        case .instance(let expression):
            let (types, node) = try instance(expression)
            return .instance(expression, types, node)
        case .alias(let alias):
            try self.alias(alias)
            switch alias.sort {
            case .type, .value, .core(.type): return nil
            default: return .alias(alias)
            }
        case .type(let definition):
            let type = try self.type(definition)
            scope.types.append(type)
            guard case .resource(let resource) = type, case .resource(let definition) = definition else { return nil }
            return .resource(resource, definition)
        case .canonical(let canonical): return try self.canonical(canonical)
        case .start(let start):
            try self.start(start)
            return .start(start)
        case .import(let definition):
            return .import(definition.name, try self.import(definition.name, definition.type))
        case .export(let definition): return .export(definition, try export(definition))
        case .value(let value):
            try self.value(value)
            return .value(value)
        }
    }

    func limit(_ count: Int, _ maximum: Int, _ what: String) throws(BinaryError) {
        guard count < maximum else { throw .limit(what, maximum: maximum, at: offset) }
    }
}
