// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
package import DovetailWITBinary
package import DovetailWITReader

/// One run of the generator: what is read, which worlds are meant, and where the bindings go. `dovetail bindgen` and the tool that
/// the build plugins run make it of their arguments.
package struct BindgenRequest {
    /// How errors in WIT texts are shown.
    package enum DiagnosticStyle: String, CaseIterable, Sendable {
        /// With the line and a caret under the place.
        case caret
        /// One line each, `file:line:column: error: …`, as build systems read them.
        case xcode
    }

    /// The path of WIT, or of a component; a component's may be `-` for standard input.
    package var wit: String?
    /// The path of a component, when there is no WIT.
    package var component: String?
    /// The worlds by name; empty for the only one there is.
    package var worlds: [String] = []
    /// The features whose items are seen.
    package var features: [String] = []
    /// Whether everything `@unstable` is seen.
    package var allFeatures = false
    /// How errors in WIT are shown.
    package var diagnostics = DiagnosticStyle.caret
    /// The folder for a file of each world.
    package var outDir: String?
    /// The file for all worlds, when there is no folder; `-` for standard output.
    package var outFile: String?
    /// Whether files are only compared.
    package var check = false
    /// How bindings are written.
    package var options = BindgenOptions()

    /// A request for nothing yet.
    package init() {}

    /// What the paths lack, as a sentence; `nil` when they will do.
    package var misuse: String? {
        if (wit == nil) == (component == nil) {
            return "expected either `--wit` or a component, found \(wit == nil ? "neither" : "both")"
        }
        if (outDir == nil) == (outFile == nil) {
            return "expected either `--out-dir` or `--out-file`, found \(outDir == nil ? "neither" : "both")"
        }
        return nil
    }

    /// Generates, and writes or compares the files.
    ///
    /// - Throws: what is wrong with the input, or with the file system; ``DiagnosticLines`` for errors in WIT that build systems read.
    package func run(_ services: BindgenServices) throws {
        let input = try BindgenInput.read(
            wit: wit, component: component, features: allFeatures ? .all : .only(features), style: diagnostics,
            services)
        let worlds = try input.worlds(worlds)
        var files: [(path: String, text: String)] = []
        if let outFile {
            files = [(outFile, try Bindgen.generate(worlds, of: input.graph, options: options, write: services.write))]
        } else if let outDir {
            let written =
                try services.files?(worlds, input.graph, options)
                ?? Bindgen.generateFiles(worlds, of: input.graph, options: options, write: services.write)
            files = written.map { (outDir + "/" + $0.name, $0.text) }
        }
        for file in files {
            if file.path == "-" {
                try services.print(file.text)
            } else if check {
                try OutputFile.check(file.path, file.text, command: options.command)
            } else {
                try OutputFile.write(file.path, file.text)
            }
        }
    }
}

/// What a run of the generator takes from its surroundings. The build plugins' tool has the least of it: it is compiled anew in
/// each package.
package struct BindgenServices {
    /// Writes to standard output.
    package let print: (String) throws -> Void
    /// Translates WebAssembly text, given with its file's name, into the binary format.
    package var assemble: ((_ text: [UInt8], _ name: String) throws -> [UInt8])?
    /// Refuses components that break a rule.
    package var check: WITDecoder.Check?
    /// Writes declarations in Swift.
    package var write: Bindgen.Writer = Bindgen.host
    /// Writes the files of worlds in another language, with their names.
    package var files:
        (
            (_ worlds: [WorldID], _ graph: PackageGraph, _ options: BindgenOptions) throws -> [(
                name: String, text: String
            )]
        )?

    /// Makes services that only print.
    package init(print: @escaping (String) throws -> Void) { self.print = print }
}

/// Errors in WIT as lines for build systems; nothing else is to be printed.
package struct DiagnosticLines: Error {
    /// The lines, each with its end.
    package let text: String
}

extension BindgenOptions {
    /// Names of interfaces out of `ns:pkg/iface=name`, which an option was given.
    ///
    /// - Throws: ``BindgenError`` for another form.
    package static func names(_ texts: [String], for option: String) throws(BindgenError) -> [String: String] {
        try pairs(texts, "ns:pkg/iface=name", option)
    }

    /// Types that exist out of `ns:pkg/iface=Module.Type`.
    ///
    /// - Throws: ``BindgenError`` for another form.
    package static func types(_ texts: [String]) throws(BindgenError) -> [String: String] {
        try pairs(texts, "ns:pkg/iface=Module.Type", "--with")
    }

    private static func pairs(
        _ texts: [String], _ form: String, _ option: String
    ) throws(BindgenError) -> [String: String] {
        var pairs: [String: String] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].contains(":") else {
                throw BindgenError.badPair(text, form: form, for: option)
            }
            pairs[String(parts[0])] = String(parts[1])
        }
        return pairs
    }

    /// Makes functions `async`: `all` of them, or those with these names.
    package mutating func makeAsync(_ names: [String]) {
        if names == ["all"] {
            async = .all
        } else if !names.isEmpty {
            async = .named(Set(names))
        }
    }
}
