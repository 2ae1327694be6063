// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What to generate for a target: the content of its `dovetail.json`, or what its folder has.
struct BindingsConfiguration {
    /// The content of `dovetail.json`; everything may be left out.
    private struct File: Decodable {
        /// The WIT file or folder, or a component, relative to the target's folder.
        var wit: String?
        var component: String?
        var world: String?
        var worlds: [String]?
        var name: String?
        var access: String?
        var with: [String: String]?
        var async: [String]?
        var conformances: [String]?
        var skipImports: [String]?
        var skipExports: [String]?
        var imports: [String]?
        var features: [String]?
        var allFeatures: Bool?
        var wasi: Bool?
    }

    /// Why there is nothing to generate from.
    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The arguments of `dovetail-bindgen`.
    var arguments: [String] = []
    /// The files that bindings depend on.
    var inputs: [URL] = []

    /// Reads the configuration of the target in `folder`.
    static func find(in folder: URL, target: String) throws -> BindingsConfiguration {
        let place = folder.appending(path: "dovetail.json")
        var file = File()
        var result = BindingsConfiguration()
        if FileManager.default.fileExists(atPath: place.path(percentEncoded: false)) {
            do {
                file = try JSONDecoder().decode(File.self, from: Data(contentsOf: place))
            } catch {
                throw Failure(
                    description:
                        "\(place.path(percentEncoded: false)): error: expected the settings of the bindings: \(error)")
            }
            result.inputs.append(place)
        }
        let source = try source(file, in: folder, target: target)
        let isComponent = source.pathExtension == "wasm"
        result.inputs += isComponent ? [source] : Self.files(source)
        result.arguments = (isComponent ? [] : ["--wit"]) + [source.path(percentEncoded: false)]
        result.add(file)
        return result
    }

    /// The WIT or the component: the one that the settings name, the folder `wit`, or the only component in the folder.
    private static func source(_ file: File, in folder: URL, target: String) throws -> URL {
        if let name = file.component ?? file.wit {
            let named = folder.appending(path: name)
            guard files(named).isEmpty else { return named }
            throw missing(named, target: target)
        }
        let wit = folder.appending(path: "wit")
        guard files(wit).isEmpty else { return wit }
        let content = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let components = content.filter { $0.pathExtension == "wasm" }
        switch components.count {
        case 0: throw missing(wit, target: target)
        case 1: return components[0]
        default:
            let names = components.map { "`\($0.lastPathComponent)`" }.sorted().joined(separator: ", ")
            throw Failure(
                description: "target `\(target)` has several components: \(names); name one as \"component\" in its "
                    + "dovetail.json")
        }
    }

    private static func missing(_ source: URL, target: String) -> Failure {
        let name = source.lastPathComponent
        return Failure(
            description:
                "no WIT for target `\(target)`: `\(source.path(percentEncoded: false))` does not exist or has no "
                + ".wit file; create the folder `\(name)` in the target, put a component there, or set \"wit\" or "
                + "\"component\" in its dovetail.json")
    }

    private mutating func add(_ file: File) {
        func add(_ option: String, _ values: [String]?) {
            for value in values ?? [] { arguments += [option, value] }
        }
        add("--world", (file.world.map { [$0] } ?? []) + (file.worlds ?? []))
        add("--name", file.name.map { [$0] })
        add("--access", file.access.map { [$0] })
        add("--with", file.with?.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
        add("--async", file.async)
        add("--conformance", file.conformances)
        add("--skip-import", file.skipImports)
        add("--skip-export", file.skipExports)
        add("--import", file.imports)
        add("--feature", file.features)
        if file.allFeatures == true { arguments.append("--all-features") }
        if file.wasi == false { arguments.append("--no-wasi") }
    }

    /// The file itself, or all WIT below a folder.
    private static func files(_ source: URL) -> [URL] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: source.path(percentEncoded: false), isDirectory: &isFolder) else {
            return []
        }
        guard isFolder.boolValue else { return [source] }
        let found = FileManager.default.enumerator(at: source, includingPropertiesForKeys: nil)
        let files = (found?.allObjects ?? []).compactMap { $0 as? URL }.filter { $0.pathExtension == "wit" }
        return files.sorted { $0.path(percentEncoded: false) < $1.path(percentEncoded: false) }
    }
}
