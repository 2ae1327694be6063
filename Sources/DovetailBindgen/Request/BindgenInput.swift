// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailWITBinary
import DovetailWITReader

/// What bindings are generated from: a package graph, however it came about.
struct BindgenInput {
    var graph: PackageGraph
    var root: PackageID
    /// The world of a component, which has no name of its own choosing.
    var onlyWorld: WorldID?

    /// Reads WIT or a component.
    static func read(
        wit: String?, component: String?, features: WITFeatures, style: BindgenRequest.DiagnosticStyle,
        _ services: BindgenServices
    ) throws -> BindgenInput {
        if let component { return try read(component: component, services) }
        guard let wit else { throw BindgenError(code: .input, message: "expected `--wit` or a component") }
        if wit.hasSuffix(".wasm") || wit.hasSuffix(".wat") { return try read(component: wit, services) }
        do {
            let resolution = try WIT.resolve(
                try WITLoader.load(wit), features: features,
                binaryReader: WITBinaryReader(parseText: services.assemble) { bytes in
                    let decoded = try bytes.withUnsafeBytes { try WITDecoder.decode($0, checking: services.check) }
                    return (decoded.graph, decoded.package)
                })
            return BindgenInput(graph: resolution.graph, root: resolution.root)
        } catch {
            guard style == .xcode, error.code != .loading else { throw error }
            throw DiagnosticLines(text: error.diagnostics.map { Self.line($0, error.sources) + "\n" }.joined())
        }
    }

    /// `file:line:column: error: message`, with notes on lines of their own.
    static func line(_ diagnostic: Diagnostic, _ sources: SourceMap) -> String {
        func place(_ span: SourceSpan?) -> String {
            guard let span, sources.files.indices.contains(span.file),
                let position = sources.position(of: span.start, in: span.file)
            else { return "" }
            return "\(sources.files[span.file].name):\(position.line):\(position.column): "
        }
        let label = diagnostic.label.map { "; \($0)" } ?? ""
        var text = "\(place(diagnostic.span))\(diagnostic.severity.rawValue): \(diagnostic.message)\(label)"
        for note in diagnostic.notes { text += "\n\(place(note.span))note: \(note.message)" }
        return text
    }

    private static func read(component path: String, _ services: BindgenServices) throws -> BindgenInput {
        var bytes = try OutputFile.read(path)
        if bytes.withUnsafeBytes({ BinaryKind($0) }) == .text {
            guard let assemble = services.assemble else { throw BindgenError.text(path) }
            bytes = try assemble(bytes, path == "-" ? "<stdin>" : path)
        }
        do {
            var decoded = try bytes.withUnsafeBytes { try WITDecoder.decode($0, checking: services.check) }
            // The world of a component is called `root`; its file's name tells more.
            if decoded.source == .component, let world = decoded.world {
                let file = path.split(separator: "/").last ?? Substring(path)
                let stem = file.split(separator: ".").first ?? file
                let words = stem.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
                let name = words.joined(separator: "-").lowercased()
                if let first = name.first, first.isLetter { decoded.graph[world].name = name }
            }
            return BindgenInput(graph: decoded.graph, root: decoded.package, onlyWorld: decoded.world)
        } catch {
            throw BindgenError(
                code: .input, message: "cannot read `\(path)`: \(error)", where: path, cause: error)
        }
    }

    /// The worlds that are meant.
    func worlds(_ names: [String]) throws -> [WorldID] {
        if names.isEmpty {
            if let onlyWorld { return [onlyWorld] }
            return [try Bindgen.world(nil, in: graph, root: root)]
        }
        return try names.map { try Bindgen.world($0, in: graph, root: root) }
    }
}
