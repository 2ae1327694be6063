// SPDX-License-Identifier: Apache-2.0

package import DovetailBindgen
package import DovetailTypes
package import DovetailWITReader

/// Bindings for components in Swift out of a package graph.
package enum GuestBindgen {
    /// The bindings of some worlds, as one Swift source file.
    ///
    /// - Throws: ``BindgenError`` when a world has something that cannot be written in Swift, or an option does not fit.
    package static func generate(
        _ worlds: [WorldID], of graph: PackageGraph, options: BindgenOptions
    ) throws(BindgenError) -> String {
        var options = options
        options.output = .swiftGuest
        return try Bindgen.generate(worlds, of: graph, options: options, write: write)
    }

    /// The writer for guests.
    package static func write(
        _ worlds: [WorldID], _ names: Set<String>, of graph: PackageGraph, _ options: BindgenOptions
    ) throws(BindgenError) -> SwiftFile {
        var file = SwiftFile()
        var isConcurrent = false
        for world in worlds {
            let guest = SwiftGuest(try WorldModel(graph, world, options), options, beside: names)
            file.declarations += try GuestWriter(guest).declarations()
            isConcurrent = isConcurrent || guest.isConcurrent
        }
        let modules = ["DovetailGuest"] + options.imports.filter { $0 != "DovetailGuest" }
        file.imports = modules.sorted().map { SwiftImport(modifiers: options.access.modifiers, module: $0) }
        // Where there is no module of its own to be found, the compiler does not import it by itself.
        if isConcurrent { file.imports.append(SwiftImport(modifiers: ["@_exported"], module: "_Concurrency")) }
        return file
    }
}
