// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Reading WIT: texts in, a package graph and diagnostics out.
package enum WIT {
    /// The result of reading a set of texts, with or without mistakes.
    package struct Analysis: Sendable {
        /// The texts.
        package let sources: SourceMap
        /// The syntax trees, as far as they could be read, by index of the source map.
        package let files: [WITSyntax.File]
        /// What is wrong, up to a limit.
        package var diagnostics: [Diagnostic]
        /// How many errors there are beyond ``diagnostics``.
        package var omitted: Int
        /// The graph, when nothing is wrong.
        package var resolution: Resolution?
        /// Where names are used, as far as the texts could be read.
        package var symbols: WITSymbols
        /// Whether the texts could be read at all.
        let hasSyntaxErrors: Bool
    }

    /// A package graph, and the package that was asked for.
    package struct Resolution: Sendable {
        /// The graph.
        package var graph: PackageGraph
        /// The package of ``WITSource/root``.
        package var root: PackageID
        /// The texts.
        package let sources: SourceMap
        /// Where the items of ``graph`` stand in them.
        package let places: GraphPlaces
    }

    /// Reads and resolves `source`; dependencies in binary form are read by `binaryReader`.
    ///
    /// - Throws: all that is wrong with it.
    package static func resolve(
        _ source: WITSource, features: WITFeatures = .none, binaryReader: WITBinaryReader? = nil
    ) throws(WITError) -> Resolution {
        var binaries = BinaryPackages()
        if let first = source.binaries.first {
            guard let binaryReader else { throw WITError(.binariesNotRead(first.name), code: .loading) }
            binaries = try binaryReader.read(source.binaries)
        }
        let analysis = analyze(source, features: features, binaries: binaries)
        guard let resolution = analysis.resolution else {
            throw WITError(
                code: analysis.hasSyntaxErrors ? .syntax : .resolution, diagnostics: analysis.diagnostics,
                omitted: analysis.omitted, sources: analysis.sources)
        }
        return resolution
    }

    /// Reads and resolves `source`, and returns as much as possible even when it has mistakes.
    package static func analyze(_ source: WITSource, features: WITFeatures = .none) -> Analysis {
        analyze(source, features: features, binaries: BinaryPackages())
    }

    private static func analyze(
        _ source: WITSource, features: WITFeatures, binaries: BinaryPackages
    ) -> Analysis {
        var sources = SourceMap()
        var files: [WITSyntax.File] = []
        var diagnostics = DiagnosticCollector()
        func parse(_ group: [SourceFile]) -> [WITSyntax.File] {
            group.map { text in
                let index = sources.append(text)
                let file = WITParser.parse(text, file: index, diagnostics: &diagnostics)
                files.append(file)
                return file
            }
        }
        let root = parse(source.root)
        let groups = source.dependencies.map(parse)
        let hasSyntaxErrors = diagnostics.hasErrors
        var analysis = Analysis(
            sources: sources, files: files, diagnostics: [], omitted: 0, resolution: nil, symbols: WITSymbols(),
            hasSyntaxErrors: hasSyntaxErrors)
        var packages: [WITPackage] = []
        for group in [root] + groups { packages += WITPackage.packages(of: group, diagnostics: &diagnostics) }
        let canResolve = !diagnostics.hasErrors
        // Names are resolved even after syntax errors, for editors; errors found then may only follow from these and are
        // not reported.
        let resolver = WITResolver(
            features: features, diagnostics: canResolve ? diagnostics : DiagnosticCollector())
        resolver.resolve(packages, with: binaries)
        analysis.symbols = resolver.symbols
        let found = canResolve ? resolver.diagnostics : diagnostics
        analysis.diagnostics = found.diagnostics
        analysis.omitted = found.omitted
        guard canResolve, let main = packages.first?.name else { return analysis }
        if !resolver.diagnostics.hasErrors, let id = resolver.graph.package(named: main) {
            analysis.resolution = Resolution(
                graph: resolver.graph, root: id, sources: sources, places: resolver.places)
        }
        return analysis
    }
}
