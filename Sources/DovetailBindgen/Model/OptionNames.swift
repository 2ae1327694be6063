// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
package import DovetailWITReader

/// What options may name in the worlds that bindings are generated for: an option that names nothing is a mistake.
package struct OptionNames {
    private var interfaces: Set<String> = []
    private var imports: Set<String> = []
    private var exports: Set<String> = []
    private var functions: Set<String> = []

    package init(_ worlds: [WorldID], of graph: PackageGraph) {
        for id in worlds {
            enter(graph[id].imports, graph, into: \.imports)
            enter(graph[id].exports, graph, into: \.exports)
        }
    }

    private mutating func enter(
        _ items: OrderedMap<WorldKey, WorldItem>, _ graph: PackageGraph,
        into names: WritableKeyPath<OptionNames, Set<String>>
    ) {
        for (key, item) in items {
            switch item.kind {
            case .type: continue
            case .function(let function):
                self[keyPath: names].insert(function.name)
                functions.insert(function.name)
            case .interface(let id):
                let extern = graph.externName(of: key)
                let forms = Self.forms(extern).map { String($0) }
                interfaces.formUnion(forms)
                self[keyPath: names].formUnion(forms)
                for name in graph[id].functions.keys {
                    self[keyPath: names].insert("\(extern)#\(name)")
                    functions.insert(name)
                    for form in forms.prefix(2) { functions.insert("\(form)#\(name)") }
                }
            }
        }
    }

    /// The names an interface goes by in options: with its version, without it, and its package's.
    static func forms(_ extern: String) -> [Substring] {
        let plain = extern.prefix { $0 != "@" }
        return [extern[...], plain, plain.prefix { $0 != "/" }]
    }

    /// Whether an interface is one of `names`, or its package is.
    static func matches(_ extern: String, _ names: Set<String>) -> Bool {
        !names.isEmpty && forms(extern).contains { names.contains(String($0)) }
    }

    /// What an option says of an interface; of several that name it, the one that says most.
    package static func choice(for extern: String, _ choices: [String: String]) -> String? {
        choices.isEmpty ? nil : forms(extern).lazy.compactMap { choices[String($0)] }.first
    }

    /// Whether an option about imports can name it.
    package func hasImport(_ name: String) -> Bool { imports.contains(name) }

    /// Whether an option about exports can name it.
    package func hasExport(_ name: String) -> Bool { exports.contains(name) }

    /// Compares the names in `options` with what there is.
    ///
    /// - Throws: ``BindgenError`` for the first one that names nothing.
    package func check(_ options: BindgenOptions) throws(BindgenError) {
        try check("--with", options.with.keys, interfaces, "neither imports nor exports")
        try check("--rename", options.interfaceNames.keys, interfaces, "neither imports nor exports")
        try check("--import-interface-name", options.importNames.keys, imports, "does not import")
        try check("--export-interface-name", options.exportNames.keys, exports, "does not export")
        try check("--skip-import", options.excludedImports, imports, "does not import")
        try check("--skip-export", options.excludedExports, exports, "does not export")
        if case .named(let names) = options.async {
            try check("--async", names, functions, "neither imports nor exports as a function")
        }
    }

    private func check(
        _ option: String, _ names: some Sequence<String>, _ known: Set<String>, _ lack: String
    ) throws(BindgenError) {
        for name in names.sorted() where !known.contains(name) {
            throw .namesNothing(
                option, name, lack, nearest: NameSuggestion.nearest(to: name, among: known.sorted()))
        }
    }
}
