// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Turns unresolved packages into a package graph, dependencies first.
package final class WITResolver {
    /// The graph so far.
    package internal(set) var graph = PackageGraph()
    /// What is wrong.
    package internal(set) var diagnostics: DiagnosticCollector
    /// Where names are defined and used.
    package internal(set) var symbols = WITSymbols()
    let features: WITFeatures
    /// Where the graph's items stand.
    var places = GraphPlaces()
    /// Whether a type of the graph contains a `borrow`.
    var containsBorrow: [Bool] = []
    /// Whether a type of the graph is a resource, perhaps behind aliases.
    var isResource: [Bool] = []
    /// Packages with mistakes; items missing from them are not reported again.
    var failed: Set<PackageName> = []
    var known: [PackageName] = []
    var packageIDs: [PackageName: PackageID] = [:]
    /// `own` handles by the resource, or the alias of one, that they are for.
    var ownHandles: [TypeID: TypeID] = [:]

    /// Longer chains of packages or interfaces are refused.
    package static let maximumDepth = 1000
    /// Worlds implicitly import dependencies and copy included worlds, so a short text can describe very many items.
    static let maximumItems = 500_000
    private var items = 0

    /// Counts an item that is not written in the text but follows from it.
    ///
    /// - Returns: whether it may be added; otherwise that is reported, once.
    func spend(at span: SourceSpan) -> Bool {
        items += 1
        if items == Self.maximumItems + 1 { diagnostics.add(.tooManyItems(at: span)) }
        return items <= Self.maximumItems
    }

    package init(features: WITFeatures, diagnostics: DiagnosticCollector = DiagnosticCollector()) {
        self.features = features
        self.diagnostics = diagnostics
    }

    /// Resolves `packages` and all they refer to, among them packages in binary form.
    package func resolve(_ packages: [WITPackage]) {
        resolve(packages, with: BinaryPackages())
    }

    func resolve(_ packages: [WITPackage], with binaries: BinaryPackages) {
        var byName: [PackageName: WITPackage] = [:]
        for package in packages {
            if let other = byName[package.name] {
                diagnostics.add(.packageTwice(package.name, at: package.span, firstAt: other.span))
            } else if let file = binaries.files[package.name] {
                diagnostics.add(.packageTwice(package.name, at: package.span, file: file))
            } else {
                byName[package.name] = package
            }
        }
        guard !diagnostics.hasErrors else { return }
        known = (Array(byName.keys) + binaries.files.keys).sorted(by: Self.isBefore)
        var order = PackageOrder(packages: byName)
        for name in known { order.visit(name, depth: 0) }
        for problem in order.problems { diagnostics.add(problem) }
        guard !diagnostics.hasErrors else { return }
        var rest = order.order.compactMap { byName[$0] }
        if !binaries.files.isEmpty {
            // A binary has parts of packages that it uses; texts of these are resolved before it is added.
            var later: Set<PackageName> = Set(binaries.graph.packages.map(\.name)).subtracting(byName.keys)
            for package in rest where package.dependencies.contains(where: later.contains) {
                later.insert(package.name)
            }
            resolveEach(rest.filter { !later.contains($0.name) })
            guard !diagnostics.hasErrors, add(binaries) else { return }
            rest = rest.filter { later.contains($0.name) }
        }
        resolveEach(rest)
    }

    private func resolveEach(_ packages: [WITPackage]) {
        for package in packages {
            let before = diagnostics.errorCount
            var resolver = PackageResolver(self, package)
            resolver.resolve()
            if diagnostics.errorCount > before { failed.insert(package.name) }
        }
    }

    /// Merges packages that were read from binaries into the graph.
    private func add(_ binaries: BinaryPackages) -> Bool {
        var merger = GraphMerger(binaries.graph, into: graph)
        do throws(WITError) {
            graph = try merger.merge()
        } catch {
            diagnostics.add(.packagesDiffer(Array(binaries.files.values), error.message))
            return false
        }
        places = places.moved(by: merger.moved, to: graph)
        ownHandles = [:]
        isResource = []
        containsBorrow = []
        for (index, type) in graph.types.definitions.enumerated() {
            noteProperties(of: type)
            if case .own(let resource) = type.kind, type.name == nil, ownHandles[resource] == nil {
                ownHandles[resource] = TypeID(index)
            }
        }
        packageIDs = [:]
        for (index, package) in graph.packages.enumerated() { packageIDs[package.name] = PackageID(index) }
        return true
    }

    private static func isBefore(_ one: PackageName, _ other: PackageName) -> Bool {
        if one.namespace != other.namespace { return one.namespace < other.namespace }
        if one.name != other.name { return one.name < other.name }
        guard let second = other.version else { return false }
        guard let first = one.version else { return true }
        return first < second
    }
}

/// Finds the order of packages, dependencies first.
private struct PackageOrder {
    let packages: [PackageName: WITPackage]
    var order: [PackageName] = []
    var problems: [Diagnostic] = []
    private var done: Set<PackageName> = []
    /// The edge that is being followed from each package on the way.
    private var visiting: [PackageName: (to: PackageName, span: SourceSpan)] = [:]

    init(packages: [PackageName: WITPackage]) {
        self.packages = packages
    }

    mutating func visit(_ name: PackageName, depth: Int) {
        guard let package = packages[name], !done.contains(name) else { return }
        defer { visiting[name] = nil }
        var dependencies: [(PackageName, SourceSpan)] = []
        var seen: Set<PackageName> = []
        package.forEachPath { path, _, _ in
            guard let dependency = path.package, seen.insert(dependency).inserted else { return }
            dependencies.append((dependency, path.packageSpan))
        }
        for (dependency, span) in dependencies {
            if depth > WITResolver.maximumDepth {
                problems.append(.dependencyTooDeep(at: span))
                return
            }
            visiting[name] = (dependency, span)
            if let edge = visiting[dependency] {
                problems.append(.packageCycle(edge.to, at: edge.span, closedAt: span))
                continue
            }
            visit(dependency, depth: depth + 1)
        }
        if done.insert(name).inserted { order.append(name) }
    }
}
