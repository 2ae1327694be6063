// SPDX-License-Identifier: Apache-2.0

import Dovetail
package import DovetailArguments
import DovetailBinary
import DovetailSystem
import DovetailTypes

/// `dovetail validate FILE`
package struct ValidateCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check whether a component or core module is valid, and say why not.",
        discussion: """
            Nothing is printed for a valid file. An error says at which offset and in which definition it is, and the exit \
            code is 1. Features are those that `dovetail run` runs unless `--features` says otherwise; `inspect`, `wit` and \
            `bindgen` read components with all of them. The names are the ones that wasm-tools has. `run` runs \
            \(Self.names(where: { $0 })); it does not run \(Self.names(where: { !$0 })), nor resources represented by an `i64`. \
            `all` stands for every feature.
            """,
        examples: [
            .init("dovetail validate hello.wasm", "Silence, or an error."),
            .init("dovetail validate --features all hello.wasm", "Allow every feature."),
            .init("dovetail validate --features=-cm-async hello.wasm", "Allow all but one feature."),
        ])

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Features to allow, or with `-` in front to forbid; comma-separated, may be repeated.", valueName: "names"))
    var features: [String] = []

    @Argument(help: "The file.", completion: .file(extensions: ["wasm"])) var file: String

    package init() {}

    /// The names of the features that `run` runs, or does not.
    private static func names(where isIncluded: (Bool) -> Bool) -> String {
        ComponentFeatures.names
            .filter { isIncluded(!ComponentFeatures.supported.isDisjoint(with: $0.feature)) }
            .map { "`\($0.name)`" }.joined(separator: ", ")
    }

    package func run() throws {
        let features = try selection()
        let input = try WasmFile(file).binary()
        try input.contents.withBytes { buffer throws in
            switch input.kind {
            case .component: try component(input.name, buffer, features)
            case .coreModule: try module(input.name, 0..<buffer.count, in: buffer)
            default: throw input.notWasm()
            }
        }
    }

    private func component(_ name: String, _ bytes: UnsafeRawBufferPointer, _ features: ComponentFeatures) throws {
        let binary: ComponentBinary
        do throws(BinaryError) {
            binary = try ComponentDecoder.decode(bytes)
            _ = try ComponentValidator.validate(binary, bytes: bytes, features: features)
        } catch {
            throw WasmFile.Failure(description: "\(name): \(error)")
        }
        for range in Self.modules(of: binary) { try module(name, range, in: bytes) }
    }

    /// What is inside of a core module is the engine's to judge.
    private func module(_ name: String, _ range: Range<Int>, in bytes: UnsafeRawBufferPointer) throws {
        do throws(EngineError) {
            try CoreModule.validate(engine: try Engine(), bytes: UnsafeRawBufferPointer(rebasing: bytes[range]))
        } catch {
            let place =
                range.lowerBound == 0 ? "" : "in the core module at offset 0x\(String(range.lowerBound, radix: 16)): "
            throw WasmFile.Failure(description: "\(name): \(place)\(error)")
        }
    }

    private static func modules(of binary: ComponentBinary) -> [Range<Int>] {
        binary.definitions.flatMap { definition -> [Range<Int>] in
            switch definition.value {
            case .coreModule(let range): [range]
            case .component(let nested): modules(of: nested)
            default: []
            }
        }
    }

    private func selection() throws -> ComponentFeatures {
        var result = ComponentFeatures.supported
        for word in features.flatMap({ $0.split { $0 == "," || $0 == " " } }) {
            let isOff = word.hasPrefix("-")
            let name = isOff ? String(word.dropFirst()) : String(word)
            let feature: ComponentFeatures
            if name == "all" {
                feature = .all
            } else if let known = ComponentFeatures.names.first(where: { $0.name == name }) {
                feature = known.feature
            } else {
                let near = NameSuggestion.nearest(to: name, among: ComponentFeatures.names.map(\.name))
                throw ValidationError(
                    "there is no feature `\(name)`" + (near.map { ", did you mean `\($0)`?" } ?? "; see `--help`"))
            }
            if isOff { result.subtract(feature) } else { result.formUnion(feature) }
        }
        return result
    }
}
