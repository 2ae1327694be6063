// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailArguments
import DovetailBinary
import DovetailSystem
import DovetailTypes
import DovetailWIT
import DovetailWITReader

/// Which gated items of WIT a command sees.
struct WITOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Features whose `@unstable` items are included; comma-separated, may be repeated.", valueName: "names"))
    var features: [String] = []

    @Flag(help: "Include all `@unstable` items.")
    var allFeatures = false

    init() {}

    var selection: WITFeatures {
        if allFeatures { return .all }
        return .only(features.flatMap { $0.split { $0 == "," || $0 == " " }.map(String.init) })
    }
}

/// WIT from wherever a user has it: a file, a folder with its `deps`, a component or a WIT package in binary form.
struct WITInput {
    /// The packages.
    var graph: PackageGraph
    /// The one that was asked for; made up for a component.
    var root: PackageID
    /// The packages beside the root, in the order in which they are printed.
    var others: [PackageID] = []
    /// The world of a component.
    var world: WorldID?
    /// What was read from text, as long as the graph is as it was read: errors point into it.
    private var resolution: WIT.Resolution?

    /// Reads and resolves `path`.
    ///
    /// - Throws: `WITError`, or `BinaryError` for a binary that describes no WIT.
    init(_ path: String, options: WITOptions) throws {
        switch try Self.read(path) {
        case .text(let source):
            let resolution = try WIT.resolve(
                source, features: options.selection, binaryReader: Self.binaryReader)
            self.resolution = resolution
            graph = resolution.graph
            root = resolution.root
        case .binary(let decoded):
            graph = decoded.graph
            root = decoded.package
            if decoded.source != .package { world = decoded.world }
        }
        others = Self.packages(of: graph, beside: root)
    }

    /// Takes packages that were read before.
    init(_ graph: PackageGraph, root: PackageID) {
        self.graph = graph
        self.root = root
        others = Self.packages(of: graph, beside: root)
    }

    /// A world, in a package that is made up, that has what several worlds have.
    ///
    /// - Throws: `WITError` where they conflict.
    init(joining worlds: [String], of whole: WITInput, options: WITOptions) throws {
        let graph = whole.graph
        var binaries: [SourceFile] = []
        for world in worlds {
            guard let package = graph[try graph.world(world, in: whole.root)].package else { continue }
            let name = "\(graph[package].name).wasm"
            if binaries.contains(where: { $0.name == name }) { continue }
            binaries.append(SourceFile(name: name, bytes: try WITEncoder.encode(package: package, in: graph)))
        }
        let lines = worlds.map { "  include \($0);" }
        let text = "package dovetail:joined;\nworld joined {\n" + lines.joined(separator: "\n") + "\n}\n"
        let resolution = try WIT.resolve(
            WITSource(root: [SourceFile(name: "joined.wit", text: text)], binaries: binaries),
            features: .all, binaryReader: Self.binaryReader)
        self.resolution = resolution
        self.graph = resolution.graph
        root = resolution.root
        others = Self.packages(of: self.graph, beside: root)
        world = try self.graph.world(nil, in: root)
    }

    /// The name of a world that is the same in all graphs.
    func fullName(of world: WorldID) -> String {
        graph[world].package.map { graph[$0].name.qualified(graph[world].name) } ?? graph[world].name
    }

    private enum Form {
        case text(WITSource)
        case binary(DecodedWIT)
    }

    private static func read(_ path: String) throws -> Form {
        guard !Files.isDirectory(path) else { return .text(try WITLoader.load(path)) }
        // A component may be text as well; no WIT begins like it.
        let file = try WasmFile(path).binary()
        guard file.isBinary else {
            return .text(WITSource(root: [SourceFile(name: file.name, bytes: file.bytes)]))
        }
        do throws(BinaryError) {
            return .binary(try WITDecoder.decode(file.bytes))
        } catch {
            throw WasmFile.Failure(description: "\(file.name): \(error)")
        }
    }

    /// Reads the dependencies that are in binary form.
    private static var binaryReader: WITBinaryReader {
        WITBinaryReader(parseText: { try WasmText.parse($0, name: $1) }) { bytes in
            let decoded = try WITDecoder.decode(bytes)
            return (decoded.graph, decoded.package)
        }
    }

    /// The main package in binary form.
    ///
    /// - Throws: `WITError` when it cannot be encoded.
    func encoded() throws(WITError) -> [UInt8] {
        do throws(BinaryError) {
            return try WITEncoder.encode(package: root, in: graph)
        } catch {
            guard let item = error.item else {
                throw WITError(Diagnostic("the package cannot be encoded: \(error.message)"), code: .encoding)
            }
            throw WITError(error.message, about: item, of: graph, at: resolution)
        }
    }

    /// Changes the graph.
    mutating func change(_ body: (inout PackageGraph) throws -> Void) throws {
        resolution = nil
        try body(&graph)
    }

    /// The packages of `graph` but one.
    static func packages(of graph: PackageGraph, beside root: PackageID) -> [PackageID] {
        graph.packages.indices.map { PackageID($0) }.filter { $0 != root }
    }

    /// The world that `name` means; a component's own when there is no name.
    func world(named name: String?) throws(WITError) -> WorldID {
        if name == nil, let world { return world }
        return try graph.world(name, in: root)
    }
}
