// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Turns unresolved packages into a package graph, dependencies first.
package final class WITResolver {
    /// The graph so far.
    package internal(set) var graph = PackageGraph()
    /// What is wrong.
    package internal(set) var diagnostics: DiagnosticCollector
    /// Where names are defined and used.
    package internal(set) var symbols = WITSymbols()
    let features: WITFeatures
    /// The places of the graph's types, interfaces and worlds, beside its arrays.
    var typeSpans: [SourceSpan?] = []
    var interfaceSpans: [SourceSpan?] = []
    var worldSpans: [SourceSpan?] = []
    /// Whether a type of the graph contains a `borrow`.
    var containsBorrow: [Bool] = []
    /// Packages with mistakes: what is missing in them is not reported again.
    var failed: Set<PackageName> = []
    var known: [PackageName] = []
    var packageIDs: [PackageName: PackageID] = [:]
    /// `own` handles by the resource, or the alias of one, that they are for.
    var ownHandles: [TypeID: TypeID] = [:]

    /// Longer chains of packages or interfaces are refused.
    static let maximumDepth = 1000

    package init(features: WITFeatures, diagnostics: DiagnosticCollector = DiagnosticCollector()) {
        self.features = features
        self.diagnostics = diagnostics
    }

    /// Resolves `packages` and all they refer to.
    package func resolve(_ packages: [WITPackage]) {
        var byName: [PackageName: WITPackage] = [:]
        for package in packages {
            if let other = byName[package.name] {
                diagnostics.add(.packageTwice(package.name, at: package.span, firstAt: other.span))
            } else {
                byName[package.name] = package
            }
        }
        guard !diagnostics.hasErrors else { return }
        known = byName.keys.sorted(by: Self.isBefore)
        var order = PackageOrder(packages: byName)
        for name in known { order.visit(name, depth: 0) }
        for problem in order.problems { diagnostics.add(problem) }
        guard !diagnostics.hasErrors else { return }
        for name in order.order {
            guard let package = byName[name] else { continue }
            let before = diagnostics.errorCount
            var resolver = PackageResolver(self, package)
            resolver.resolve()
            if diagnostics.errorCount > before { failed.insert(name) }
        }
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
                problems.append(.nestingTooDeep(at: span))
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
