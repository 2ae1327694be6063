// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
package import DovetailWITReader

/// What the namespaces and types of a world are called in Swift.
package struct SwiftWorldNames {
    /// The type of the world.
    package let world: String
    /// The types of the namespaces, without those around them.
    package private(set) var namespaces: [String]
    /// The types that each namespace declares.
    package private(set) var types: [[TypeID: String]] = []
    /// Names that hide those of other modules.
    package private(set) var shadowed: Set<String> = []

    /// The modules that generated code names.
    private static func modules(_ options: BindgenOptions) -> Set<String> {
        switch options.output {
        case .swiftHost: ["Swift", "Dovetail", "DovetailABI", "DovetailTypes", "DovetailWASI"]
        case .swiftGuest: ["Swift", "DovetailGuest"]
        }
    }

    /// What generated code declares besides.
    private static func reserved(_ options: BindgenOptions) -> Set<String> {
        let own: Set<String> =
            switch options.output {
            case .swiftHost: ["Imports", "Functions"]
            case .swiftGuest: ["Imports", "Exports"]
            }
        return own.union(["Type", "Self", "Any", "Protocol"])
    }

    /// The type of a world.
    package static func type(of world: World, _ options: BindgenOptions) -> String {
        let name = options.typeName ?? SwiftNames.type(world.name)
        return modules(options).contains(name) || ["Codec", "Value"].contains(name) ? name + "World" : name
    }

    /// - Throws: ``BindgenError`` when an option gives a name that no Swift type can have.
    package static func check(_ options: BindgenOptions) throws(BindgenError) {
        if let name = options.typeName, !SwiftNames.isType(name) { throw .badName("--name", name) }
        for name in options.interfaceNames.values.sorted() where !SwiftNames.isType(name) {
            throw .badName("--rename", name)
        }
    }

    package init(_ model: WorldModel, _ options: BindgenOptions, beside others: Set<String>) {
        world = Self.type(of: model.world, options)
        // Beside the bindings, in their module, they hide what is imported.
        shadowed = others.union([world])
        namespaces = [world]
        let taken = Self.modules(options).union(Self.reserved(options)).union([world])
        var scope = NameScope(reserved: taken)
        nameNamespaces(model.namespaces, options.interfaceNames, &scope)
        for (index, namespace) in model.namespaces.enumerated() {
            if index > 0 { scope = NameScope(reserved: taken) }
            var names: [TypeID: String] = [:]
            for id in namespace.types {
                let base = SwiftNames.type(model.graph.types[id].name ?? "type")
                names[id] = namespace.origin == .generated ? scope.claim(base, or: base + "Value") : base
            }
            types.append(names)
            guard namespace.origin == .generated else { continue }
            shadowed.formUnion(names.values)
            if index > 0 { shadowed.insert(namespaces[index]) }
        }
    }

    /// Interfaces are called as their last name; those that would share it get the name of their package in front, then its
    /// version behind, then the namespace in front.
    private mutating func nameNamespaces(
        _ all: [Namespace], _ chosen: [String: String], _ scope: inout NameScope
    ) {
        let externs = all.map { $0.externName ?? "" }
        let parts = externs.map(ExternNameParts.init)
        let named = all.indices.dropFirst().filter { if case .library = all[$0].origin { false } else { true } }
        var level = [Int](repeating: 0, count: all.count)
        for _ in 1..<ExternNameParts.forms {
            var groups: [String: Set<String>] = [:]
            for index in named {
                groups[parts[index].name(level[index]), default: []].insert(externs[index])
            }
            for index in named where groups[parts[index].name(level[index])]?.count ?? 0 > 1 {
                level[index] += 1
            }
        }
        namespaces += [String](repeating: "", count: all.count - 1)
        // Imported ones first: an exported twin is the one to be called differently.
        let imported = named.filter { all[$0].direction == .imported }
        for index in imported + named.filter({ all[$0].direction == .exported }) {
            let form = OptionNames.choice(for: externs[index], chosen) ?? parts[index].name(level[index])
            let other = all[index].direction == .exported ? "Exported" + form : form + "Interface"
            namespaces[index] = scope.claim(form, or: other)
        }
    }
}

extension ExternNameParts {
    /// How many forms there are.
    package static let forms = 4

    /// The name; the greater `level`, the less it is likely to be another's too.
    package func name(_ level: Int) -> String {
        switch level {
        case 0: SwiftNames.type(name)
        case 1: SwiftNames.type("\(package)-\(name)")
        case 2: SwiftNames.type("\(package)-\(name)-\(version)")
        default: SwiftNames.type("\(namespace)-\(package)-\(name)-\(version)")
        }
    }
}
