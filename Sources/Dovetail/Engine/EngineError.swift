// SPDX-License-Identifier: Apache-2.0

/// Why the engine, libwasmtime, cannot be used.
public struct EngineError: Error, Sendable, CustomStringConvertible {
    /// The class of an ``EngineError``.
    public struct Code: Hashable, Sendable {
        enum Kind: Hashable { case missing, damaged, configuration, compilation, notACoreModule, text, artefact }
        let kind: Kind
        /// There is no library where Dovetail looks for it.
        public static let missing = Code(kind: .missing)
        /// The library cannot be loaded or is of another version.
        public static let damaged = Code(kind: .damaged)
        /// The engine refuses its configuration.
        public static let configuration = Code(kind: .configuration)
        /// The engine refuses a core module.
        public static let compilation = Code(kind: .compilation)
        /// The bytes are a component or something else.
        public static let notACoreModule = Code(kind: .notACoreModule)
        /// WebAssembly text does not parse.
        public static let text = Code(kind: .text)
        /// A file of compiled code is damaged, or was made for another engine.
        public static let artefact = Code(kind: .artefact)
    }

    /// What kind of error it is.
    public let code: Code
    /// What is wrong and what to do about it.
    public let message: String

    /// The message.
    public var description: String { message }

    static let remedy = "run `Scripts/fetch-engine` in Dovetail's folder, or set DOVETAIL_ENGINE to the library's path"

    static func missing(_ places: [String]) -> EngineError {
        EngineError(
            code: .missing,
            message: "libwasmtime was not found (looked at \(places.joined(separator: ", "))); \(remedy)")
    }

    static func damaged(_ path: String, _ reason: String) -> EngineError {
        EngineError(code: .damaged, message: "cannot load the engine from \(path): \(reason); \(remedy)")
    }

    static func configuration(_ reason: String) -> EngineError {
        EngineError(code: .configuration, message: "the engine refuses its configuration: \(reason)")
    }

    static func otherEngine() -> EngineError {
        EngineError(
            code: .configuration,
            message: "component and store belong to different engines; make both with the same one")
    }

    static func notACoreModule(_ found: String) -> EngineError {
        EngineError(code: .notACoreModule, message: "expected a core module, found \(found)")
    }

    static func text(_ reason: String) -> EngineError { EngineError(code: .text, message: reason) }

    static func artefact(_ reason: String) -> EngineError { EngineError(code: .artefact, message: reason) }

    static func truncated(_ name: String) -> EngineError {
        .artefact("`\(name)` is truncated; compile it again with `dovetail compile`")
    }

    static func damaged(_ name: String) -> EngineError {
        .artefact("`\(name)` is damaged: its checksum does not fit; compile it again with `dovetail compile`")
    }

    static func compilation(_ reason: String) -> EngineError {
        EngineError(code: .compilation, message: "a core module does not compile: \(reason)")
    }
}
