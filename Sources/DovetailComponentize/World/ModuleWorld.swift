// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWIT
import DovetailWITReader

/// The worlds that are embedded in the modules, as one world.
struct ModuleWorld {
    /// The packages around the world.
    private(set) var graph: PackageGraph
    /// The world.
    private(set) var world: WorldID
    /// The modules without their `component-type` sections, by name; the main module has none.
    private(set) var stripped: [String?: [UInt8]] = [:]
    /// How the modules write strings.
    private(set) var stringEncodings: [String?: StringEncoding] = [:]
    /// The exports by the module that implements them.
    private(set) var exports: [String?: [WorldKey]] = [:]
    /// The imports of interfaces by the name that all compatible versions share.
    private var tracks: [String: WorldKey] = [:]
    private var importKeys: [String: WorldKey] = [:]
    private var exportKeys: [String: WorldKey] = [:]
    private var exportTracks: [String: WorldKey] = [:]

    init(
        modules: [(name: String?, bytes: [UInt8])], options: Componentizer.Options
    ) throws(ComponentizeError) {
        // All sections together, as if they were one module's.
        var all = CoreModuleBinary()
        var exportNames: [String?: [String]] = [:]
        for (name, bytes) in modules {
            guard exportNames[name] == nil else { throw .duplicateModule(name ?? "") }
            do throws(ComponentizeError) {
                (stripped[name], exportNames[name]) = try Self.read(bytes, name, into: &all, &stringEncodings)
            } catch {
                guard let name else { throw error }
                throw error.inside(name)
            }
        }
        if all.customSections.isEmpty {
            // No world at all: a module for an adapter, or one that imports and exports nothing.
            graph = PackageGraph()
            world = WorldID(0)
            graph.worlds.append(World(name: "root"))
            exports = exportNames.mapValues { _ in [] }
            return
        }
        let decoded: DecodedWIT
        do throws(BinaryError) {
            decoded = try WITDecoder.decode(all.encoded())
        } catch {
            throw .merging(error)
        }
        guard let world = decoded.world else { throw .noWorld() }
        graph = decoded.graph
        self.world = world
        if options.mergesImportVersions {
            do throws(WITError) {
                try graph.mergeImportVersions(of: world)
            } catch {
                throw .merging(error)
            }
        }
        // Resources of one interface under several names are not the same.
        graph.makeTypesNominal(in: world)
        for key in graph[world].imports.keys {
            importKeys[graph.externName(of: key)] = key
            let track = graph.canonicalName(of: key)
            if tracks[track] == nil { tracks[track] = key }
        }
        for key in graph[world].exports.keys {
            exportKeys[graph.externName(of: key)] = key
            exportTracks[graph.canonicalName(of: key)] = key
        }
        for (module, names) in exportNames {
            // In the order of the world, not of the sections.
            let own = Set(names)
            exports[module] = graph[world].exports.keys.filter { own.contains(graph.externName(of: $0)) }
        }
    }

    /// Takes the `component-type` sections of a module over, and gives the module without them and the names of its exports.
    private static func read(
        _ bytes: [UInt8], _ name: String?, into all: inout CoreModuleBinary,
        _ encodings: inout [String?: StringEncoding]
    ) throws(ComponentizeError) -> ([UInt8], [String]) {
        let outline: CoreModuleOutline
        let sections: [ComponentTypeSection]
        let stripped: [UInt8]
        do throws(BinaryError) {
            (outline, sections) = try Self.sections(of: bytes)
            stripped = try CoreModuleSections.removing(from: bytes) {
                $0.hasPrefix(ComponentTypeSection.namePrefix)
            }
        } catch {
            throw .binary(error)
        }
        for custom in outline.customSections where custom.name.hasPrefix(ComponentTypeSection.namePrefix) {
            all.customSections.append(CoreCustomSection(name: custom.name, payload: bytes[custom.range]))
        }
        var names: [String] = []
        for section in sections {
            if let known = encodings[name], known != section.stringEncoding { throw .stringEncodings() }
            encodings[name] = section.stringEncoding
            names += section.wit.graph[section.world].exports.keys.map { section.wit.graph.externName(of: $0) }
        }
        return (stripped, names)
    }

    private static func sections(
        of bytes: [UInt8]
    ) throws(BinaryError) -> (CoreModuleOutline, [ComponentTypeSection]) {
        typealias Read = Result<(CoreModuleOutline, [ComponentTypeSection]), BinaryError>
        let result = bytes.withUnsafeBytes { buffer -> Read in
            do throws(BinaryError) {
                return .success(
                    (try CoreModuleOutline(buffer), try ComponentTypeSection.sections(ofCoreModule: buffer)))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// The import of that name, of that canonical name, or of a compatible version of it.
    func importKey(_ name: String) -> WorldKey? {
        if let key = importKeys[name] ?? tracks[name] { return key }
        guard let at = name.lastIndex(of: "@"), let version = SemanticVersion(name[name.index(after: at)...]) else {
            return nil
        }
        return tracks["\(name[..<at])@\(version.compatibilityTrack)"]
    }

    /// The export of that name, or of that canonical name.
    func exportKey(_ name: String) -> WorldKey? { exportKeys[name] ?? exportTracks[name] }

    /// What is imported or exported under a key.
    func item(_ key: WorldKey, isExport: Bool) -> WorldItem.Kind? {
        (isExport ? graph[world].exports[key] : graph[world].imports[key])?.kind
    }
}
