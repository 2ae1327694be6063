// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailComponentize
import DovetailTestSupport
import DovetailText
import DovetailTypes
import DovetailWIT
import DovetailWITReader
import Foundation

/// A command line of the reference tools, whose steps pass WIT or binaries to each other.
struct WITPipeline {
    /// What a step passes to the next one.
    enum Output {
        case nothing
        case text(String)
        case json(JSON)
        case binary([UInt8])
        /// What a binary was printed as.
        case printed(String, of: [UInt8])

        var text: String? {
            if case .text(let text) = self { text } else { nil }
        }
    }

    /// The file that `%` stands for.
    let input: String
    /// The folder that `%tmpdir` stands for.
    let scratch: String
    /// The result of the last step.
    private(set) var output = Output.nothing

    init(input: String, scratch: String) {
        self.input = input
        self.scratch = scratch
    }

    /// Runs the steps one after the other.
    ///
    /// - Throws: ``CaseSkipped`` for steps that Dovetail does not have, else what was wrong.
    mutating func run(_ command: String) throws {
        let steps = command.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
        for (index, words) in steps.enumerated() {
            let next = index + 1 < steps.count ? steps[index + 1] : nil
            output = try step(words, next: next)
        }
    }

    private func step(_ words: [String], next: [String]?) throws -> Output {
        let verb = words.first == "component" ? words.prefix(2).joined(separator: " ") : words.first ?? ""
        let options = Options(words.dropFirst(words.first == "component" ? 2 : 1))
        switch verb {
        case "component wit": return try wit(options)
        case "component embed": return try embed(options)
        case "component new": return try componentize(options)
        case "component unbundle": return try unbundle(options)
        case "component semver-check": return try checkSuccessor(options)
        case "validate": return try validate(options)
        case "print": return try print(options)
        case "strip": return try strip(options)
        default: throw CaseSkipped("needs `\(verb)`")
        }
    }

    // MARK: - Input

    /// The packages a step reads: from the file, the scratch folder or the step before it.
    private func packages(_ options: Options) throws -> (graph: PackageGraph, root: PackageID, world: WorldID?) {
        let path: String
        switch options.file {
        case "%": path = input
        case "%tmpdir": path = scratch
        case nil:
            guard case .binary(let bytes) = output else { throw CaseSkipped("needs WIT on standard input") }
            return try packages(of: bytes)
        case let other?: throw CaseSkipped("needs the file `\(other)`")
        }
        if path.hasSuffix(".wasm") {
            return try packages(of: Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        }
        let resolved = try WIT.resolve(try WITLoader.load(path), features: options.features)
        return (resolved.graph, resolved.root, nil)
    }

    private func packages(of bytes: [UInt8]) throws -> (graph: PackageGraph, root: PackageID, world: WorldID?) {
        let decoded = try WITDecoder.decode(bytes)
        return (decoded.graph, decoded.package, decoded.source == .package ? nil : decoded.world)
    }

    // MARK: - Steps

    private func wit(_ options: Options) throws -> Output {
        var (graph, root, world) = try packages(options)
        if let name = options["--merge-world-imports-based-on-semver"] {
            root = try graph.mergeImportVersions(of: try graph.world(name, in: root))[root.index]
        }
        if options["--importize"] != nil || options["--importize-world"] != nil {
            let name = options["--importize-world"]
            let id = try name == nil ? world ?? graph.world(nil, in: root) : graph.world(name, in: root)
            try graph.importize(id, as: options["--importize-out-world-name"])
            world = id
        }
        if let name = options["--exportize-world"] {
            try graph.exportize(
                try graph.world(name, in: root), as: options["--exportize-out-world-name"],
                only: options["--exportize-import"].map { [$0] } ?? [])
        }
        if let name = options["--generate-nominal-type-ids"] {
            graph.makeTypesNominal(in: try graph.world(name, in: root))
        }
        if options["--out-dir"] != nil {
            try write(graph, root)
            // The recorded output lists the files in the tool's wording.
            return .nothing
        }
        if options["--wasm"] != nil || options["-t"] != nil || options["--wat"] != nil {
            let bytes = try WITEncoder.encode(package: root, in: graph)
            try WITTexts.validate(bytes)
            return .binary(bytes)
        }
        if options["--json"] != nil { return .json(JSON(WITJSON.tree(of: graph))) }
        return .text(WITText.text(of: root, in: graph))
    }

    private func write(_ graph: PackageGraph, _ root: PackageID) throws {
        let folder = URL(fileURLWithPath: scratch)
        let dependencies = folder.appendingPathComponent("deps")
        try FileManager.default.createDirectory(at: dependencies, withIntermediateDirectories: true)
        for index in graph.packages.indices {
            let id = PackageID(index)
            let name = graph[id].name.description.replacingOccurrences(of: ":", with: "-") + ".wit"
            let text = WITPrinter.text(of: id, in: graph)
            let file = (id == root ? folder : dependencies).appendingPathComponent(name)
            try Data(text.utf8).write(to: file)
        }
    }

    private func embed(_ options: Options) throws -> Output {
        let (graph, root, _) = try packages(Options(["%"] + options.words.filter { $0.hasPrefix("--features") }))
        let world = try graph.world(options["--world"] ?? options["-w"], in: root)
        if options["--only-custom"] != nil { return .binary(try WITEncoder.encode(world: world, in: graph)) }
        let isAsync = options["--async-callback"] != nil || options["--async-stackful"] != nil
        var module = CoreModuleSections.emptyModule
        if options["--dummy"] != nil || options["--dummy-names"] != nil {
            let isLegacy = options["--dummy-names"] == "legacy"
            guard isLegacy || !isAsync else { throw CaseFailure("only legacy names have async functions") }
            let names: DummyModule.Names =
                options["--async-callback"] != nil
                ? .legacyCallback : options["--async-stackful"] != nil ? .legacyStackful : isLegacy ? .legacy : .current
            module = try DummyModule.module(for: world, of: graph, names: names)
        } else if case .binary(let bytes) = output {
            module = bytes
        }
        let embedded = try ComponentTypeSection.embed(world, of: graph, in: module)
        // Merging refuses worlds that contradict each other.
        _ = try WITDecoder.decode(embedded)
        return .binary(embedded)
    }

    private func componentize(_ options: Options) throws -> Output {
        guard case .binary(let module) = output else { throw CaseFailure("there is no core module to componentize") }
        var choices = Componentizer.Options()
        choices.emitsCanonicalNames = options["--emit-canonical-names"] != nil
        choices.mergesImportVersions = options["--merge-imports-based-on-semver"] != "false"
        choices.rejectsLegacyNames = options["--reject-legacy-names"] != nil
        choices.usesReturnCallReference = options["--return-call-ref"] != nil
        return .binary(try Componentizer.component(of: module, options: choices))
    }

    private func unbundle(_ options: Options) throws -> Output {
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: input)))
        let threshold = options["--threshold"].flatMap { Int($0) } ?? 4_096
        // Valid, and the modules are those that were in it; the recorded output is text.
        let unbundled = try UnbundledComponent(bytes, threshold: threshold)
        let expected = try ComponentDecoder.decode(bytes).coreModules.map { Array(bytes[$0]) }
        guard unbundled.modules.map(\.bytes) == expected.filter({ $0.count >= threshold }) else {
            throw CaseFailure("other modules were taken out than were in it")
        }
        for module in unbundled.modules {
            let file = URL(fileURLWithPath: scratch).appendingPathComponent(module.name + ".wasm")
            try Data(module.bytes).write(to: file)
        }
        return options["-t"] != nil || options["--wat"] != nil
            ? try Self.printed(unbundled.component) : .binary(unbundled.component)
    }

    private func print(_ options: Options) throws -> Output {
        switch options.file {
        case nil:
            guard case .binary(let bytes) = output else { throw CaseSkipped("needs a binary on standard input") }
            return try Self.printed(bytes)
        case "%": return try Self.printed(Array(try Data(contentsOf: URL(fileURLWithPath: input))))
        case let name?:
            let path = name.replacing("%tmpdir", with: scratch)
            return try Self.printed(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        }
    }

    private func strip(_ options: Options) throws -> Output {
        guard case .binary(let bytes) = output else { throw CaseSkipped("needs a binary on standard input") }
        let stripped = try CustomSections.removed(from: bytes, where: CustomSections.isNotNeeded)
        return options["-t"] != nil ? try Self.printed(stripped) : .binary(stripped)
    }

    private static func printed(_ bytes: [UInt8]) throws -> Output {
        .printed(String(decoding: try bytes.withUnsafeBytes { try BinaryText.print($0) }, as: UTF8.self), of: bytes)
    }

    private func checkSuccessor(_ options: Options) throws -> Output {
        let (graph, root, _) = try packages(options)
        let old = try graph.world(options["--prev"], in: root)
        let new = try graph.world(options["--new"], in: root)
        let found = try graph.incompatibilities(of: new, in: graph, withPredecessor: old)
        guard found.isEmpty else { throw CaseFailure(found.map(\.description).joined(separator: "; ")) }
        return .nothing
    }

    private func validate(_ options: Options) throws -> Output {
        guard case .binary(let bytes) = output else { throw CaseSkipped("needs a binary on standard input") }
        var features = ComponentFeatures.standard
        for name in options["-f"]?.split(separator: ",") ?? [] {
            if let known = ComponentFeatures.names.first(where: { $0.name == name }) { features.insert(known.feature) }
        }
        try WITTexts.validate(bytes, features: features)
        return .nothing
    }
}

extension WITPipeline {
    /// The words behind a verb.
    struct Options {
        let words: [String]
        /// Options that take the next word.
        private static let taking: Set<String> = [
            "--world", "-w", "--features", "--importize-world", "--importize-out-world-name", "--exportize-world",
            "--exportize-out-world-name", "--exportize-import", "--merge-world-imports-based-on-semver", "--out-dir",
            "--prev", "--new", "-f", "--dummy-names", "--generate-nominal-type-ids", "--module-dir", "--threshold",
        ]
        /// The first word that is not an option.
        private(set) var file: String?
        private var values: [String: String] = [:]

        init(_ words: some Sequence<String>) {
            self.words = Array(words)
            var rest = self.words[...]
            while let word = rest.popFirst() {
                if Self.taking.contains(word) {
                    values[word] = rest.popFirst().map {
                        $0 != "%tmpdir" && $0.hasPrefix("%") ? String($0.dropFirst()) : $0
                    }
                } else if word.hasPrefix("-") {
                    let parts = word.split(separator: "=", maxSplits: 1)
                    values[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
                } else if file == nil {
                    file = word
                }
            }
        }

        /// The value of an option, empty for a flag; `nil` when it is not given.
        subscript(name: String) -> String? { values[name] }

        var features: WITFeatures {
            if values["--all-features"] != nil { return .all }
            return .only(values["--features"]?.split(separator: ",").map(String.init) ?? [])
        }
    }
}
