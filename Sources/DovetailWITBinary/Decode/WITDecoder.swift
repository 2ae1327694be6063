// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader
import DovetailTypes
import DovetailWITReader

/// Reads the WIT out of binaries: of WIT packages in binary form (WIT.md, "Package Format") and of any component.
///
/// Core modules are not read. The bytes may be hostile: what cannot be expressed in WIT is an error.
package struct WITDecoder {
    var evaluator = WITEvaluator()
    var graph = PackageGraph()
    /// The WIT types that types of the binary stand for.
    var known: [Int: TypeID] = [:]
    /// What is known of types without a name.
    var anonymous = Anonymous()
    /// The names that are taken in interfaces and among imports of worlds, in the form in which they have to differ.
    var names: [TypeOwner: Set<String>] = [:]
    /// The interfaces by their full names.
    var interfaces: [String: InterfaceID] = [:]
    /// The packages, and their names in the order in which they are first mentioned.
    private(set) var packageOrder: [PackageName] = []
    var packages: [PackageName: Package] = [:]
    /// The packages of the interfaces in ``graph``; `nil` for one without a name.
    var packageNames: [PackageName?] = []
    /// The comments and gates that are still to be put at their items.
    var notes: [(PackageName, PackageMetadata)] = []
    /// Whether several binaries are read that may have the same worlds; the first of each name stays in its package.
    var repeatsWorlds = false
    /// Where the definition lies that was last followed, for messages.
    var offset: Int { evaluator.offset }

    /// Types without a name of their own where they are used.
    struct Anonymous {
        struct Use: Hashable {
            var type: Int
            var owner: TypeOwner
        }

        struct NamedUse: Hashable {
            var type: TypeID
            var owner: TypeOwner
        }

        struct Numbered: Hashable {
            var name: String
            var owner: TypeOwner
        }

        /// The WIT types of the binary's, for each interface or world that uses them.
        var ids: [Use: TypeID] = [:]
        /// How many types are written where one is written.
        var sizes: [TypeID: Int] = [:]
        /// What uses a type first.
        var firstUses: [Int: TypeOwner] = [:]
        /// The names that types of interfaces have elsewhere, given where they are used or declared there.
        var namedUses: [NamedUse: TypeID] = [:]
        /// Where to go on with numbers that make names differ.
        var numbers: [Numbered: Int] = [:]
    }

    init() {}

    /// The name of the package that is made up around a component's world.
    static let rootPackage = PackageName(namespace: "root", name: "component")

    /// Custom sections of core modules with the world that a module was written for have names that begin with this.
    package static let worldSectionPrefix = "component-type"

    /// What a component is asked before it is read; it throws for one that breaks a rule.
    package typealias Check = (ComponentBinary, UnsafeRawBufferPointer) throws(BinaryError) -> Void

    /// Reads the WIT of a component, of a WIT package in binary form, or of a core module's `component-type` sections.
    ///
    /// - Parameter check: what components are checked by first; when it is `nil` they need not be valid.
    /// - Throws: a ``BinaryError`` when the bytes cannot be decoded, or describe what WIT cannot express; what `check` throws.
    package static func decode(
        _ bytes: UnsafeRawBufferPointer, checking check: Check?
    ) throws(BinaryError) -> DecodedWIT {
        if BinaryKind(bytes) == .coreModule { return try decode(coreModule: bytes, checking: check) }
        let binary = try ComponentDecoder.decode(bytes)
        if let check { try check(binary, bytes) }
        return try decode(binary, bytes: bytes)
    }

    /// Reads the WIT of a component that was decoded from `bytes`, and needs not be valid.
    ///
    /// - Throws: a ``BinaryError`` when it describes what WIT cannot express.
    package static func decode(
        _ binary: ComponentBinary, bytes: UnsafeRawBufferPointer
    ) throws(BinaryError) -> DecodedWIT {
        var decoder = WITDecoder()
        let root = try decoder.evaluator.root(binary)
        guard isPackage(root) else { return try decoder.component(root) }
        let name = try decoder.read(package: root, binary, bytes: bytes)
        let id = try decoder.finish(main: name)
        let world = decoder.graph[id].worlds.first?.value
        return DecodedWIT(source: .package, graph: decoder.graph, package: id, world: world)
    }

    /// Whether a component is a WIT package: it has nothing but exports of component types.
    package static func isPackage(_ binary: ComponentBinary) -> Bool {
        var evaluator = WITEvaluator()
        guard let root = try? evaluator.root(binary) else { return false }
        guard isPackage(root) else { return false }
        return root.exports.exports.allSatisfy { entry in
            guard case .type(let type) = entry.item, case .component = evaluator.types[type].shape else { return false }
            return true
        }
    }

    static func isPackage(_ root: WITInterfaceOfComponent) -> Bool {
        guard root.imports.isEmpty, !root.exports.exports.isEmpty else { return false }
        return root.exports.exports.allSatisfy { if case .type = $0.item { true } else { false } }
    }

    // MARK: - Packages

    /// Makes room for a package, unless it is known.
    mutating func addPackage(_ name: PackageName) {
        guard packages[name] == nil else { return }
        packages[name] = Package(name: name)
        packageOrder.append(name)
    }

    /// Reads the package whose exports are `root`'s, and its notes.
    mutating func read(
        package root: WITInterfaceOfComponent, _ binary: ComponentBinary, bytes: UnsafeRawBufferPointer
    ) throws(BinaryError) -> PackageName {
        var name: PackageName?
        var order = OrderedMap<String, InterfaceID>()
        for entry in root.exports.exports {
            let (inner, imports) = try definition(entry)
            let (package, item) = try interfaceName(inner.name)
            guard item == entry.name.name else {
                throw .notWIT("`\(inner.name.name)` is exported as `\(entry.name.name)`", at: offset)
            }
            if let name, name != package {
                throw .notWIT("`\(inner.name.name)` is not of the package `\(name)`", at: offset)
            }
            name = package
            for dependency in imports { try importInterface(dependency) }
            switch inner.item {
            case .instance(let instance):
                let id = try interface(inner.name)
                try fill(id, with: instance)
                order[item] = id
            case .component(let component):
                let world = try evaluator.open(component)
                let id = try self.world(item, imports: world.imports, exports: world.exports.exports, of: package)
                addPackage(package)
                if packages[package]?.worlds[item] == nil {
                    packages[package]?.worlds[item] = id
                } else if !repeatsWorlds {
                    throw .notWIT("world `\(item)` is there twice", at: offset)
                }
            default: throw .notWIT("export `\(inner.name.name)` is neither an interface nor a world", at: offset)
            }
        }
        guard let name else { throw .notWIT("it has no exports", at: offset) }
        addPackage(name)
        // What it exports comes first, in that order.
        for (item, id) in packages[name]?.interfaces ?? OrderedMap() where order[item] == nil { order[item] = id }
        packages[name]?.interfaces = order
        if let section = binary.customSections.first(where: { $0.name == PackageMetadata.sectionName }) {
            do throws(BinaryError) {
                notes.append((name, try PackageMetadata(UnsafeRawBufferPointer(rebasing: bytes[section.range]))))
            } catch {
                throw error.inside(section)
            }
        }
        return name
    }

    /// The interface or world that an export of a package wraps, and the interfaces that it uses.
    mutating func definition(_ entry: WITEntry) throws(BinaryError) -> (inner: WITEntry, imports: [WITEntry]) {
        guard case .type(let type) = entry.item, case .component(let declarations) = evaluator.types[type].shape else {
            throw .notWIT("export `\(entry.name.name)` is neither an interface nor a world", at: offset)
        }
        guard !entry.name.name.utf8.contains(UInt8(ascii: ":")) else { throw .oldPackageFormat(at: offset) }
        let wrapper = try evaluator.open(.type(declarations, scope: evaluator.types[type].scope))
        guard wrapper.exports.exports.count == 1, let inner = wrapper.exports.exports.first else {
            throw .notWIT("expected one definition in `\(entry.name.name)`", at: offset)
        }
        return (inner, wrapper.imports)
    }

    // MARK: - Components

    private mutating func component(_ root: WITInterfaceOfComponent) throws(BinaryError) -> DecodedWIT {
        let name = Self.rootPackage
        addPackage(name)
        let world = try world("root", imports: root.imports, exports: root.exports.exports, of: name)
        packages[name]?.worlds["root"] = world
        let id = try finish(main: name)
        return DecodedWIT(source: .component, graph: graph, package: id, world: world)
    }

    // MARK: - Worlds

    private mutating func world(
        _ name: String, imports: [WITEntry], exports: [WITEntry], of package: PackageName
    ) throws(BinaryError) -> WorldID {
        let id = WorldID(graph.worlds.count)
        graph.worlds.append(World(name: name))
        names[.world(id)] = Set(imports.map { ExternName.canonical($0.name.name) })
        for entry in imports {
            guard let (key, item) = try worldItem(entry, isImport: true, world: id, package: package)
            else { continue }
            guard graph[id].imports[key] == nil else {
                throw .notWIT("import `\(entry.name.name)` is there twice", at: offset)
            }
            graph.worlds[id.index].imports[key] = item
        }
        for entry in exports {
            guard let (key, item) = try worldItem(entry, isImport: false, world: id, package: package)
            else { continue }
            guard graph[id].exports[key] == nil else {
                throw .notWIT("export `\(entry.name.name)` is there twice", at: offset)
            }
            graph.worlds[id.index].exports[key] = item
        }
        return id
    }

    func checkLabel(_ name: String) throws(BinaryError) {
        guard ExternName.isLabel(name) else { throw .notWIT("`\(name)` is not a name that it could have", at: offset) }
    }

    /// The import or export of a world; `nil` for what is no part of a world, such as core modules.
    mutating func worldItem(
        _ entry: WITEntry, isImport: Bool, world: WorldID, package: PackageName
    ) throws(BinaryError) -> (WorldKey, WorldItem)? {
        let externalID = entry.name.externalID
        switch entry.item {
        case .other, .component:
            // What a component takes beside a world's items is left out, what it gives is not.
            guard isImport else { throw .notExportable(entry.name.name, at: offset) }
            return nil
        case .type(let type):
            guard isImport else {
                // Interfaces and worlds may lie beside what a component does. (WIT.md, "Package Format")
                if case .component = evaluator.types[type].shape { return nil }
                throw .notExportable(entry.name.name, at: offset)
            }
            let id = try typeExport(entry.name, type, owner: .world(world))
            return (.name(entry.name.name), WorldItem(.type(id)))
        case .function(let type):
            let function = try function(entry.name, type, owner: .world(world))
            guard isImport || function.owner == .none else {
                throw .notWIT("`\(entry.name.name)` of a resource is exported outside of an interface", at: offset)
            }
            return (.name(entry.name.name), WorldItem(.function(function)))
        case .instance(let instance):
            if entry.name.implements != nil {
                try checkLabel(entry.name.name)
                let id = try interface(entry.name)
                try fill(id, with: instance)
                return (.name(entry.name.name), WorldItem(.interface(id), externalID: externalID))
            }
            if entry.name.name.utf8.contains(UInt8(ascii: ":")) {
                let id = try interface(entry.name)
                try fill(id, with: instance)
                return (.interface(id), WorldItem(.interface(id), externalID: externalID))
            }
            try checkLabel(entry.name.name)
            let id = InterfaceID(graph.interfaces.count)
            graph.interfaces.append(Interface())
            packageNames.append(package)
            try fill(id, with: instance)
            return (.name(entry.name.name), WorldItem(.interface(id), externalID: externalID))
        }
    }
}
