// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// A package in Python that brings WIT, as a file `componentize-py.toml` in it says.
package struct PackagedWIT: Sendable {
    /// The name of the file.
    static let fileName = "componentize-py.toml"

    /// The package that `import` knows it by: the outermost one.
    package var module: String
    /// The folder of its WIT.
    package var witFolder: String?
    /// The package inside it that its bindings are expected in, as `import` names it.
    package var bindings: String?
    /// Modules of imported interfaces, by `ns:pkg/iface@version`.
    package var importNames: [String: String] = [:]
    /// Modules of exported interfaces, in the same way.
    package var exportNames: [String: String] = [:]
    /// Whether modules of its interfaces are named with their package and its version.
    package var usesFullNames = false

    /// Those that lie below folders; where several folders have a package, that of the first counts, as for Python.
    ///
    /// - Throws: ``PythonError`` for a file that says nothing sensible.
    package static func all(in contents: AppFolders) throws(PythonError) -> [PackagedWIT] {
        // A folder that is reached by way of two is that of the inner one.
        var owners: [String: (root: Int, length: Int)] = [:]
        for (root, _, path) in contents.configurations {
            let (real, length) = (Files.realPath(path) ?? path, Files.realPath(contents.roots[root])?.utf8.count ?? 0)
            if let known = owners[real], known.length >= length { continue }
            owners[real] = (root, length)
        }
        var found: [PackagedWIT] = []
        var roots: [String: Int] = [:]
        for (root, name, path) in contents.configurations where owners[Files.realPath(path) ?? path]?.root == root {
            guard let module = name.split(separator: "/").first.map(String.init) else { continue }
            let first = roots[module]
            if let first, first != root { continue }
            guard first == nil else { throw .severalConfigurations(module, Files.join(path, fileName)) }
            roots[module] = root
            found.append(try PackagedWIT(module, name, path))
        }
        return found
    }

    private init(_ module: String, _ name: String, _ folder: String) throws(PythonError) {
        self.module = module
        let file = Files.join(folder, Self.fileName)
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try Files.read(file, limit: 1 << 20) } catch { throw .unreadable(file, error) }
        let values = try TOMLReader.values(String(decoding: bytes, as: UTF8.self), file: file)
        func text(_ key: String) throws(PythonError) -> String? {
            switch values[[key]] {
            case nil: nil
            case .text(let text)?: text
            default: throw .badConfiguration(file, key, "a string")
            }
        }
        func inside(_ key: String) throws(PythonError) -> Substring? {
            guard let text = try text(key) else { return nil }
            let parts = text.split(separator: "/").filter { $0 != "." }
            guard !text.hasPrefix("/"), !parts.contains("..") else {
                throw .badConfiguration(file, key, "a folder in that of the file")
            }
            return Substring(parts.joined(separator: "/"))
        }
        if let wit = try inside("wit_directory") {
            let path = Files.join(folder, String(wit))
            guard Files.exists(path) else { throw .badConfiguration(file, "wit_directory", "a folder that is there") }
            witFolder = path
        }
        if let place = try inside("bindings") {
            let path = name + (place.isEmpty ? "" : "/" + place)
            bindings = path.split(separator: "/").joined(separator: ".")
            guard PythonProgram.isModuleName(bindings ?? "") else {
                throw .badConfiguration(file, "bindings", "a folder that can be a package in Python")
            }
        }
        switch values[["full_names"]] {
        case nil: break
        case .truth(let value)?: usesFullNames = value
        default: throw .badConfiguration(file, "full_names", "`true` or `false`")
        }
        for (key, value) in values where key.count == 2 {
            guard case .text(let text) = value else { continue }
            if key[0] == "import_interface_names" { importNames[key[1]] = text }
            if key[0] == "export_interface_names" { exportNames[key[1]] = text }
        }
    }
}
