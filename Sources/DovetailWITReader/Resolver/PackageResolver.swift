// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Resolves one package whose dependencies are in the graph.
///
/// First everything is resolved into drafts, gated items included; then what the features let through is committed
/// to the graph. Draft identifiers continue those that the graph had at the start.
struct PackageResolver {
    let shared: WITResolver
    let package: WITPackage
    let baseTypes: Int
    let baseInterfaces: Int
    let baseWorlds: Int

    var types: [DraftType] = []
    var anonymous: [TypeKind: TypeID] = [:]
    var interfaces: [DraftInterface] = []
    var worlds: [DraftWorld] = []
    /// The top-level names of the package.
    var items: [String: (item: ItemReference, span: SourceSpan)] = [:]
    /// The names that each file sees besides.
    var fileNames: [[String: (item: ItemReference, span: SourceSpan)]] = []
    /// The file whose names are looked up.
    var currentFile = 0
    /// The types of the interface or world that is being resolved.
    var scope = Scope()

    var typeMap: [TypeID?] = []
    var interfaceMap: [InterfaceID?] = []
    var worldMap: [WorldID?] = []
    var packageID = PackageID(0)

    init(_ shared: WITResolver, _ package: WITPackage) {
        self.shared = shared
        self.package = package
        baseTypes = shared.graph.types.definitions.count
        baseInterfaces = shared.graph.interfaces.count
        baseWorlds = shared.graph.worlds.count
    }

    func report(_ diagnostic: @autoclosure () -> Diagnostic) { shared.diagnostics.add(diagnostic()) }

    mutating func resolve() {
        let errors = shared.diagnostics.errorCount
        let order = declare()
        for place in order {
            guard case .interface(let declaration) = place.item,
                case .interface(let id) = items[declaration.name.name]?.item
            else { continue }
            currentFile = place.file
            resolveInterface(
                id, declaration.items, documentation: declaration.documentation, attributes: declaration.attributes)
        }
        for place in order {
            guard case .world(let declaration) = place.item, case .world(let id) = items[declaration.name.name]?.item
            else { continue }
            currentFile = place.file
            resolveWorld(id, declaration)
        }
        guard shared.diagnostics.errorCount == errors else { return }
        commit()
    }

    struct Place {
        let file: Int
        var item: WITSyntax.Item
    }
}
